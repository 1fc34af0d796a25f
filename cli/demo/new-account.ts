import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../bundle-functions';
import type { LocalApp } from '../local-app';
import type { RequestClient } from '../request-client';
import type { DemoAccess } from './permission-sets';
import type { Story } from './story';

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

const BASELINES = `baselines:
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
 * The chapter of the new account: rules are deployed; AWS Control Tower vends an account, which three events tell, one of them twice; it
 * moves to another unit, and its access follows; somebody assigns something by hand, and it is found.
 */
export async function tellOfNewAccount(
  app: LocalApp,
  access: DemoAccess,
  story: Story,
  client: RequestClient,
): Promise<AccountOutcome> {
  const { clock, simulator, eventPlaces } = app.runtime;
  const { tree } = simulator.world;
  let goOn = clock.hold('the chapter begins');
  writeFileSync(join(access.directory, 'baselines.yaml'), BASELINES);
  story.tell({
    at: clock.now(),
    from: 'Deploy',
    text: 'two rules: what groups have, by the unit of an account',
  });
  const applied = story.executionEnded('latchkey-reconcile');
  app.deploy();
  goOn();
  goOn = await applied;
  goOn();
  await story.ended();

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

  goOn = clock.hold('somebody assigns something');
  const found = story.executionEnded('latchkey-reconcile');
  const byHand = { account: ACCOUNT.name, permissionSet: 'BillingReadOnly', group: 'Finance' };
  story.tell({
    at: clock.now(),
    from: 'Console',
    text: `Finance / BillingReadOnly / ${ACCOUNT.name}: added by hand`,
  });
  simulator.addAssignmentByHand(simulator.world.resolve(byHand));
  goOn();
  goOn = await found;
  goOn();
  await story.ended();
  return outcome(app, client, story);
}

async function outcome({ runtime }: LocalApp, client: RequestClient, story: Story): Promise<AccountOutcome> {
  const { body } = await client.send('GET', '/reconciliations');
  const findings = (body as { readonly findings?: readonly Finding[] }).findings ?? [];
  const here = findings.filter(({ accountId }) => accountId === ACCOUNT.id);
  for (const { kind, principalType, permissionSetArn } of here) {
    const set = runtime.simulator.world.permissionSet(permissionSetArn)?.name ?? permissionSetArn;
    const text = `${kind}: a ${principalType.toLowerCase()} has ${set} in ${ACCOUNT.id}, and no claim says why`;
    story.tell({ at: runtime.clock.now(), from: 'Reconcile', text });
  }
  await story.ended();
  const access = runtime.simulator
    .assignments()
    .filter(({ accountId }) => accountId === ACCOUNT.id)
    .map(({ principalName = '', permissionSetName = '' }) => `${principalName} ${permissionSetName}`)
    .sort();
  return { access, findings: here.map(({ kind }) => kind) };
}

/** What is read of a finding of `GET /reconciliations`. */
interface Finding {
  readonly kind: string;
  readonly accountId: string;
  readonly permissionSetArn: string;
  readonly principalType: string;
}
