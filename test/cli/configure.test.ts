import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeOrganizationCommand,
  ListDelegatedAdministratorsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { DescribeInstanceCommand, ListInstancesCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { mockClient } from 'aws-sdk-client-mock';
import { configure, type ConfigureOptions, mergeSettings } from '../../cli/configure';
import { TEST_SETTINGS } from '../support/test-settings';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555';
const { instanceArn, identityStoreId, organizationId, managementAccountId, hostAccountId } = TEST_SETTINGS;
const instance = {
  InstanceArn: instanceArn,
  IdentityStoreId: identityStoreId,
  OwnerAccountId: managementAccountId,
};

const sso = mockClient(SSOAdminClient);
const organizations = mockClient(OrganizationsClient);

/** An organization as {@link TEST_SETTINGS} has it; a test changes one answer. */
beforeEach(() => {
  sso.reset();
  organizations.reset();
  sso.on(ListInstancesCommand).resolves({ Instances: [instance] });
  sso.on(DescribeInstanceCommand).resolves(instance);
  organizations.on(DescribeOrganizationCommand).resolves({
    Organization: { Id: organizationId, MasterAccountId: managementAccountId },
  });
  organizations
    .on(ListDelegatedAdministratorsCommand)
    .resolves({ DelegatedAdministrators: [{ Id: hostAccountId }] });
});

/** Runs the command on a `cdk.json` with this text and answers what it said and what is in the file then. */
async function run(
  text = '{"app": "npx tsx bin/latchkey.ts"}',
  options: Pick<
    ConfigureOptions,
    'dryRun' | 'instance' | 'alarmEmail' | 'organizationEvents' | 'controlTowerRegion'
  > = {},
): Promise<{ readonly lines: readonly string[]; readonly text: string; readonly context: unknown }> {
  const cdkJson = join(mkdtempSync(join(tmpdir(), 'latchkey-configure-')), 'cdk.json');
  writeFileSync(cdkJson, text);
  const lines: string[] = [];
  await configure(
    { ...options, cdkJson },
    (line) => lines.push(line),
    () => ({
      ssoAdmin: new SSOAdminClient({ region: 'eu-west-1' }),
      organizations: new OrganizationsClient({ region: 'eu-west-1' }),
    }),
  );
  const written = readFileSync(cdkJson, 'utf8');
  return { lines, text: written, context: (JSON.parse(written) as { readonly context?: unknown }).context };
}

function failure(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

describe('configure', () => {
  test('writes what it discovers, and keeps everything else in the file', async () => {
    const { context, text, lines } = await run(
      '{"app": "npx tsx bin/latchkey.ts", "context": {"other": [1]}}',
    );
    const { homeRegion } = TEST_SETTINGS;
    expect(context).toEqual({
      other: [1],
      latchkey: {
        instanceArn,
        identityStoreId,
        organizationId,
        managementAccountId,
        hostAccountId,
        homeRegion,
      },
    });
    expect(text).toContain('"app": "npx tsx bin/latchkey.ts"');
    expect(lines).toContain('homeRegion: (none) → eu-west-1');
  });

  test('says what would change and writes nothing in a dry run', async () => {
    const before = '{"app": "x"}';
    const { text, lines } = await run(before, { dryRun: true });
    expect(text).toBe(before);
    expect(lines).toEqual(expect.arrayContaining([`organizationId: (none) → ${organizationId}`]));
    expect(lines.at(-1)).toContain('run without --dry-run');
  });

  test('leaves a file alone that has these settings already', async () => {
    const { text } = await run();
    const again = await run(text);
    expect(again.text).toBe(text);
    expect(again.lines.at(-1)).toContain('has these settings already');
  });

  test('writes whom alarms are told, and keeps that address when it is run again', async () => {
    const first = await run(undefined, { alarmEmail: 'on-call@example.com' });
    const again = await run(first.text);
    const changed = await run(first.text, { alarmEmail: 'platform@example.com' });

    expect(first.context).toMatchObject({ latchkey: { alarmEmail: 'on-call@example.com' } });
    expect(first.lines).toContain('alarmEmail: (none) → on-call@example.com');
    expect(again).toMatchObject({ text: first.text, lines: [expect.stringContaining('already')] });
    expect(changed.lines).toContain('alarmEmail: on-call@example.com → platform@example.com');
    expect(changed.context).toMatchObject({ latchkey: { alarmEmail: 'platform@example.com' } });
  });

  test('writes that the management account sends its events, and keeps that when it is run again', async () => {
    const first = await run(undefined, { organizationEvents: true, controlTowerRegion: 'eu-central-1' });
    const again = await run(first.text);
    const taken = await run(first.text, { organizationEvents: false });

    expect(first.lines).toContain('organizationEvents: (none) → true');
    expect(again.text).toBe(first.text);
    expect(taken.context).toMatchObject({
      latchkey: { organizationEvents: false, controlTowerRegion: 'eu-central-1' },
    });
  });

  test('keeps every setting that somebody made by hand', async () => {
    const byHand = { prune: true, mostDeletions: 50, permissionSetsPerInstance: 2000 };

    const { context, lines } = await run(JSON.stringify({ context: { latchkey: byHand } }));

    expect(context).toMatchObject({ latchkey: byHand });
    expect(lines.join('\n')).not.toMatch(/prune|mostDeletions|permissionSetsPer/);
  });

  test('refuses a Control Tower Region that is none, and shows it', async () => {
    await expect(run(undefined, { controlTowerRegion: 'Frankfurt' })).rejects.toThrow(
      /^--control-tower-region is "Frankfurt": must be a Region such as/,
    );
  });

  test('says that nobody is told of alarms where no address is set', async () => {
    expect((await run()).lines).toContainEqual(
      expect.stringMatching(/^alarmEmail: \(none\).*nobody is told of alarms.*--alarm-email/),
    );
  });

  test('refuses an address that is none before it asks AWS, and shows it', async () => {
    await expect(run(undefined, { alarmEmail: 'on-call' })).rejects.toThrow(
      /^--alarm-email is "on-call": must be an e-mail address such as/,
    );
    expect(sso.calls()).toHaveLength(0);
  });

  test("takes the instance's own key, and no key where AWS has it", async () => {
    sso.on(DescribeInstanceCommand).resolves({
      ...instance,
      EncryptionConfigurationDetails: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: KEY },
    });
    const own = await run();
    expect(own.context).toMatchObject({ latchkey: { encryptionKeyArn: KEY } });
    sso.on(DescribeInstanceCommand).resolves({
      ...instance,
      EncryptionConfigurationDetails: { KeyType: 'AWS_OWNED_KMS_KEY' },
    });
    const { lines, text } = await run(own.text);
    expect(lines).toContain(`encryptionKeyArn: ${KEY} → (none)`);
    expect(text).not.toContain('encryptionKeyArn');
  });

  test('takes the primary Region of a replicated instance', async () => {
    sso.on(DescribeInstanceCommand).resolves({ ...instance, PrimaryRegion: 'eu-central-1' });
    expect((await run()).context).toMatchObject({ latchkey: { homeRegion: 'eu-central-1' } });
  });

  test('reads every page of instances, and takes the one that is named', async () => {
    const other = { ...instance, InstanceArn: 'arn:aws:sso:::instance/ssoins-9999888877776666' };
    sso.on(ListInstancesCommand).resolves({ Instances: [other], NextToken: 'more' });
    sso.on(ListInstancesCommand, { NextToken: 'more' }).resolves({ Instances: [instance] });
    expect((await run(undefined, { instance: instanceArn })).context).toMatchObject({
      latchkey: { instanceArn },
    });
    await expect(run()).rejects.toThrow(/several instances in eu-west-1.*choose one with --instance/);
    await expect(run(undefined, { instance: 'arn:aws:sso:::instance/ssoins-0' })).rejects.toThrow(
      /no instance arn:aws:sso:::instance\/ssoins-0 in eu-west-1, but/,
    );
  });

  test('sends a person to the right account and Region where no instance is to be seen', async () => {
    sso.on(ListInstancesCommand).resolves({ Instances: [] });
    await expect(run()).rejects.toThrow(
      /no Identity Center instance.*in eu-west-1.*delegated-administrator.*--region/,
    );
  });

  test('refuses an instance that belongs to a single account', async () => {
    sso.on(DescribeInstanceCommand).resolves({ ...instance, OwnerAccountId: hostAccountId });
    await expect(run()).rejects.toThrow(/belongs to account 222233334444 alone.*--instance/);
  });

  test('asks for a delegated administrator where there is none', async () => {
    organizations.on(ListDelegatedAdministratorsCommand).resolves({ DelegatedAdministrators: [] });
    await expect(run()).rejects.toThrow(
      /no account is the delegated administrator.*register-delegated-administrator/,
    );
  });

  test.each([
    ['AccessDeniedException', /sso:ListInstances is not allowed.*AWSSSOReadOnly/],
    ['CredentialsProviderError', /needs AWS credentials.*AWS_PROFILE/],
    ['InternalServerException', /sso:ListInstances failed with InternalServerException/],
  ])('says what to do about %s', async (name, expected) => {
    sso.on(ListInstancesCommand).rejects(failure(name, 'the service said so'));
    await expect(run()).rejects.toThrow(expected);
  });

  test('names what AWS answered where it is no usable setting', async () => {
    organizations
      .on(DescribeOrganizationCommand)
      .resolves({ Organization: { MasterAccountId: managementAccountId } });
    await expect(run()).rejects.toThrow(/what AWS answered is not usable: organizationId is missing/);
  });
});

describe('mergeSettings', () => {
  test('keeps what somebody has set by hand', () => {
    const byHand = { assignmentSlots: 10, callsPerSecond: 9, alarmEmail: 'on-call@example.com' };
    const before = JSON.stringify({
      context: { latchkey: { ...TEST_SETTINGS, ...byHand, homeRegion: 'us-east-1' } },
    });
    const { text, changes } = mergeSettings(before, TEST_SETTINGS, 'cdk.json');
    expect(changes).toEqual(['homeRegion: us-east-1 → eu-west-1']);
    expect(JSON.parse(text)).toEqual({ context: { latchkey: { ...TEST_SETTINGS, ...byHand } } });
  });

  test.each(['{', '[]', 'null'])('refuses %s, and writes nothing', (text) => {
    expect(() => mergeSettings(text, TEST_SETTINGS, 'cdk.json')).toThrow(/^cdk\.json .*restore it from git$/);
  });
});
