import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssignmentRow } from '../../local/identity-center/operation-views';
import { PROJECT_ROOT } from '../bundle-functions';
import type { LocalApp } from '../local-app';
import type { RequestClient } from '../request-client';
import type { Story } from './story';
import { describeAssignment } from './summary';

/** The account that is vended. */
const ACCOUNT = {
  id: '712345678904',
  name: 'payments-test',
  email: 'aws+payments-test@example.com',
} as const;

/** In which units it is, by the example organization's ids and paths. */
const DEV = { id: 'ou-k3f9-w0dev001', path: 'Workloads/Dev' } as const;
const PROD = { id: 'ou-k3f9-w0pr0d01', path: 'Workloads/Prod' } as const;

/** Files of `examples/events`, and the account that they are about there. */
const EVENTS = {
  created: 'create-account-result.json',
  moved: 'move-account.json',
  managed: 'control-tower-create-managed-account.json',
  account: '612345678903',
} as const;

/** What is deployed with the last permission sets. */
export const RULES = `baselines:
  - name: payments-develops
    description: The payments team builds where nothing is in production
    principal: { group: Payments }
    permissionSets: [PowerUserAccess]
    target: { ou: Workloads/Dev }
  - name: platform-looks
    description: The platform team looks at production
    principal: { group: Platform }
    permissionSets: [ReadOnlyAccess]
    target: { ou: Workloads/Prod }
`;

/** Assignments without those that the rules gave: what groups have beside what stood before. */
export function withoutRules(
  rows: readonly AssignmentRow[],
  before: readonly AssignmentRow[],
): readonly AssignmentRow[] {
  const stood = new Set(before.map(describeAssignment));
  return rows.filter((row) => row.principalType === 'USER' || stood.has(describeAssignment(row)));
}

/** How the chapter came out. */
export interface AccountOutcome {
  /** What groups have in the account at the end, by Identity Center. */
  readonly access: readonly string[];
  /** Findings of the reconciliation in the account, by the request API. */
  readonly findings: readonly string[];
}

/** Whether the chapter came out as it should: by the unit that the account is in now, and with what was added by hand. */
export function isAsVended({ access, findings }: AccountOutcome): boolean {
  return access.join() === 'Finance BillingReadOnly,Platform ReadOnlyAccess' && findings.join() === 'unknown';
}

/**
 * The chapter of the new account: AWS Control Tower vends an account, which three events tell, one of them twice; it
 * moves to another unit, and its access follows; somebody assigns something by hand, and it is found.
 */
export async function tellOfNewAccount(
  app: LocalApp,
  story: Story,
  client: RequestClient,
): Promise<AccountOutcome> {
  const { clock, simulator, eventPlaces } = app.runtime;
  const { tree } = simulator.world;
  const tell = (file: string, edit: (text: string) => string = (text) => text): void => {
    const text = readFileSync(join(PROJECT_ROOT, 'examples', 'events', file), 'utf8');
    eventPlaces.emit(JSON.parse(edit(text).replaceAll(EVENTS.account, ACCOUNT.id)));
  };
  const baselined = async (what: string, change: () => void): Promise<void> => {
    const leave = clock.hold(what);
    story.tell({ at: clock.now(), from: 'Organization', text: what });
    change();
    const reported = story.executionEnded('latchkey-account-baseline');
    leave();
    (await reported)();
    await story.ended();
  };

  await baselined(`Control Tower vends ${ACCOUNT.name} in ${DEV.path}`, () => {
    tree.addAccount({ ...ACCOUNT, state: 'ACTIVE', tags: {} });
    tree.moveAccount(ACCOUNT.id, DEV.id);
    tell(EVENTS.created);
    tell(EVENTS.moved);
    tell(EVENTS.managed);
    tell(EVENTS.managed);
  });
  await baselined(`${ACCOUNT.name} moves to ${PROD.path}`, () => {
    tree.moveAccount(ACCOUNT.id, PROD.id);
    tell(EVENTS.moved, (text) => text.replace(DEV.id, PROD.id));
  });

  let goOn = clock.hold('somebody assigns something');
  const byHand = { account: ACCOUNT.name, permissionSet: 'BillingReadOnly', group: 'Finance' };
  story.tell({
    at: clock.now(),
    from: 'Console',
    text: `Finance / BillingReadOnly / ${ACCOUNT.name}: added by hand`,
  });
  simulator.addAssignmentByHand(simulator.world.resolve(byHand));
  let findings: readonly Finding[] = [];
  // A reconciliation that was under way may have passed the place already: the next one looks there.
  for (let tries = 0; findings.length === 0 && tries < MOST_RECONCILIATIONS; tries += 1) {
    const ended = story.executionEnded('latchkey-reconcile');
    goOn();
    goOn = await ended;
    findings = await findingsIn(client, ACCOUNT.id);
  }
  for (const { kind, principalType, permissionSetArn } of findings) {
    const set = simulator.world.permissionSet(permissionSetArn)?.name ?? permissionSetArn;
    const text = `${kind}: a ${principalType.toLowerCase()} has ${set} in ${ACCOUNT.id}, and no claim says why`;
    story.tell({ at: clock.now(), from: 'Reconcile', text });
  }
  goOn();
  await story.ended();
  const given = simulator
    .assignments()
    .filter(({ accountId }) => accountId === ACCOUNT.id)
    .map(({ principalName = '', permissionSetName = '' }) => `${principalName} ${permissionSetName}`)
    .sort();
  return { access: given, findings: findings.map(({ kind }) => kind) };
}

const MOST_RECONCILIATIONS = 3;

async function findingsIn(client: RequestClient, account: string): Promise<readonly Finding[]> {
  const { body } = await client.send('GET', '/reconciliations');
  const { findings = [] } = body as { readonly findings?: readonly Finding[] };
  return findings.filter(({ accountId }) => accountId === account);
}

/** What is read of a finding of `GET /reconciliations`. */
interface Finding {
  readonly kind: string;
  readonly accountId: string;
  readonly permissionSetArn: string;
  readonly principalType: string;
}
