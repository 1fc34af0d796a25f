import { SdkResolvedBaselines } from '../../../lambdas/runtime/baseline-rules';
import { ReadingItems } from '../../../lambdas/runtime/ledger/reading-items';
import { FakeRulePorts } from '../../core/baselines/rule-ports';
import { deployed, rule } from '../../core/baselines/rules';
import { MemoryTable } from '../../support/memory-table';

const MINUTE = 60_000;

describe('SdkResolvedBaselines', () => {
  let ports: FakeRulePorts;
  let table: MemoryTable;

  beforeEach(() => {
    ports = new FakeRulePorts();
    table = new MemoryTable();
  });

  /** As another function's environment has them: they share the ledger and nothing else. */
  function rules(): SdkResolvedBaselines {
    return new SdkResolvedBaselines(new ReadingItems(table), ports);
  }

  const groupLookUps = (): number => ports.lookUps.filter((each) => each === 'group Platform').length;

  test('are looked up once and shared for a quarter of an hour', async () => {
    const first = await rules().newest(deployed([rule()]));
    ports.clock.advance(14 * MINUTE);

    expect(await rules().newest(deployed([rule()]))).toEqual(first);
    expect(groupLookUps()).toBe(1);
    ports.clock.advance(MINUTE);
    await rules().newest(deployed([rule()]));
    expect(groupLookUps()).toBe(2);
  });

  test('are looked up by one of many who need them', async () => {
    await Promise.all(Array.from({ length: 10 }, () => rules().newest(deployed([rule()]))));

    expect(groupLookUps()).toBe(1);
  });

  test('are good for a minute where one has a problem', async () => {
    ports.groups = [];
    const before = await rules().newest(deployed([rule()]));
    ports.groups = [{ id: 'group-1', name: 'Platform' }];
    ports.clock.advance(59_000);

    expect(await rules().newest(deployed([rule()]))).toEqual(before);
    ports.clock.advance(1_000);
    expect((await rules().newest(deployed([rule()]))).problems).toEqual([]);
  });

  test('of other rules are not taken for the deployed ones', async () => {
    await rules().newest(deployed([rule()]));
    const others = deployed([rule({ name: 'other' })]);

    expect(await rules().newest(others)).toMatchObject({
      hash: others.hash,
      rules: [{ baseline: { name: 'other' } }],
    });
  });

  test('are looked up anew after a change, whichever function heard of it', async () => {
    await rules().newest(deployed([rule({ followsName: true })]));
    ports.clock.advance(1_000);
    ports.groups = [{ id: 'group-2', name: 'Platform' }];
    await rules().outdate();
    ports.clock.advance(1_000);

    expect((await rules().newest(deployed([rule({ followsName: true })]))).rules).toMatchObject([
      { principal: { id: 'group-2' } },
    ]);
  });

  test('are unknown, not empty, while the directory does not answer', async () => {
    await rules().newest(deployed([rule()]));
    ports.clock.advance(16 * MINUTE);
    ports.sets = new Proxy(ports.sets, {
      get: () => {
        throw new Error('no answer');
      },
    });

    await expect(rules().newest(deployed([rule()]))).rejects.toThrow('could not be looked up');
    expect(ports.observer.warnings.map(({ what }) => what)).toEqual(['baseline rules could not be read']);
  });
});
