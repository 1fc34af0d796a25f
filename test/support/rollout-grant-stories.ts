import { OWNER_TAG } from '../../core/permission-sets/definition';
import type { VersionedPermissionSet } from '../../local/identity-center/permission-set-table';
import { complaints, grantNamed, type GrantStory, type GrantWorld } from './grant-world';

/** Nothing else is ever given there to anybody of these stories. */
const ACCOUNT = '512345678902';

const simple = (name: string): string =>
  `name: ${name}\ndescription: Looks\nawsManagedPolicies: [ReadOnlyAccess]\n`;

/** Something of every kind, and nothing that {@link makeByHand} gave it. */
const full = (name: string): string => `name: ${name}
description: Has it all
adopt: true
tags: { team: platform }
awsManagedPolicies: [PowerUserAccess]
customerManagedPolicies: [{ name: New, path: / }]
inlinePolicy: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: '*' }] }
permissionsBoundary: { awsManagedPolicy: PowerUserAccess }
`;

const bare = (name: string): string => `name: ${name}\nadopt: true\nawsManagedPolicies: [ReadOnlyAccess]\n`;

let plays = 0;

/** No play has used it before: what an earlier one could not finish is not in the way. */
function freshName(): string {
  plays += 1;
  return `Grant${plays}`;
}

function inService({ app }: GrantWorld, name: string): VersionedPermissionSet | undefined {
  return app.runtime.simulator.world.permissionSets().find((each) => each.name === name);
}

/** A set that somebody has made, as in the console. */
function makeByHand({ app }: GrantWorld, name: string): string {
  const permissionSetArn = `${app.organization.instance.arn.replace(':instance/', ':permissionSet/')}/ps-${String(plays).padStart(16, '0')}`;
  app.runtime.simulator.world.sets.load({
    arn: permissionSetArn,
    name,
    sessionDuration: 'PT1H',
    tags: {},
    managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    customerManagedPolicies: [{ name: 'Old', path: '/' }],
  });
  return permissionSetArn;
}

/** Gives a set to alice, as in the console. */
function giveByHand({ app }: GrantWorld, permissionSetArn: string): void {
  const { id: principalId = '' } = app.organization.users.find(({ userName }) => userName === 'alice') ?? {};
  app.runtime.simulator.addAssignmentByHand({
    accountId: ACCOUNT,
    permissionSetArn,
    principalType: 'USER',
    principalId,
  });
}

/** Whether the account has the set as it is now. */
function isUpToDate(world: GrantWorld, name: string): boolean {
  const set = inService(world, name);
  const role = set && world.app.runtime.simulator.world.provisioning.find(ACCOUNT, set.arn);
  return role !== undefined && role.version === set?.version;
}

/** Deploys right after a sweep, and waits for less than it takes until the next one. */
async function deploy(world: GrantWorld, text: string | undefined, duration = 'PT50S'): Promise<void> {
  await world.pastTheSweep();
  world.app.deploy(text === undefined ? {} : { 'set.yaml': text });
  await world.app.advance(duration);
}

/** What Latchkey does with permission sets, each with the help of grants that the others do not need. */
export const ROLLOUT_STORIES = {
  'a deployed permission set is made': async (world) => {
    const name = freshName();
    await deploy(world, simple(name));
    return complaints({
      'it is not there': inService(world, name)?.managedPolicies.length !== 1,
      'it is not marked': inService(world, name)?.tags[OWNER_TAG.key] !== OWNER_TAG.value,
      'it is not told': world.eventsOfSet(name).join() !== 'PermissionSetRolledOut',
    });
  },
  'a permission set whose making was not answered is found': async (world) => {
    const name = freshName();
    world.app.runtime.simulator.failNext({ operation: 'CreatePermissionSet', effect: 'lose-reply' });
    await deploy(world, simple(name));
    return complaints({ 'it was not gone on with': inService(world, name)?.managedPolicies.length !== 1 });
  },
  'a permission set of others is taken over, and changed in its accounts': async (world) => {
    const name = freshName();
    giveByHand(world, makeByHand(world, name));
    await deploy(world, full(name));
    const taken = inService(world, name);
    const hadIt = isUpToDate(world, name);
    await deploy(world, bare(name));
    const bared = inService(world, name);
    return complaints({
      'it was not taken over':
        taken?.tags[OWNER_TAG.key] !== OWNER_TAG.value || taken.tags.team !== 'platform',
      'it was not changed':
        taken?.inlinePolicy === undefined || taken.customerManagedPolicies[0]?.name !== 'New',
      'its account was left behind': !hadIt || !isUpToDate(world, name),
      'it was not changed back':
        bared === undefined || 'team' in bared.tags || bared.customerManagedPolicies.length > 0,
      'it was not stripped': bared?.inlinePolicy !== undefined || bared?.permissionsBoundary !== undefined,
    });
  },
  'a permission set of others is left alone, which is told': async (world) => {
    const name = freshName();
    makeByHand(world, name);
    await deploy(world, simple(name));
    return complaints({
      'it was changed': inService(world, name)?.customerManagedPolicies.length !== 1,
      'it is not told': world.eventsOfSet(name).join() !== 'PermissionSetRolloutFailed',
    });
  },
  'a permission set whose file is gone is drained and deleted': async (world) => {
    const name = freshName();
    await deploy(world, simple(name));
    giveByHand(world, inService(world, name)?.arn ?? '');
    await deploy(world, undefined);
    return complaints({ 'it is still there': inService(world, name) !== undefined });
  },
  'a plan is answered': async (world) => {
    const name = freshName();
    await deploy(world, simple(name));
    // The names of all others are known already.
    makeByHand(world, `${name}Other`);
    const answer = world.app.post('/permission-sets/plan', { verify: true });
    await world.app.advance('PT25S');
    const { status, body } = await answer;
    const sets = (body.permissionSets ?? []) as readonly { readonly name: string; readonly action: string }[];
    return complaints({
      'it was refused': status !== 200,
      'it does not say what would be done': sets.find((each) => each.name === name)?.action !== 'verify',
    });
  },
  'a deployment that leads to no rollout is kept as a dead letter': async (world) => {
    const before = await world.deadLetters('FunctionsRolloutDeadLetters');
    const giveBack = world.app.runtime.authorization.without(
      grantNamed(world.app, 'StartRollout LedgerItems'),
    );
    await deploy(world, simple(freshName()), 'PT5M');
    giveBack();
    await world.app.advance('PT1M');
    return complaints({ 'it is not': (await world.deadLetters('FunctionsRolloutDeadLetters')) === before });
  },
} as const satisfies Readonly<Record<string, GrantStory>>;

const MADE = 'a deployed permission set is made';
const TAKEN_OVER = 'a permission set of others is taken over, and changed in its accounts';
const DELETED = 'a permission set whose file is gone is drained and deleted';
const PLANNED = 'a plan is answered';

/** As `STORY_OF_GRANT`, for the roles of rollouts. */
export const STORY_OF_ROLLOUT_GRANT: Readonly<Record<string, keyof typeof ROLLOUT_STORIES>> = {
  'ApplyRollout CreateOwnedPermissionSets': MADE,
  'ApplyRollout DescribeSets': MADE,
  'ApplyRollout EditInInstance': MADE,
  'ApplyRollout EditOwnedPermissionSets': MADE,
  'ApplyRollout LedgerItems': MADE,
  'ApplyRollout ListAccountsOfSets': DELETED,
  'ApplyRollout ListAssignments': DELETED,
  'ApplyRollout ListSets': 'a permission set whose making was not answered is found',
  'ApplyRollout ReadSetContents': MADE,
  'ApplyRollout ReadSetTags': MADE,
  'ApplyRollout StartExecutions': DELETED,
  'ApplyRollout TagOwnedPermissionSets': TAKEN_OVER,
  'ApplyRollout TakeOverPermissionSets': TAKEN_OVER,
  'ApplyRollout UntagOwnedPermissionSets': TAKEN_OVER,
  'LookAtRollout LedgerItems': MADE,
  'LookAtRollout ListAccountsOfSets': TAKEN_OVER,
  'LookAtRollout StartExecutions': TAKEN_OVER,
  'PlanPermissionSets DescribeSets': PLANNED,
  'PlanPermissionSets LedgerItems': PLANNED,
  'PlanPermissionSets ListAccountsOfSets': PLANNED,
  'PlanPermissionSets ListSets': PLANNED,
  'PlanPermissionSets ListSetsOfAccounts': PLANNED,
  'PlanPermissionSets ReadSetContents': PLANNED,
  'PlanPermissionSets ReadSetTags': PLANNED,
  'PlanRollout DescribeSets': TAKEN_OVER,
  'PlanRollout LedgerItems': MADE,
  'PlanRollout ListSets': MADE,
  'PlanRollout ListSetsOfAccounts': MADE,
  'PlanRollout ReadSetTags': 'a permission set of others is left alone, which is told',
  'ReportRollout LedgerItems': MADE,
  'ReportRollout PublishResults': MADE,
  'Rollout OwnFunctions': MADE,
  'StartRollout DeadLetters': 'a deployment that leads to no rollout is kept as a dead letter',
  'StartRollout LedgerItems': MADE,
  'StartRollout StartExecutions': MADE,
};
