import { checkInput, required, type InputOf } from '../../../local/identity-center/input-rules';
import { IDENTITY_CENTER_INPUTS } from '../../../local/identity-center/identity-center-inputs';
import {
  assignmentInput,
  createTestWorld,
  INSTANCE,
  READ_ONLY,
  refusal,
  STORE,
  UNKNOWN_ID,
  type Output,
} from './support';

const GOOD = assignmentInput({ account: 'prod', permissionSet: 'ReadOnly', user: 'alice' });

async function refused(operation: string, input: Output): Promise<string> {
  const error = await refusal(createTestWorld().call(operation, input));
  expect([error.code, error.statusCode]).toEqual(['ValidationException', 400]);
  return error.message;
}

const at = (value: string, member: string, constraint: string): string =>
  `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: Member must ${constraint}`;

describe('the check of inputs', () => {
  test.each([
    ['TargetId', '123', `have length greater than or equal to 12`],
    ['TargetId', '1234567890123', `have length less than or equal to 12`],
    ['TargetId', '12345678901x', String.raw`satisfy regular expression pattern: \d{12}`],
    ['TargetType', 'ACCOUNT', 'satisfy enum value set: [AWS_ACCOUNT]'],
    ['PrincipalType', 'ROLE', 'satisfy enum value set: [USER, GROUP]'],
    ['InstanceArn', 'arn', 'have length greater than or equal to 10'],
    ['PrincipalId', 'x'.repeat(48), 'have length less than or equal to 47'],
  ])('names the member %s, its value %s and the constraint (V1)', async (member, value, constraint) => {
    // GIVEN a value that its pattern would refuse too: a wrong length is told by itself where it is too long
    const message = await refused('CreateAccountAssignment', { ...GOOD, [member]: value });
    const name = member.charAt(0).toLowerCase() + member.slice(1);
    const violation = at(`'${value}'`, name, constraint).replace(/^1 validation error detected: /, '');

    expect(message).toContain(violation);
  });

  test.each(Object.keys(GOOD))('says that %s is missing (V1)', async (member) => {
    const message = await refused('DeleteAccountAssignment', { ...GOOD, [member]: undefined });

    expect(message).toBe(at('null', member.charAt(0).toLowerCase() + member.slice(1), 'not be null'));
  });

  test.each([
    [0, 'have value greater than or equal to 1'],
    [101, 'have value less than or equal to 100'],
  ])('keeps MaxResults within its range: %d (V1)', async (value, constraint) => {
    const message = await refused('ListPermissionSets', { InstanceArn: INSTANCE, MaxResults: value });

    expect(message).toBe(at(`'${value}'`, 'maxResults', constraint));
  });

  test('looks into structures (V1)', async () => {
    const message = await refused('ListAccountAssignmentCreationStatus', {
      InstanceArn: INSTANCE,
      Filter: { Status: 'DONE' },
    });

    expect(message).toBe(
      at("'DONE'", 'filter.status', 'satisfy enum value set: [IN_PROGRESS, FAILED, SUCCEEDED]'),
    );
  });

  test('takes principal ids of older stores (V1)', async () => {
    const { call } = createTestWorld();

    await expect(
      call('CreateAccountAssignment', { ...GOOD, PrincipalId: `90671a2b3c-${UNKNOWN_ID}` }),
    ).resolves.toBeDefined();
  });

  test('every operation checks its instance first (V1)', async () => {
    const withInstance = Object.entries(IDENTITY_CENTER_INPUTS).filter(
      ([, members]) => 'InstanceArn' in members && 'required' in members.InstanceArn,
    );
    expect(withInstance).toHaveLength(41);

    for (const [operation] of withInstance)
      expect(await refused(operation, {})).toContain("Value null at 'instanceArn'");
  });

  test('tells all violations at once (V2)', async () => {
    const message = await refused('CreateAccountAssignment', {
      ...GOOD,
      TargetType: 'X',
      PrincipalType: 'Y',
    });

    expect(message).toMatch(
      /^2 validation errors detected: Value 'X' at 'targetType' .*; Value 'Y' at 'principalType' /,
    );
  });

  test.each([
    ['TargetId', 123456789012, 'NUMBER_VALUE can not be converted to String'],
    ['TargetId', ['123456789012'], 'LIST_VALUE can not be converted to String'],
    ['MaxResults', '5', 'STRING_VALUE can not be converted to Integer'],
    ['MaxResults', 1.5, 'NUMBER_VALUE can not be converted to Integer'],
    ['Filter', 'x', 'STRING_VALUE can not be converted to Structure'],
    ['Filter', [], 'LIST_VALUE can not be converted to Structure'],
  ])('refuses a %s of a wrong type: %p (V3)', async (member, value, message) => {
    const operation =
      member === 'TargetId' ? 'CreateAccountAssignment' : 'ListAccountAssignmentDeletionStatus';

    const error = await refusal(createTestWorld().call(operation, { ...GOOD, [member]: value }));

    expect([error.code, error.message]).toEqual(['SerializationException', message]);
  });

  test('comes before the caller is looked at, and before anything is found (V4)', async () => {
    const { call } = createTestWorld();

    const error = await refusal(call('CreateAccountAssignment', { ...GOOD, TargetId: 'x' }, 'member'));

    expect(error.code).toBe('ValidationException');
  });

  test('passes over members that it does not know (W6)', async () => {
    const { call } = createTestWorld();

    await expect(
      call('ListPermissionSets', { InstanceArn: INSTANCE, Colour: 'blue' }),
    ).resolves.toBeDefined();
  });

  test('does not take an inherited property for a member', () => {
    const rules = { toString: required({ type: 'text' }) } as const;

    expect(() => checkInput(rules, {})).toThrow("Value null at 'toString'");
  });

  test('counts the members of a list from one, and the list itself (V1)', () => {
    const rules = { Ids: required({ type: 'list', min: 1, max: 2, of: { type: 'text', max: 2 } }) } as const;
    const input: InputOf<typeof rules> = checkInput(rules, { Ids: ['ab'] });

    expect(input.Ids).toEqual(['ab']);
    expect(() => checkInput(rules, { Ids: ['ab', 'abc'] })).toThrow("Value 'abc' at 'ids.2.member'");
    expect(() => checkInput(rules, { Ids: [] })).toThrow(
      'Member must have length greater than or equal to 1',
    );
    expect(() => checkInput(rules, { Ids: ['a', 'b', 'c'] })).toThrow(
      'Member must have length less than or equal to 2',
    );
    expect(() => checkInput(rules, { Ids: 'ab' })).toThrow('STRING_VALUE can not be converted to List');
  });

  test('a permission set ARN may have every character of its pattern (V1)', async () => {
    const arn = READ_ONLY.replace(/ps-.*/, 'ps-aZ09-./aZ09-./aZ');

    const error = await refusal(
      createTestWorld().call('DescribePermissionSet', { InstanceArn: INSTANCE, PermissionSetArn: arn }),
    );

    expect(error.code).toBe('ResourceNotFoundException');
  });
});

describe('an input that is nested deeper than any service goes', () => {
  /** As a body can say it: JSON is read however deep it is. */
  const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

  test.each([
    [
      'in a document',
      'UpdateUser',
      { Operations: [{ AttributePath: 'title', AttributeValue: nested(50_000) }] },
    ],
    ['in a member that no one knows', 'ListUsers', { Unknown: nested(50_000) }],
    ['in a list', 'ListUsers', { Extensions: nested(50_000) }],
  ])('is refused before anybody looks into it: %s (V5)', async (_where, operation, input) => {
    const user = { IdentityStoreId: STORE, UserId: 'aaaaaaaa-0000-4000-8000-000000000001' };

    const error = await refusal(createTestWorld().call(operation, { ...user, ...input }));

    expect([error.code, error.message]).toEqual([
      'SerializationException',
      'the input is nested more than 100 levels deep',
    ]);
  });

  test('is one from 101 levels on (V5)', async () => {
    const { call } = createTestWorld();

    await expect(call('ListUsers', { IdentityStoreId: STORE, Unknown: nested(99) })).resolves.toBeDefined();
    await expect(call('ListUsers', { IdentityStoreId: STORE, Unknown: nested(100) })).rejects.toThrow(
      'nested',
    );
  });
});
