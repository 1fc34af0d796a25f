import * as fc from 'fast-check';
import { describeKey } from '../../../core/assignments/assignment';
import { ACCOUNT, BaselineWorld, given } from '../../support/baseline-world';
import type { FakeAccount } from '../../support/fake-organization';
import { rule } from './rules';

/** What happens to the account. Whatever comes first makes it; what is closed stays closed. */
const CHANGES = {
  'is created': {},
  'moves to Prod': { ou: 'Workloads/Prod' },
  'moves to Dev': { ou: 'Workloads/Dev' },
  'is tagged': { tags: { team: 'payments' } },
  'loses its tag': { tags: {} },
  'is renamed': { name: 'web-1' },
  'becomes active': { state: 'ACTIVE' },
  'is pending': { state: 'PENDING_ACTIVATION' },
  'is closed': { state: 'CLOSED' },
} as const satisfies Readonly<Record<string, Partial<FakeAccount>>>;

type Change = keyof typeof CHANGES;

const RULES = [
  rule({ name: 'all', principal: { group: 'Platform' }, permissionSets: ['Operate', 'Read'] }),
  rule({
    name: 'prod',
    principal: { group: 'Readers' },
    permissionSets: ['Read'],
    target: [{ ou: 'Workloads/Prod' }],
  }),
  rule({
    name: 'tagged',
    principal: { group: 'Payments' },
    permissionSets: ['Operate'],
    target: [{ tag: { team: 'pay*' } }],
  }),
  rule({
    name: 'named',
    principal: { group: 'Web' },
    permissionSets: ['Read'],
    target: [{ accountName: 'web-*' }],
  }),
  // A second reason for one of the assignments above.
  rule({
    name: 'prod too',
    principal: { group: 'Platform' },
    permissionSets: ['Operate'],
    target: [{ ou: 'Workloads', except: [{ ou: 'Workloads/Dev' }] }],
  }),
];

/** What should be assigned in the end, said again in other words. */
function expectedAssignments({ state, ou, tags, name }: FakeAccount): string[] {
  if (state !== 'ACTIVE') return [];
  return [
    given('Platform', 'Operate'),
    given('Platform', 'Read'),
    ...(ou === 'Workloads/Prod' ? [given('Readers', 'Read')] : []),
    ...(tags.team === 'payments' ? [given('Payments', 'Operate')] : []),
    ...(name === 'web-1' ? [given('Web', 'Read')] : []),
  ]
    .map(describeKey)
    .sort();
}

/** One thing after the other: a change, the asking that an event about it leads to, or some of the work that was asked for. */
export type Action =
  | { readonly does: 'change'; readonly change: Change }
  | { readonly does: 'ask' }
  | { readonly does: 'work'; readonly steps: number }
  | { readonly does: 'wait'; readonly ms: number };

/** Up to six changes in any order; each is told of 0 to 3 times, at any time after it, in any order. */
export const history: fc.Arbitrary<readonly Action[]> = fc
  .uniqueArray(
    fc.record({
      change: fc.constantFrom(...(Object.keys(CHANGES) as Change[])),
      /** Where its events come among all actions: larger is later. */
      events: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
    }),
    { selector: ({ change }) => change, minLength: 1, maxLength: 6 },
  )
  .chain((changes) => {
    const actions = changes.flatMap(({ change, events }, at) => [
      { at: at * 2, action: { does: 'change', change } as const },
      ...events.map((delay) => ({ at: at * 2 + 1 + delay, action: { does: 'ask' } as const })),
    ]);
    const between = fc.oneof(
      fc.record({ does: fc.constant('work' as const), steps: fc.integer({ min: 1, max: 16 }) }),
      fc.record({
        does: fc.constant('wait' as const),
        ms: fc.constantFrom(1_000, 20_000, 120_000, 1_200_000),
      }),
    );
    const ordered = actions.sort((left, right) => left.at - right.at).map(({ action }) => action);
    return fc
      .array(fc.option(between, { nil: undefined, freq: 4 }), {
        minLength: ordered.length,
        maxLength: ordered.length,
      })
      .map((others) =>
        ordered.flatMap((action, at): Action[] => {
          const other = others[at];
          return other === undefined ? [action] : [action, other];
        }),
      );
  });

/** An organization without the account, to which the rules have been applied. */
async function worldWithoutAccount(): Promise<BaselineWorld> {
  const app = new BaselineWorld();
  app.rules = RULES;
  await app.applyEverywhere();
  return app;
}

/** Does one thing. */
async function act(app: BaselineWorld, action: Action): Promise<void> {
  const isClosed = app.organization.accounts.get(ACCOUNT)?.state === 'CLOSED';
  switch (action.does) {
    case 'change':
      if (!isClosed) app.organization.set(ACCOUNT, CHANGES[action.change]);
      break;
    case 'ask':
      if (app.organization.accounts.has(ACCOUNT)) await app.ask();
      break;
    case 'work':
      await app.workOn(action.steps);
      break;
    case 'wait':
      await app.letPass(action.ms);
      break;
  }
}

/** How the account is in the end. One that were pending for ever would keep what it had when it was active: its activation ends. */
function settle(app: BaselineWorld): FakeAccount {
  const account = app.organization.accounts.get(ACCOUNT);
  if (account?.state === 'PENDING_ACTIVATION') app.organization.set(ACCOUNT, { state: 'ACTIVE' });
  const settled = app.organization.accounts.get(ACCOUNT);
  if (settled === undefined) throw new Error('the account was never made');
  return settled;
}

/** A day in which nobody tells anything more: tags are read anew once a day, pictures every 15 minutes. */
const A_DAY_MS = 24 * 60 * 60_000;

/** Plays a history to its end, and answers what is assigned after the next sweep of accounts, and what should be. */
export async function play(
  actions: readonly Action[],
): Promise<{ readonly assigned: string[]; readonly wanted: string[]; readonly isRunning: boolean }> {
  const app = await worldWithoutAccount();
  for (const action of actions) await act(app, action);
  const account = settle(app);
  await app.run();
  app.clock.advance(A_DAY_MS);
  await app.sweepAccounts();
  return {
    assigned: app.assigned(),
    wanted: expectedAssignments(account),
    isRunning: app.baselines.items.get(ACCOUNT)?.running ?? false,
  };
}
