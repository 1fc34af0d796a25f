import { CreateUserCommand, DeleteUserCommand, IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { parse } from 'yaml';
import { askForReconciliation } from '../../core/reconcile/ask';
import type { ReconcileScope } from '../../core/reconcile/scope';
import { ReadingItems } from '../../lambdas/runtime/ledger/reading-items';
import { ReconcileItem } from '../../lambdas/runtime/ledger/reconcile-item';
import { LedgerTable } from '../../lambdas/runtime/ledger/table';
import { SharedReading } from '../../lambdas/runtime/shared-reading';
import type { AccessTexts } from './access-folder';
import { complaints, grantNamed, type GrantStory, type GrantWorld } from './grant-world';
import { addAccount, type NewAccount, sendEvent, UNITS, vendingEvents } from './new-accounts';
import { provisionPorts } from './provision-ports';
import { ticket } from './test-app';

const SET = 'ReadOnlyAccess';

/**
 * Rules whose principals are named in every way, and one of a permission set that is not there: it has all sets listed whenever the rules are
 * looked up. None means an account of the organization file.
 */
export const ACCESS_OF_BASELINE_STORIES: AccessTexts = {
  baselines: `guard: { most: 1000, percent: 100 }
baselines:
  - name: by-name
    description: A group by its name
    principal: { group: Payments }
    permissionSets: [${SET}]
    target: { tag: { rules: mean } }
  - name: by-id
    description: A group by its id
    principal: { groupId: 7a2f1b20-2d3c-4b4e-9f50-1b2c3d4e5f03 }
    permissionSets: [${SET}]
    target: { tag: { rules: mean } }
  - name: by-address
    description: A user by an e-mail address
    principal: { user: erin@example.com }
    permissionSets: [${SET}, NotRolledOut]
    target: { tag: { rules: mean } }
`,
};

/** No rule means such an account. */
const UNTOUCHED = { tags: {} };

const EVERYBODY = ['Payments', 'Security', 'erin'];

/** Between two sweeps of accounts, in milliseconds. */
const QUARTER = 15 * 60_000;

let plays = 0;

/** A unit that no picture of the organization has. */
function newUnit({ app }: GrantWorld): string {
  plays += 1;
  const id = `ou-k3f9-${String(plays).padStart(8, '0')}`;
  app.runtime.simulator.world.tree.addUnit({ id, name: `Play ${plays}`, parentId: UNITS.dev });
  return id;
}

/** An account that no play had before; nobody is told of it. */
function newAccount(
  { app }: GrantWorld,
  { tags = { rules: 'mean' }, unit = UNITS.dev }: Partial<Pick<NewAccount, 'tags'>> & { unit?: string } = {},
): string {
  plays += 1;
  const id = String(800_000_000_000 + plays);
  addAccount(app, { id, name: `play-${plays}`, tags }, unit);
  return id;
}

function hasWhatRulesGive({ app }: GrantWorld, accountId: string): boolean {
  return EVERYBODY.every((name) => app.has(name, SET, accountId));
}

/** Whoever needs rules or organization next has to read them. */
async function outdateReadings({ app }: GrantWorld): Promise<void> {
  const { clock } = provisionPorts(app);
  const items = new ReadingItems(new LedgerTable());
  const observer = { note: () => undefined, warn: () => undefined, measure: () => undefined };
  for (const part of ['RULES', 'PICTURE'] as const)
    await new SharedReading(part, items, clock, observer).outdate();
}

/** A second after a sweep of the minute, with none of accounts at the same time: whoever needs a reading now reads it. */
async function begin(world: GrantWorld): Promise<void> {
  const { clock } = world.app.runtime;
  await world.pastTheSweep();
  if (clock.now() % QUARTER < 60_000) await world.pastTheSweep();
  await outdateReadings(world);
}

function reconcilePorts({ app }: GrantWorld) {
  const { clock, workflows } = provisionPorts(app);
  return { clock, workflows, reconciliations: new ReconcileItem(new LedgerTable()) };
}

/** Gives a permission set to a group, as in the console. */
function giveByHand({ app }: GrantWorld, accountId: string): { readonly permissionSetArn: string } {
  const { runtime, organization } = app;
  const { arn: permissionSetArn = '' } = organization.permissionSets.find(({ name }) => name === SET) ?? {};
  const { id: principalId = '' } =
    organization.groups.find(({ displayName }) => displayName === 'Finance') ?? {};
  runtime.simulator.addAssignmentByHand({ accountId, permissionSetArn, principalType: 'GROUP', principalId });
  return { permissionSetArn };
}

/** Has everything compared, right after a sweep, and answers what became of it. */
async function walk(world: GrantWorld, scope: ReconcileScope, duration: string) {
  const ports = reconcilePorts(world);
  // As if a day had gone by since listing by principal was refused.
  const { refusedByPrincipalAt: _longAgo, ...record } = await ports.reconciliations.read();
  await ports.reconciliations.write(record);
  await begin(world);
  await askForReconciliation(ports, scope);
  await world.app.advance(duration);
  const { last, walks } = await ports.reconciliations.read();
  return { last: last !== undefined && last.number > record.walks ? last : undefined, walks };
}

function identityStore({ app }: GrantWorld): IdentitystoreClient {
  return new IdentitystoreClient({
    endpoint: app.runtime.endpoint,
    region: app.organization.instance.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

/** What Latchkey does with rules, and about what others change, each with the help of grants that the others do not need. */
export const BASELINE_STORIES = {
  'a new account has what the rules give': async (world) => {
    await begin(world);
    const unit = newUnit(world);
    const id = newAccount(world, { unit });
    for (const event of vendingEvents(world.app, id, unit)) await sendEvent(world.app, event);
    await world.app.advance('PT55S');
    return complaints({
      'somebody has no access': !hasWhatRulesGive(world, id),
      'it is not announced': !world.eventsOfAccount(id).includes('AccountBaselined'),
    });
  },
  'an account that no event told of is found': async (world) => {
    const id = newAccount(world);
    const { clock } = world.app.runtime;
    const untilTick = QUARTER - (clock.now() % QUARTER);
    await clock.advance((untilTick > 5_000 ? untilTick : untilTick + QUARTER) - 5_000);
    await outdateReadings(world);
    await world.app.advance('PT55S');
    return complaints({ 'somebody has no access': !hasWhatRulesGive(world, id) });
  },
  'what a deleted user had ends': async (world) => {
    plays += 1;
    const userName = `play-${plays}`;
    const client = identityStore(world);
    const { identityStoreId: IdentityStoreId } = world.app.organization.instance;
    const { UserId } = await client.send(
      new CreateUserCommand({
        IdentityStoreId,
        UserName: userName,
        DisplayName: userName,
        Name: { GivenName: 'Play', FamilyName: 'Er' },
      }),
    );
    await world.pastTheSweep();
    const asked = await world.ask({ principal: { user: userName } });
    await world.app.advance('PT20S');
    const before = await world.status(asked);
    await world.pastTheSweep();
    await client.send(new DeleteUserCommand({ IdentityStoreId, UserId }));
    await world.app.advance('PT55S');
    const isThere = world.app.runtime.simulator
      .assignments()
      .some(({ principalId }) => principalId === UserId);
    return complaints({ 'it was not granted': before !== 'active', 'access is still there': isThere });
  },
  'a change that leads to no look is kept as a dead letter': async (world) => {
    const before = await world.deadLetters('FunctionsChangeDeadLetters');
    const giveBack = world.app.runtime.authorization.without(
      grantNamed(world.app, 'NoticeChange LedgerItems'),
    );
    const [event] = vendingEvents(world.app, newAccount(world), UNITS.dev);
    if (event !== undefined) await sendEvent(world.app, event);
    await world.app.advance('PT5M');
    giveBack();
    await world.app.advance('PT1M');
    return complaints({ 'it is not': (await world.deadLetters('FunctionsChangeDeadLetters')) === before });
  },
  'what a request and what rules would do is planned': async (world) => {
    await begin(world);
    // Not before: a sweep of accounts on the way would give what the plan is to tell.
    const account = newAccount(world);
    const baselines = parse(ACCESS_OF_BASELINE_STORIES.baselines ?? '') as object;
    const plans = [{ baselines }, ticket({ target: { account } })].map((body) =>
      world.app.post('/plans', body),
    );
    await world.app.advance('PT25S');
    const [ofRules, ofRequest] = (await Promise.all(plans)).map(({ body }) => body);
    return complaints({
      'what the rules would open is not told': !JSON.stringify(ofRules?.operations ?? []).includes(account),
      'it is told by an old picture':
        (ofRules?.organization as { stale?: boolean } | undefined)?.stale !== false,
      'what the request would come to is not told': ofRequest?.outcome !== 'allowed',
    });
  },
  'rules are applied to every account': async (world) => {
    const id = newAccount(world);
    await begin(world);
    await askForReconciliation(reconcilePorts(world), { claims: true });
    await world.app.advance('PT55S');
    return complaints({ 'somebody has no access': !hasWhatRulesGive(world, id) });
  },
  'what somebody assigned beside Latchkey is told': async (world) => {
    const accountId = newAccount(world, UNTOUCHED);
    await begin(world);
    const { permissionSetArn } = giveByHand(world, accountId);
    await askForReconciliation(reconcilePorts(world), { places: [{ accountId, permissionSetArn }] });
    await world.app.advance('PT55S');
    return complaints({
      'it is not': !world.eventsOfAccount(accountId).includes('AssignmentDriftFound'),
    });
  },
  'a walk by principals comes to its end': async (world) => {
    giveByHand(world, newAccount(world, UNTOUCHED));
    const { last } = await walk(world, { walk: 'principals' }, 'PT55S');
    return complaints({
      'it did not': last?.outcome !== 'done',
      'another walk took its place': last?.walk !== 'principals' || (await isRefused(world)),
      'what was assigned by hand was not found': (last?.found.unknown ?? 0) === 0,
    });
  },
  'a walk through every permission set comes to its end': async (world) => {
    giveByHand(world, newAccount(world, UNTOUCHED));
    const { last } = await walk(world, { walk: 'complete' }, 'PT3M');
    return complaints({
      'it did not': last?.outcome !== 'done' || last.walk !== 'complete',
      'what was assigned by hand was not found': (last?.found.unknown ?? 0) === 0,
    });
  },
} as const satisfies Readonly<Record<string, GrantStory>>;

async function isRefused(world: GrantWorld): Promise<boolean> {
  return (await reconcilePorts(world).reconciliations.read()).refusedByPrincipalAt !== undefined;
}

const VENDED = 'a new account has what the rules give';
const FOUND = 'an account that no event told of is found';
const HEALED = 'what a deleted user had ends';
const PLANNED = 'what a request and what rules would do is planned';
const APPLIED = 'rules are applied to every account';
const TOLD = 'what somebody assigned beside Latchkey is told';
const BY_PRINCIPALS = 'a walk by principals comes to its end';
const COMPLETE = 'a walk through every permission set comes to its end';

/** As `STORY_OF_GRANT`, for the roles of baselines and reconciliations. */
export const STORY_OF_BASELINE_GRANT: Readonly<Record<string, keyof typeof BASELINE_STORIES>> = {
  'AdvanceBaseline LedgerItems': VENDED,
  'AdvanceBaseline ListOrganization': VENDED,
  'AdvanceBaseline ListUnits': VENDED,
  'AdvanceBaseline PublishResults': VENDED,
  'AdvanceBaseline ReadAccountTags': VENDED,
  'AdvanceBaseline ReadAccounts': VENDED,
  'AdvanceBaseline ReadDirectory': VENDED,
  'AdvanceBaseline ReadPermissionSets': VENDED,
  'AdvanceBaseline StartExecutions': VENDED,
  'AdvanceReconciliation LedgerIndexes': COMPLETE,
  'AdvanceReconciliation LedgerItems': APPLIED,
  'AdvanceReconciliation ListAccountsOfSets': COMPLETE,
  'AdvanceReconciliation ListAssignments': TOLD,
  'AdvanceReconciliation ListAssignmentsOfPrincipals': BY_PRINCIPALS,
  'AdvanceReconciliation ListGroups': BY_PRINCIPALS,
  'AdvanceReconciliation ListOrganization': APPLIED,
  'AdvanceReconciliation ListUnits': APPLIED,
  'AdvanceReconciliation PublishResults': TOLD,
  'AdvanceReconciliation ReadAccountTags': APPLIED,
  'AdvanceReconciliation ReadDirectory': APPLIED,
  'AdvanceReconciliation ReadPermissionSets': APPLIED,
  'AdvanceReconciliation StartExecutions': APPLIED,
  'Baseline OwnFunctions': VENDED,
  'NoticeChange DeadLetters': 'a change that leads to no look is kept as a dead letter',
  'NoticeChange LedgerIndexes': HEALED,
  'NoticeChange LedgerItems': VENDED,
  'NoticeChange ListOrganization': FOUND,
  'NoticeChange ListUnits': FOUND,
  'NoticeChange ReadAccountTags': FOUND,
  'NoticeChange ReadDirectory': HEALED,
  'NoticeChange ReadPermissionSets': FOUND,
  'NoticeChange StartExecutions': VENDED,
  'PlanAccess LedgerItems': PLANNED,
  'PlanAccess ListOrganization': PLANNED,
  'PlanAccess ListUnits': PLANNED,
  'PlanAccess ReadAccountTags': PLANNED,
  'PlanAccess ReadAccounts': PLANNED,
  'PlanAccess ReadDirectory': PLANNED,
  'PlanAccess ReadPermissionSets': PLANNED,
  'Reconcile OwnFunctions': APPLIED,
};
