/** 2026-12-01T08:00:00Z: the present of these tests. */
export const NOW = Date.UTC(2026, 11, 1, 8, 0, 0);

/** A body in which everything is right; tests change what they are about. */
export function rightBody(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    ticket: { system: 'servicenow', id: 'RITM0012345' },
    requestedBy: { user: 'alice@example.com' },
    principal: { user: 'alice@example.com' },
    permissionSet: 'ReadOnlyAccess',
    target: { account: '333344445555' },
    startsAt: '2026-12-01T08:00:00Z',
    duration: 'PT4H',
    justification: 'Investigating payment failures',
    ...changes,
  };
}

/** The body without some of its fields. */
export function bodyWithout(...keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(rightBody()).filter(([key]) => !keys.includes(key)));
}
