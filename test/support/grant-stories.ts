import { askForProvision } from '../../core/provisions/ask';
import { functionNamed } from './adversary';
import { BASELINE_STORIES, STORY_OF_BASELINE_GRANT } from './baseline-grant-stories';
import { complaints, grantNamed, type AskedFor, type GrantStory, type GrantWorld } from './grant-world';
import { provisionPorts } from './provision-ports';
import { ROLLOUT_STORIES, STORY_OF_ROLLOUT_GRANT } from './rollout-grant-stories';
import type { TicketBody } from './test-app';

async function revoke({ app }: GrantWorld, { id }: AskedFor): Promise<void> {
  await app.post(`/requests/${id}/revocation`, '');
}

/** Ids in one list of the request API. */
async function listed({ app }: GrantWorld, query: string): Promise<string[]> {
  const { body } = await app.get(`/requests?${query}`);
  return ((body.requests ?? []) as readonly { readonly id: string }[]).map(({ id }) => id);
}

/** Asks, and waits between two sweeps for as long as a grant takes. */
async function granted(world: GrantWorld, change: TicketBody = {}): Promise<AskedFor> {
  await world.pastTheSweep();
  const asked = await world.ask(change);
  await world.app.advance('PT20S');
  return asked;
}

/**
 * What Latchkey does, each with the help of grants that the others do not need. Time is measured between two sweeps, which
 * would repair what a function was not allowed.
 */
export const GRANT_STORIES = {
  'a ticket is granted in seconds': async (world) => {
    const asked = await granted(world);
    const found = complaints({
      'there is no access': !world.has(asked),
      'the request is not active': (await world.status(asked)) !== 'active',
      'it is not announced': world.eventsOf(asked).join() !== 'AccessRequested,AccessGranted',
    });
    await revoke(world, asked);
    return found;
  },
  'a request is found by its person': async (world) => {
    const asked = await granted(world);
    return complaints({
      'it is not in the list': !(await listed(world, `principal=${asked.place.user}`)).includes(asked.id),
    });
  },
  'what is revoked ends in seconds': async (world) => {
    const asked = await granted(world);
    await revoke(world, asked);
    await world.app.advance('PT20S');
    return complaints({
      'access is still there': world.has(asked),
      'the request is not over': (await world.status(asked)) !== 'ended',
    });
  },
  'what a request waits for is there before it waits': async (world) => {
    await world.pastTheSweep();
    // Its token is kept only by a later attempt, when whoever would have answered it has gone by.
    const giveBack = world.app.runtime.authorization.without(
      grantNamed(world.app, 'AwaitSignal LedgerItems'),
    );
    const asked = await world.ask();
    // Long enough for the grant, and too short for most retries, whose pauses double.
    await world.app.advance('PT6S');
    const before = { has: world.has(asked), status: await world.status(asked) };
    giveBack();
    await world.app.advance('PT40S');
    return complaints({
      'it waited before': !before.has || before.status !== 'granting',
      'the request is not active': (await world.status(asked)) !== 'active',
    });
  },
  'a group is granted access': async (world) => {
    await world.pastTheSweep();
    const groupId = world.app.organization.groups.find(({ displayName }) => displayName === 'Platform')?.id;
    const asked = [
      await world.ask({ principal: { group: 'Platform' } }),
      await world.ask({ principal: { groupId } }),
    ];
    await world.app.advance('PT20S');
    const statuses = await Promise.all(asked.map((each) => world.status(each)));
    return complaints({ 'a request is not active': statuses.join() !== 'active,active' });
  },
  'a ticket by unit and tag is granted by the organization as it is': async (world) => {
    // What another story has read would do without any call.
    await world.app.advance('PT16M');
    await world.pastTheSweep();
    const asked = await world.ask({
      target: { ou: 'Workloads/Prod/Analytics', except: { tag: { environment: 'none' } } },
    });
    await world.app.advance('PT30S');
    const { status, organization } = (await world.app.get(`/requests/${asked.id}`)).body;
    await revoke(world, asked);
    await world.app.advance('PT20S');
    return complaints({
      'the request is not active': status !== 'active',
      'it was resolved by an old picture': (organization as { stale?: boolean } | undefined)?.stale !== false,
    });
  },
  'many at once are followed by the lists': async (world) => {
    await world.pastTheSweep();
    const asked: AskedFor[] = [];
    while (asked.length < 4) asked.push(await world.ask());
    await world.app.advance('PT40S');
    const hadAccess = asked.every((each) => world.has(each));
    for (const each of asked) await revoke(world, each);
    await world.app.advance('PT50S');
    return complaints({
      'not all have access': !hadAccess,
      'not all lost it': asked.some((each) => world.has(each)),
    });
  },
  'a changed permission set is provisioned': async (world) => {
    const asked = [await granted(world), await granted(world), await granted(world), await granted(world)];
    const { simulator } = world.app.runtime;
    const targets = asked.map(({ place }) => simulator.world.resolve(place));
    for (const arn of new Set(targets.map(({ permissionSetArn }) => permissionSetArn)))
      simulator.changePermissionSet(arn);
    const ports = provisionPorts(world.app);
    for (const { accountId, permissionSetArn } of targets)
      await askForProvision(ports, { accountId, permissionSetArn });
    simulator.failNext({ operation: 'ProvisionPermissionSet', effect: 'lose-reply', times: 2 });
    await world.app.advance('PT2M');
    const sets = new Map(simulator.world.permissionSets().map(({ arn, version }) => [arn, version]));
    return complaints({
      'a role is not up to date': targets.some(
        ({ accountId, permissionSetArn }) =>
          simulator.world.provisioning.find(accountId, permissionSetArn)?.version !==
          sets.get(permissionSetArn),
      ),
    });
  },
  'a dispatcher with a long history hands over': async (world) => {
    await world.pastTheSweep();
    world.app.runtime.simulator.changeSettings({ createLatency: { kind: 'fixed', seconds: 40 } });
    await world.ask();
    await world.app.advance('PT10S');
    const [before] = await world.dispatchers();
    const name = functionNamed(world.app, 'AdvanceOperations');
    await world.app.runtime.lambda.invoke(name, { epoch: before, pass: 450 });
    await world.app.advance('PT1S');
    const after = await world.dispatchers();
    world.app.runtime.simulator.changeSettings({ createLatency: { kind: 'fixed', seconds: 2 } });
    await world.app.advance('PT50S');
    return complaints({ 'nobody follows': before === undefined || !after.includes(before + 1) });
  },
  'a request whose executions were stopped is taken up again': async (world) => {
    await world.pastTheSweep();
    const asked = await world.ask();
    await world.app.advance('PT1S');
    await world.app.stopAllExecutions();
    await world.app.advance('PT3M');
    return complaints({
      'there is no access': !world.has(asked),
      'the request is not active': (await world.status(asked)) !== 'active',
    });
  },
  'a revocation that woke nobody is noticed by the sweep': async (world) => {
    const asked = await granted(world);
    const giveBack = world.app.runtime.authorization.without(
      grantNamed(world.app, 'RequestApi AnswerTokens'),
    );
    await revoke(world, asked);
    giveBack();
    await world.app.advance('PT55S');
    return complaints({ 'access is still there': world.has(asked) });
  },
  'access that cannot be taken away is announced': async (world) => {
    const asked = await granted(world);
    world.app.runtime.simulator.faults.add({
      operation: 'DeleteAccountAssignment',
      effect: 'internal-error',
      share: 1,
    });
    await revoke(world, asked);
    await world.app.advance('PT17M');
    world.app.runtime.simulator.faults.clear();
    return complaints({ 'nobody is told': !world.eventsOf(asked).includes('RevokeOverdue') });
  },
  'the settings are compared with the instance': async (world) => {
    const before = world.logged.length;
    // Only a fresh one compares them within the hour.
    world.app.runtime.lambda.killWorkers(functionNamed(world.app, 'Sweep'));
    await world.app.advance('PT2M');
    const lines = world.logged.slice(before);
    return complaints({
      'the sweep did not run': lines.length === 0,
      'they were not': lines.some(({ line }) => line.includes('settings were not checked')),
    });
  },
  'a sweep that fails is kept as a dead letter': async (world) => {
    const before = await world.deadLetters('FunctionsSweepDeadLetters');
    const giveBack = world.app.runtime.authorization.without(grantNamed(world.app, 'Sweep LedgerIndexes'));
    await world.app.advance('PT5M');
    giveBack();
    await world.app.advance('PT1M');
    return complaints({ 'it is not': (await world.deadLetters('FunctionsSweepDeadLetters')) === before });
  },
  ...ROLLOUT_STORIES,
  ...BASELINE_STORIES,
} as const satisfies Readonly<Record<string, GrantStory>>;

/** The name of a story. */
export type GrantStoryName = keyof typeof GRANT_STORIES;

const GRANTED = 'a ticket is granted in seconds';
const BY_UNIT_AND_TAG = 'a ticket by unit and tag is granted by the organization as it is';
const REPAIRED = 'a request whose executions were stopped is taken up again';

/** By `<role> <statement>`: the story that is not as it should be without it. */
export const STORY_OF_GRANT: Readonly<Record<string, GrantStoryName>> = {
  'AccessRequest OwnFunctions': GRANTED,
  'AdvanceOperations AnswerTokens': GRANTED,
  'AdvanceOperations FollowAssignments': GRANTED,
  'AdvanceOperations LedgerIndexes': GRANTED,
  'AdvanceOperations LedgerItems': GRANTED,
  'AdvanceOperations ProvisionPermissionSets': 'a changed permission set is provisioned',
  'AdvanceOperations StartExecutions': 'a dispatcher with a long history hands over',
  'AdvanceOperations WriteAssignments': GRANTED,
  'Announce LedgerItems': GRANTED,
  'Announce PublishResults': GRANTED,
  'AwaitSignal AnswerTokens': 'what a request waits for is there before it waits',
  'AwaitSignal LedgerItems': GRANTED,
  'ChangeLeases LedgerItems': GRANTED,
  'ChangeLeases StartExecutions': GRANTED,
  'DecideRequest LedgerItems': GRANTED,
  'DecideRequest PublishResults': GRANTED,
  'Dispatcher OwnFunctions': GRANTED,
  'RequestApi AnswerTokens': 'what is revoked ends in seconds',
  'RequestApi LedgerIndexes': 'a request is found by its person',
  'RequestApi LedgerItems': GRANTED,
  'RequestApi StartExecutions': GRANTED,
  'ResolveRequest LedgerItems': GRANTED,
  'ResolveRequest ListOrganization': BY_UNIT_AND_TAG,
  'ResolveRequest ListUnits': BY_UNIT_AND_TAG,
  'ResolveRequest ReadAccountTags': BY_UNIT_AND_TAG,
  'ResolveRequest ReadAccounts': GRANTED,
  'ResolveRequest ReadDirectory': GRANTED,
  'ResolveRequest ReadPermissionSets': GRANTED,
  'Sweep AnswerTokens': 'a revocation that woke nobody is noticed by the sweep',
  'Sweep DeadLetters': 'a sweep that fails is kept as a dead letter',
  'Sweep DescribeExecutions': REPAIRED,
  'Sweep LedgerIndexes': REPAIRED,
  'Sweep LedgerItems': REPAIRED,
  'Sweep ListExecutions': REPAIRED,
  'Sweep PublishResults': 'access that cannot be taken away is announced',
  'Sweep ReadInstances': 'the settings are compared with the instance',
  'Sweep StartExecutions': REPAIRED,
  ...STORY_OF_ROLLOUT_GRANT,
  ...STORY_OF_BASELINE_GRANT,
};

/**
 * Statements of calls that nobody makes on the local runtime: it encrypts nothing, its logs and traces go nowhere, and `DescribeAccount` tells
 * the place of every account, so that nobody asks for it by `ListParents` (account-facts.test.ts does).
 */
export const NOT_CALLED_LOCALLY: ReadonlySet<string> = new Set([
  'DeliverLogs',
  'DeliverTraces',
  'OwnLog',
  'ReadAccountPlaces',
  'StackKey',
]);
