import fc from 'fast-check';
import { keyText, matchesQuery } from '../../../lambdas/runtime/ledger/request-matching';
import { requestOf } from '../../support/requests';

const RESOLVED = {
  principal: { type: 'USER', id: 'u-1', name: 'bob', email: 'bob@example.com' },
  permissionSet: { arn: 'arn', name: 'ReadOnlyAccess', sessionMs: 1 },
  accounts: [],
  at: 0,
} as const;

describe('matchesQuery', () => {
  test.each(['robert@example.com', 'ROBERT@example.com', 'bob', 'Bob@Example.com', 'U-1'])(
    'knows a principal as %s',
    (name) => {
      const request = requestOf({ principal: { user: 'robert@example.com' } }, { resolved: RESOLVED });

      expect(matchesQuery(request, { by: 'principal', name })).toBe(true);
      expect(matchesQuery(request, { by: 'principal', name: `${name}x` })).toBe(false);
    },
  );

  test('knows a ticket by its id in any case, and its system where one is asked for', () => {
    const request = requestOf({ ticket: { system: 'jira', id: 'PAY-1' } });

    expect(matchesQuery(request, { by: 'ticket', id: 'pay-1' })).toBe(true);
    expect(matchesQuery(request, { by: 'ticket', system: 'jira', id: 'PAY-1' })).toBe(true);
    expect(matchesQuery(request, { by: 'ticket', system: 'servicenow', id: 'PAY-1' })).toBe(false);
  });

  test('does not find a request without a ticket by one', () => {
    expect(matchesQuery(requestOf({ ticket: undefined }), { by: 'ticket', id: 'PAY-1' })).toBe(false);
  });

  test('goes by the present status, not by the one that the index had', () => {
    expect(matchesQuery(requestOf({}, { status: 'ended' }), { by: 'status', status: 'active' })).toBe(false);
  });
});

describe('keyText', () => {
  test('fits into a key whatever the name, and is one for all cases of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 1_100 }), (name) => {
        expect(Buffer.byteLength(keyText(name))).toBeLessThanOrEqual(512);
        expect(keyText(name)).toBe(keyText(name.toLowerCase()));
      }),
    );
  });

  test('tells long names apart that differ at their end alone', () => {
    expect(keyText(`${'x'.repeat(1_000)}a`)).not.toBe(keyText(`${'x'.repeat(1_000)}b`));
  });
});
