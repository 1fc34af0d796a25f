import { type RolloutScope, joined } from '../../../core/permission-sets/rollout';

describe('askings that join', () => {
  test.each<[RolloutScope, RolloutScope, RolloutScope]>([
    [{}, {}, {}],
    [{ names: ['B'] }, { names: ['A'] }, { names: ['A', 'B'] }],
    [{}, { names: ['A'] }, { names: ['A'], others: true }],
    [{ names: ['A'], others: true }, { verify: 'report' }, { names: ['A'], others: true, verify: 'report' }],
    [{ verify: 'correct' }, { verify: 'report' }, { verify: 'correct' }],
  ])('%j and %j are %j', (one, other, both) => {
    expect([joined(one, other), joined(other, one)]).toEqual([both, both]);
  });
});
