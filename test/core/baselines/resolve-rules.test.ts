import { resolveBaselines } from '../../../core/baselines/resolve-rules';
import type { Baseline } from '../../../core/baselines/baseline';
import { LedgerContentionError } from '../../../core/ports/ledger';
import { FakeRulePorts } from './rule-ports';
import { deployed, OPERATE, READ, rule } from './rules';

describe('resolveBaselines', () => {
  let ports: FakeRulePorts;

  beforeEach(() => {
    ports = new FakeRulePorts();
  });

  /** Problems of one rule, looked up now. */
  async function problemsOf(changes: Partial<Baseline> = {}): Promise<readonly string[]> {
    const { problems } = await resolveBaselines(ports, deployed([rule(changes)]));
    return problems.map(({ problem }) => problem);
  }

  /** As when somebody deletes the group and makes another one of its name. */
  function makeGroupAnew(): void {
    ports.groups = [{ id: 'group-2', name: 'Platform' }];
  }

  test('finds whom and what a rule names, and remembers the id that its name means', async () => {
    const rules = deployed([rule()]);

    expect(await resolveBaselines(ports, rules)).toEqual({
      hash: rules.hash,
      rules: [
        {
          baseline: rule(),
          principal: { type: 'GROUP', id: 'group-1', name: 'Platform' },
          permissionSets: [
            { name: 'Operate', arn: OPERATE },
            { name: 'Read', arn: READ },
          ],
        },
      ],
      problems: [],
    });
    expect(ports.state.bindings).toEqual({
      operate: { type: 'GROUP', name: 'Platform', id: 'group-1', since: ports.clock.now() },
    });
  });

  test('looks everybody and everything up once, however many rules name it', async () => {
    await resolveBaselines(ports, deployed([rule(), rule({ name: 'again' })]));

    expect(ports.lookUps).toEqual(['group Platform', 'set Operate', 'set Read']);
  });

  test('writes nothing while nothing changes', async () => {
    await resolveBaselines(ports, deployed([rule()]));
    ports.clock.advance(3_600_000);
    await resolveBaselines(ports, deployed([rule()]));

    expect(ports.writes).toBe(1);
  });

  test.each<[string, Baseline['principal'], string]>([
    ['a user by name', { user: 'alice' }, 'user-1'],
    ['a user by e-mail address', { user: 'alice@example.com' }, 'user-1'],
    ['a user by id', { userId: 'user-1' }, 'user-1'],
    ['a group by id', { groupId: 'group-1' }, 'group-1'],
  ])('finds %s', async (_case, principal, id) => {
    const { rules, problems } = await resolveBaselines(ports, deployed([rule({ principal })]));

    expect(problems).toEqual([]);
    expect(rules[0]?.principal).toMatchObject({ id });
  });

  test('binds no id: it means the same for ever', async () => {
    await resolveBaselines(ports, deployed([rule({ principal: { groupId: 'group-1' } })]));

    expect(ports.state.bindings).toEqual({});
  });

  test.each<[string, Baseline['principal'], string]>([
    ['a group', { group: 'Plattform' }, 'group Plattform was not found in the directory, check the spelling'],
    [
      'a group id',
      { groupId: 'gone' },
      'group with id gone was not found in the directory, check the spelling',
    ],
    ['a user', { user: 'bob' }, 'user bob was not found in the directory, check the spelling'],
  ])('has a problem with %s that is not there, and no rule', async (_case, principal, problem) => {
    const { rules, problems } = await resolveBaselines(ports, deployed([rule({ principal })]));

    expect(rules).toEqual([]);
    expect(problems).toEqual([{ baseline: 'operate', problem }]);
  });

  test('has a problem with a name that two have, and names both ids', async () => {
    ports.users = [...ports.users, { id: 'user-0', name: 'al', email: 'alice@example.com' }];

    expect(await problemsOf({ principal: { user: 'alice@example.com' } })).toEqual([
      'user alice@example.com is ambiguous (user-0, user-1), name the one that is meant by its id',
    ]);
    expect(ports.state.bindings).toEqual({});
  });

  test('has a problem with a user who is disabled', async () => {
    ports.users = [{ id: 'user-1', name: 'alice', isDisabled: true }];

    expect(await problemsOf({ principal: { user: 'alice' } })).toEqual([
      'user alice is disabled, and gets nothing new until enabled again',
    ]);
  });

  test('has a problem with a group of AWS Control Tower, also by its id', async () => {
    ports.groups = [{ id: 'group-1', name: 'AWSControlTowerAdmins' }];

    expect(await problemsOf({ principal: { groupId: 'group-1' } })).toEqual([
      'group with id group-1 (AWSControlTowerAdmins) is a group of AWS Control Tower, which looks after it itself',
    ]);
  });

  test('does not give a group that was made anew what was meant for the one before', async () => {
    await problemsOf();
    makeGroupAnew();

    expect(await problemsOf()).toEqual([
      'the group Platform has another id than before (was group-1, is group-2): set followsName: true if it is the same group, or give the rule another name',
    ]);
    expect(ports.state.bindings.operate?.id).toBe('group-1');
  });

  test('is right again when the group of before is back', async () => {
    await problemsOf();
    makeGroupAnew();
    await problemsOf();
    ports.groups = [{ id: 'group-1', name: 'Platform' }];

    expect(await problemsOf()).toEqual([]);
  });

  test('follows the name where the rule says so, and notes it', async () => {
    await problemsOf({ followsName: true });
    makeGroupAnew();
    ports.clock.advance(1_000);

    expect(await problemsOf({ followsName: true })).toEqual([]);
    expect(ports.state.bindings.operate).toEqual({
      type: 'GROUP',
      name: 'Platform',
      id: 'group-2',
      since: ports.clock.now(),
      before: 'group-1',
    });
    expect(ports.observer.warnings.map(({ what }) => what)).toEqual(['baseline follows its name']);
  });

  test('tells a group that is gone from one that never was, and keeps its binding', async () => {
    await problemsOf();
    ports.groups = [];

    expect(await problemsOf()).toEqual([
      'group Platform (id group-1) is not in the directory any more, remove the rule, or name somebody else in it',
    ]);
    expect(ports.state.bindings.operate?.id).toBe('group-1');
  });

  test('binds a rule anew that was given to somebody else', async () => {
    await problemsOf();
    ports.groups = [...ports.groups, { id: 'group-3', name: 'Operations' }];

    expect(await problemsOf({ principal: { group: 'Operations' } })).toEqual([]);
    expect(ports.state.bindings.operate).toMatchObject({ name: 'Operations', id: 'group-3' });
    expect(ports.observer.warnings).toEqual([]);
  });

  test('does not take a user for the group of the same name', async () => {
    await problemsOf();
    ports.users = [{ id: 'user-9', name: 'Platform' }];

    expect(await problemsOf({ principal: { user: 'Platform' } })).toEqual([]);
    expect(ports.state.bindings.operate).toMatchObject({ type: 'USER', id: 'user-9' });
  });

  test('forgets the names of rules that are gone, and nothing else of the state', async () => {
    await resolveBaselines(ports, deployed([rule(), rule({ name: 'other' })]));
    ports.state = { ...ports.state, claims: 7, appliedHash: 'h' };

    await resolveBaselines(ports, deployed([rule({ name: 'other' })]));

    expect(Object.keys(ports.state.bindings)).toEqual(['other']);
    expect(ports.state).toMatchObject({ claims: 7, appliedHash: 'h' });
  });

  test('stands with the sets that are there, and tells of the one that is not', async () => {
    delete ports.sets.Operate;

    const { rules, problems } = await resolveBaselines(ports, deployed([rule()]));

    expect(rules[0]?.permissionSets).toEqual([{ name: 'Read', arn: READ }]);
    expect(problems).toEqual([
      {
        baseline: 'operate',
        problem: 'permission set Operate does not exist, check the spelling, or roll it out',
      },
    ]);
  });

  test('gives no set whose ARN the policy protects', async () => {
    const { rules, problems } = await resolveBaselines(ports, deployed([rule()], [OPERATE]));

    expect(rules[0]?.permissionSets).toEqual([{ name: 'Read', arn: READ }]);
    expect(problems[0]?.problem).toMatch(/^permission set Operate is protected: guardrails/);
  });

  test('keeps what others wrote to the state meanwhile', async () => {
    ports.beforeWrite = () => {
      ports.beforeWrite = () => undefined;
      ports.state = { ...ports.state, version: ports.state.version + 1, claims: 3 };
    };

    await resolveBaselines(ports, deployed([rule()]));

    expect(ports.state).toMatchObject({ claims: 3, bindings: { operate: { id: 'group-1' } } });
  });

  test('gives up where others write all the time', async () => {
    ports.beforeWrite = () => {
      ports.state = { ...ports.state, version: ports.state.version + 1 };
    };

    await expect(resolveBaselines(ports, deployed([rule()]))).rejects.toThrow(LedgerContentionError);
  });

  test('concludes nothing where the directory does not answer', async () => {
    const broken = { ...ports.directory, groupsNamed: () => Promise.reject(new Error('no answer')) };

    await expect(
      resolveBaselines(
        {
          directory: broken,
          permissionSets: ports.permissionSets,
          baselines: ports.baselines,
          clock: ports.clock,
          observer: ports.observer,
        },
        deployed([rule()]),
      ),
    ).rejects.toThrow('no answer');
    expect(ports.writes).toBe(0);
  });
});
