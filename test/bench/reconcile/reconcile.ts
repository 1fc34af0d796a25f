import { describeKey } from '../../../core/assignments/assignment';
import { advanceReconciliation } from '../../../core/reconcile/advance';
import { askForReconciliation } from '../../../core/reconcile/ask';
import type { CallPace } from '../../../core/ports/assignment-lister';
import type { ReconcilePorts } from '../../../core/reconcile/ports';
import { COMPLETE_PER_SECOND } from '../../../core/reconcile/walk-pairs';
import { REGISTERED_PER_SECOND } from '../../../core/dispatcher/registered-rate';
import { FakeWorkflows } from '../../support/dispatcher-world';
import { FakeClock, RecordingObserver } from '../../support/fake-clock';
import { FakePictures, pictureOf } from '../../support/fake-pictures';
import { MemoryDrift, MemoryReconciliations } from '../../support/memory-drift';
import { MemoryDispatcher } from '../../support/memory-ledger';
import { seconds, table, thousands } from '../report/markdown';
import { LargeOrganization, SIZE, type Spread } from './large-organization';

/** What is asked: so many times fewer calls than accounts × permission sets. */
const FEWER_BY_PRINCIPAL = 20;
const FEWER_BY_PAIR = 9;

/** Each spread is the least favourable for one of the walks. */
const SPREADS: readonly Spread[] = [
  {
    words: 'one at each pair, 1,000 groups, 2,000 users with one each',
    groups: 1_000,
    users: 2_000,
    aPair: 1,
  },
  {
    words: 'four at each pair, 1,000 groups, 10,000 users with one each',
    groups: 1_000,
    users: 10_000,
    aPair: 4,
  },
];

/** The section of docs/benchmarks.md, and whether it keeps what is asked. */
export interface ReconcileFigures {
  readonly section: string;
  readonly isGood: boolean;
}

interface Walked {
  readonly words: string;
  readonly walk: 'principals' | 'complete';
  readonly calls: number;
  /** Virtual. */
  readonly seconds: number;
  readonly steps: number;
  readonly largestRecord: number;
}

/** Walks of a large organization in which everything is as it should be, by the code that deploys, in memory and virtual time. */
export async function reconcile(): Promise<ReconcileFigures> {
  const walks: Walked[] = [];
  for (const spread of SPREADS) {
    const clock = new FakeClock();
    const organization = new LargeOrganization(spread, clock);
    for (const walk of ['principals', 'complete'] as const)
      walks.push(await walked(organization, clock, walk));
  }
  return described(walks);
}

async function walked(
  organization: LargeOrganization,
  clock: FakeClock,
  walk: Walked['walk'],
): Promise<Walked> {
  const pace = { perSecond: REGISTERED_PER_SECOND as number, turns: 0 };
  organization.pace = pace;
  // Long enough that no own operation is thought of.
  clock.advance(60 * 60_000);
  const reconciliations = new MemoryReconciliations();
  const ports = portsOf(organization, reconciliations, clock, pace);
  const startedAt = clock.now();
  const { number } = await askForReconciliation(ports, { walk });
  let steps = 0;
  let next: string;
  do {
    // A new execution takes over after 300 steps, and counts from 0.
    const step = await advanceReconciliation(ports, number, steps % 300);
    next = step.next;
    if (next === 'wait') clock.advance(step.seconds * 1000);
    steps += 1;
  } while (next !== 'done');
  const { last } = reconciliations.record;
  if (last?.outcome !== 'done' || Object.values(last.found).some((count) => count > 0))
    throw new Error(`a walk of what is as it should be ended with ${JSON.stringify(last)}`);
  return {
    words: organization.spread.words,
    walk,
    calls: last.done.calls,
    seconds: (clock.now() - startedAt) / 1000,
    steps,
    largestRecord: reconciliations.largest,
  };
}

function portsOf(
  organization: LargeOrganization,
  reconciliations: MemoryReconciliations,
  clock: FakeClock,
  pace: CallPace,
): ReconcilePorts {
  const pictures = new FakePictures();
  pictures.found = pictureOf(organization.accounts.map((id) => ({ id })));
  const present = (id: string) => Promise.resolve({ id, name: id });
  const nothing = () => Promise.resolve();
  return {
    assignments: {
      read: (key) => Promise.resolve(organization.items.get(describeKey(key))),
      write: () => Promise.reject(new Error('nothing is to be written where everything is as it should be')),
    },
    dispatcher: new MemoryDispatcher(),
    clock,
    observer: new RecordingObserver(),
    reconciliations,
    finder: organization.finder,
    drift: new MemoryDrift(),
    lister: organization.lister,
    pace,
    directory: { user: present, group: present },
    pictures,
    names: { read: () => Promise.resolve(new Map()), write: nothing },
    deployed: {
      baselines: [],
      mode: 'report',
      guard: { most: 100, percent: 5 },
      hash: 'none',
      isPresent: true,
    },
    untouched: {
      managementAccountId: '111122223333',
      hostAccountId: '222233334444',
      protectedPermissionSets: [],
      isControlTowerSet: () => false,
      isControlTowerGroup: () => false,
    },
    baselines: {
      applyEverywhere: () => Promise.resolve('done'),
      reserveEndings: () => Promise.resolve('granted'),
      restore: () => Promise.resolve(false),
      mayBeWanted: () => Promise.resolve(false),
      isApplied: () => Promise.resolve(true),
      knownAccounts: () => Promise.resolve([]),
      rules: () => Promise.resolve({ hash: 'none', rules: [], problems: [] }),
    },
    principalIsGone: nothing,
    workflows: Object.assign(new FakeWorkflows(), { startReconciliation: nothing }),
    announcer: { publish: nothing },
  };
}

function described(walks: readonly Walked[]): ReconcileFigures {
  const naive = SIZE.accounts * SIZE.permissionSets;
  const fewer = ({ calls }: Walked): number => naive / calls;
  const row = (cells: readonly string[], calls: number, rest: readonly string[]): readonly string[] => [
    ...cells,
    thousands(calls),
    `${(naive / calls).toFixed(1)} ×`,
    ...[COMPLETE_PER_SECOND, REGISTERED_PER_SECOND].map((perSecond) => duration(calls / perSecond)),
    ...rest,
  ];
  const rows = walks.map((each) =>
    row([each.words, each.walk === 'principals' ? 'by principal' : 'by provisioned pair'], each.calls, [
      duration(each.seconds),
      thousands(each.steps),
    ]),
  );
  const naiveRow = row(['either', 'accounts × sets'], naive, ['', '']);
  const least = (walk: Walked['walk']): number =>
    Math.min(...walks.filter((each) => each.walk === walk).map(fewer));
  const byPrincipal = least('principals');
  const byPair = least('complete');
  const largest = Math.max(...walks.map(({ largestRecord }) => largestRecord));
  const section = [
    `Reconciliations of an organization with ${thousands(SIZE.accounts)} accounts, ${SIZE.permissionSets} permission sets and ${thousands(SIZE.assignments)} assignments, every set in as many accounts as every other, all of them known to the ledger and as they should be: the code that deploys, in memory and in virtual time, with listings of 100 rows a page. A daily walk asks by principal; a complete one, and a daily one where the service refuses that, by provisioned pair; the first takes ${REGISTERED_PER_SECOND} calls a second, the second ${COMPLETE_PER_SECOND}. Beside them stands the walk that asks for every account and every set.`,
    table([
      ['assignments', 'walk', 'admin calls', 'fewer', 'at 2/s', 'at 3/s', 'measured', 'steps'],
      ...rows,
      naiveRow,
    ]),
    `Calls are at least ${byPrincipal.toFixed(1)} times fewer by principal (asked: ${FEWER_BY_PRINCIPAL}) and ${byPair.toFixed(1)} times by provisioned pair (asked: ${FEWER_BY_PAIR}). The first spread is the least favourable for pairs, the second for principals. Not counted are calls of the identity store: one for each hundred groups and a step, one for each user a walk. The record of the walk, by which a step knows where to go on, had at most ${seconds(largest / 1000)} KB.`,
  ].join('\n\n');
  return { section, isGood: byPrincipal >= FEWER_BY_PRINCIPAL && byPair >= FEWER_BY_PAIR };
}

function duration(value: number): string {
  return value < 3_600 * 2 ? `${seconds(value / 60)} min` : `${seconds(value / 3_600)} h`;
}
