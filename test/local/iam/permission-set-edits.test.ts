import { OWNER_TAG } from '../../../core/permission-sets/definition';
import { boundary } from '../../../lib/identity-boundary';
import { IdentityCenterPermissions } from '../../../lib/identity-center-permissions';
import { Authorization } from '../../../local/iam/authorization';
import { IdentityPolicy } from '../../../local/iam/identity-policy';
import { tagsOf } from '../../../local/identity-center/tags';
import { TEST_SETTINGS } from '../../support/test-settings';
import { createTestWorld, INSTANCE, type Output, POWER_USER, READ_ONLY } from '../identity-center/support';

const ROLE = 'arn:aws:iam::222222222222:role/Editor';
const SESSION = 'arn:aws:sts::222222222222:assumed-role/Editor/apply';
const OWNER = { Key: OWNER_TAG.key, Value: OWNER_TAG.value };

/** An editor of permission sets with what the stack would give it, in front of the simulator. */
function editorWorld() {
  const world = createTestWorld();
  const permissions = new IdentityCenterPermissions(TEST_SETTINGS);
  const statements = [...permissions.editPermissionSets(), boundary('editor')].map(
    (statement) => statement.toStatementJson() as unknown,
  );
  const document = { Version: '2012-10-17', Statement: statements };
  const session = {
    role: { logicalId: 'Editor', arn: ROLE, policy: new IdentityPolicy([{ name: 'Editor/Own', document }]) },
    sessionName: 'apply',
    arn: SESSION,
    credentials: { accessKeyId: 'ASIA0000000000000000', secretAccessKey: 's', sessionToken: 't' },
  };
  const authorization = new Authorization({
    sessions: new Map([['apply', session]]),
    place: {
      region: 'eu-west-1',
      accountId: '222222222222',
      managementAccountId: '111111111111',
      organizationId: 'o-abcdefghij',
      machineOfToken: () => undefined,
    },
    tagsOf: (arn) => tagsOf(world.simulator.world, arn),
  });
  const call = async (operation: string, input: Output): Promise<Output> => {
    authorization.check(session, { service: 'SWBExternalService', operation, input });
    return world.call(operation, input);
  };
  const edit = (operation: string, arn: string, more: Output = {}): Promise<Output> =>
    call(operation, { InstanceArn: INSTANCE, PermissionSetArn: arn, ...more });
  const tag = (arn: string, ...tags: readonly Output[]): Promise<Output> =>
    call('TagResource', { InstanceArn: INSTANCE, ResourceArn: arn, Tags: tags });
  const untag = (arn: string, ...keys: readonly string[]): Promise<Output> =>
    call('UntagResource', { InstanceArn: INSTANCE, ResourceArn: arn, TagKeys: keys });
  return { call, edit, tag, untag, present: (arn: string) => tagsOf(world.simulator.world, arn) };
}

type EditorWorld = ReturnType<typeof editorWorld>;

/** Makes a set of its own; answers the ARN. */
async function ownSet({ call }: EditorWorld): Promise<string> {
  const { PermissionSet: set } = await call('CreatePermissionSet', {
    InstanceArn: INSTANCE,
    Name: 'Own',
    Tags: [OWNER],
  });
  return (set as { readonly PermissionSetArn: string }).PermissionSetArn;
}

const POLICY = { ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
const REFERENCE = { CustomerManagedPolicyReference: { Name: 'more', Path: '/' } };

/** In an order in which the simulator takes them. */
const EDITS: readonly (readonly [string, Output])[] = [
  ['UpdatePermissionSet', { Description: 'See' }],
  ['AttachManagedPolicyToPermissionSet', POLICY],
  ['DetachManagedPolicyFromPermissionSet', POLICY],
  ['AttachCustomerManagedPolicyReferenceToPermissionSet', REFERENCE],
  ['DetachCustomerManagedPolicyReferenceFromPermissionSet', REFERENCE],
  ['PutInlinePolicyToPermissionSet', { InlinePolicy: '{"Version":"2012-10-17","Statement":[]}' }],
  ['DeleteInlinePolicyFromPermissionSet', {}],
  ['PutPermissionsBoundaryToPermissionSet', { PermissionsBoundary: POLICY }],
  ['DeletePermissionsBoundaryFromPermissionSet', {}],
  ['DeletePermissionSet', {}],
];

describe('an editor of permission sets', () => {
  let world: EditorWorld;

  beforeEach(() => {
    world = editorWorld();
  });

  test('makes a set with the owner’s tag, changes all of it and deletes it', async () => {
    const arn = await ownSet(world);
    for (const [operation, more] of EDITS) await world.edit(operation, arn, more);
    expect(world.present(arn)).toBeUndefined();
  });

  test.each([
    ['no tags', {}],
    ['other tags', { Tags: [{ Key: 'team', Value: 'a' }] }],
    ['the owner’s tag with another value', { Tags: [{ ...OWNER, Value: 'somebody' }] }],
  ])('makes no set with %s', async (_case, tags) => {
    const made = world.call('CreatePermissionSet', { InstanceArn: INSTANCE, Name: 'Other', ...tags });
    await expect(made).rejects.toThrow(/not authorized to perform: sso:CreatePermissionSet/);
  });

  test.each(EDITS)('cannot %s of somebody else’s, in the service’s words', async (operation, more) => {
    await expect(world.edit(operation, READ_ONLY, more)).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message:
        `User: ${SESSION} is not authorized to perform: sso:${operation} on resource: ${READ_ONLY} ` +
        `because no identity-based policy allows the sso:${operation} action`,
    });
  });

  test('takes a set over by its tag, and changes it afterwards', async () => {
    await world.tag(POWER_USER, OWNER);
    await world.edit('UpdatePermissionSet', POWER_USER, { Description: 'ours' });
    expect(world.present(POWER_USER)).toEqual({ [OWNER_TAG.key]: OWNER_TAG.value });
  });

  test('gives a set that is not its own no other tag without the owner’s', async () => {
    await expect(world.tag(READ_ONLY, { Key: 'team', Value: 'a' })).rejects.toThrow(/sso:TagResource/);
    await world.tag(READ_ONLY, { Key: 'team', Value: 'a' }, OWNER);
    expect(world.present(READ_ONLY)).toMatchObject({ team: 'a' });
  });

  test('gives its own sets other tags, and takes them away', async () => {
    const arn = await ownSet(world);
    await world.tag(arn, { Key: 'team', Value: 'a' });
    expect(world.present(arn)).toHaveProperty('team', 'a');
    await world.untag(arn, 'team');
    expect(world.present(arn)).not.toHaveProperty('team');
  });

  test('cannot take the owner’s tag away, alone or among others, or give it another value', async () => {
    const arn = await ownSet(world);
    const denied = /sso:UntagResource.* with an explicit deny in an identity-based policy/;
    await expect(world.untag(arn, OWNER_TAG.key)).rejects.toThrow(denied);
    await expect(world.untag(arn, 'team', OWNER_TAG.key)).rejects.toThrow(denied);
    await expect(world.tag(arn, { ...OWNER, Value: 'somebody' })).rejects.toThrow(/sso:TagResource/);
    expect(world.present(arn)).toEqual({ [OWNER_TAG.key]: OWNER_TAG.value });
  });

  test('takes no tag from a set that is not its own', async () => {
    await expect(world.untag(READ_ONLY, 'risk')).rejects.toThrow(/because no identity-based policy allows/);
  });

  test('cannot tag the instance, nor provision', async () => {
    await expect(world.tag(INSTANCE, OWNER)).rejects.toThrow(/sso:TagResource/);
    const provision = { TargetType: 'AWS_ACCOUNT', TargetId: '444444444444' };
    await expect(world.edit('ProvisionPermissionSet', READ_ONLY, provision)).rejects.toThrow(/explicit deny/);
  });
});
