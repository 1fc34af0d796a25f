import type { FaultEffect } from '../../local/identity-center/faults';
import { RolloutStory } from '../support/rollout-story';

const WRITES = [
  'CreatePermissionSet',
  'UpdatePermissionSet',
  'AttachManagedPolicyToPermissionSet',
  'DetachManagedPolicyFromPermissionSet',
  'AttachCustomerManagedPolicyReferenceToPermissionSet',
  'DetachCustomerManagedPolicyReferenceFromPermissionSet',
  'PutInlinePolicyToPermissionSet',
  'DeleteInlinePolicyFromPermissionSet',
  'PutPermissionsBoundaryToPermissionSet',
  'DeletePermissionsBoundaryFromPermissionSet',
  'TagResource',
  'UntagResource',
  'ProvisionPermissionSet',
  'DeletePermissionSet',
] as const;

const EFFECTS: readonly FaultEffect[] = [
  'lose-reply',
  'throttle',
  'conflict',
  'internal-error',
  'kms-access-denied',
  'kms-throttling',
  'kms-disabled',
];

describe('a rollout whose writes go wrong', () => {
  let story: RolloutStory;
  let expected: readonly unknown[];
  let operations: readonly string[];

  beforeAll(async () => {
    story = await RolloutStory.start();
    expected = await story.tell();
    operations = story.world.operations(/./);
  });

  afterAll(async () => {
    await story.stop();
  });

  test('has a story in which every write comes', () => {
    expect(WRITES.filter((write) => !operations.includes(write))).toEqual([]);
  });

  test.each(EFFECTS)('ends as one without when each write is struck once by %s', async (effect) => {
    const { simulator } = story.world.app.runtime;
    story.world.forget();
    for (const operation of WRITES) simulator.failNext({ operation, effect });

    const ends = await story.tell();

    const struck = new Set(
      story.world.calls.filter(({ outcome }) => outcome !== 'ok').map((call) => call.operation),
    );
    expect(ends).toEqual(expected);
    expect(WRITES.filter((write) => !struck.has(write))).toEqual([]);
  });
});
