import { AwsError } from '../../../local/aws-api/json-service';
import { createSeededRandom } from '../../../local/clock/seeded-random';
import type { OperationEvent } from '../../../local/identity-center/listeners';
import type { SimulatorSettings } from '../../../local/identity-center/settings';
import {
  INSTANCE,
  ORGANIZATION,
  POWER_USER,
  READ_ONLY,
  createTestWorld,
  type Output,
  type TestWorld,
} from './support';

const STORM_MS = 10_000;
/** All of them together call some 20 times as often as the service lets them. */
const CLIENTS_OF_EACH = 5;
const RATE = 'ThrottlingException: Rate exceeded';
const OUTSTANDING = 'ThrottlingException: There are too many requests processing. Please try again later.';
const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001';

/** Room for every create and delete: no two are in the same place, so that nothing conflicts. */
const ACCOUNTS = Array.from({ length: 300 }, (_, index) => ({
  id: String(600_000_000_000 + index),
  name: `account-${index}`,
  email: `account-${index}@example.com`,
  state: 'ACTIVE' as const,
  ou: '',
  tags: {},
}));

/** What a storm left behind. */
interface Storm {
  readonly world: TestWorld;
  /** What was answered to each call, in their order: `ok`, or the error. */
  readonly answers: readonly { readonly operation: string; readonly at: number; readonly answer: string }[];
  /** The most that were ever under way at a time. */
  readonly most: { readonly creates: number; readonly deletes: number; readonly together: number };
}

/** Many clients that call every 20 to 60 ms, in any order, and heed no refusal. Events are not looked at: none arrives. */
async function storm(settings: Partial<SimulatorSettings> = {}, seed = 1): Promise<Storm> {
  const accounts = [...ORGANIZATION.accounts, ...ACCOUNTS];
  const world = createTestWorld({ eventLoss: 1, ...settings }, seed, { ...ORGANIZATION, accounts });
  const { clock, call, simulator } = world;
  const random = createSeededRandom(seed + 1);
  const startedAt = clock.now();
  const answers: { operation: string; at: number; answer: string }[] = [];
  const underWay = { create: 0, delete: 0 };
  const most = { creates: 0, deletes: 0, together: 0 };
  simulator.onOperation(({ kind, status }: OperationEvent) => {
    if (kind === 'provision') return;
    underWay[kind] += status === 'IN_PROGRESS' ? 1 : -1;
    most.creates = Math.max(most.creates, underWay.create);
    most.deletes = Math.max(most.deletes, underWay.delete);
    most.together = Math.max(most.together, underWay.create + underWay.delete);
  });

  const accepted = { CreateAccountAssignment: 0, DeleteAccountAssignment: 0 };
  const assignment = (operation: keyof typeof accepted, PermissionSetArn: string): Output => ({
    InstanceArn: INSTANCE,
    TargetId: ACCOUNTS[accepted[operation]]?.id,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn,
    PrincipalType: 'USER',
    PrincipalId: ALICE,
  });
  const clients = [
    ['CreateAccountAssignment', () => assignment('CreateAccountAssignment', READ_ONLY)],
    ['DeleteAccountAssignment', () => assignment('DeleteAccountAssignment', POWER_USER)],
    ['ListPermissionSets', () => ({ InstanceArn: INSTANCE })],
  ] as const;
  for (let at = 0; at <= STORM_MS; at += 20 + Math.floor(random.next() * 40)) {
    await clock.advance(startedAt + at - clock.now());
    for (let turn = 0; turn < CLIENTS_OF_EACH * clients.length; turn += 1) {
      const [operation, input] = clients[Math.floor(random.next() * clients.length)] ?? clients[0];
      const answer = await answerOf(call(operation, input()));
      answers.push({ operation, at, answer });
      if (answer === 'ok' && operation !== 'ListPermissionSets') accepted[operation] += 1;
    }
  }
  return { world, answers, most };
}

async function answerOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return error instanceof AwsError ? `${error.code}: ${error.message}` : String(error);
  }
}

const count = ({ answers }: Storm, answer: string, operation = ''): number =>
  answers.filter((one) => one.answer === answer && one.operation.startsWith(operation)).length;

describe('a storm of ten seconds', () => {
  let blown: Storm;

  beforeAll(async () => {
    blown = await storm();
  });

  test('lets as many calls pass as the bucket has tokens, to the call (Q1, Q2)', () => {
    const { answers } = blown;
    const last = Math.max(...answers.map(({ at }) => at));
    const admitted = answers.length - count(blown, RATE);

    // The bucket is never full again: it has its 20 tokens, and one more for each 50 ms.
    expect(admitted).toBe(20 + Math.floor(last / 50));
    expect(admitted).toBeGreaterThan(215);
    expect(answers.length).toBeGreaterThan(3000);
  });

  test('lets a larger bucket pass at another rate, to the call (Q1, Q2)', async () => {
    const other = await storm({ requestsPerSecond: 40, requestBurst: 100 });

    const last = Math.max(...other.answers.map(({ at }) => at));

    expect(other.answers.length - count(other, RATE)).toBe(100 + Math.floor(last / 25));
  });

  test('refuses with two texts, and nothing else goes wrong (Q1, Q3)', () => {
    expect(new Set(blown.answers.map(({ answer }) => answer))).toEqual(new Set(['ok', RATE, OUTSTANDING]));
    expect(count(blown, OUTSTANDING, 'Create')).toBeGreaterThan(0);
    expect(count(blown, OUTSTANDING)).toBe(count(blown, OUTSTANDING, 'Create'));
  });

  test.each([15, 10])(
    'has never more than %p creates outstanding, and deletes do not count (Q3, Q4)',
    async (most) => {
      const other = await storm({ outstandingAssignments: most });

      expect(other.most.creates).toBe(most);
      expect(other.most.together).toBeGreaterThan(most);
    },
  );

  test.each([15, 10])(
    'has never more than %p operations outstanding where deletes count (Q4)',
    async (most) => {
      const other = await storm({ outstandingAssignments: most, outstandingCounts: 'creates-and-deletes' });

      expect(other.most.together).toBe(most);
      expect(other.most.deletes).toBeGreaterThan(0);
      expect(count(other, OUTSTANDING, 'Delete')).toBeGreaterThan(0);
    },
  );

  test('carries out what it accepted, and only that (A2)', async () => {
    const before = ORGANIZATION.assignments.length;

    await blown.world.pass(60);

    expect(blown.world.simulator.operations(0).underWay).toEqual([]);
    expect(blown.world.rows()).toHaveLength(before + count(blown, 'ok', 'Create'));
  });

  test('is the same again for the same seed, and another for another (Q1, Q3)', async () => {
    expect((await storm()).answers).toEqual(blown.answers);
    expect((await storm({}, 2)).answers).not.toEqual(blown.answers);
  });
});
