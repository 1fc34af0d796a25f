import { RootConstruct } from 'constructs';
import { instanceParts, readSettings } from '../../lib/settings';
import { TEST_SETTINGS } from '../support/test-settings';

function scopeWith(context: Readonly<Record<string, unknown>>): RootConstruct {
  const root = new RootConstruct();
  for (const [key, value] of Object.entries(context)) root.node.setContext(key, value);
  return root;
}

describe('readSettings', () => {
  test('reads the context and fills in what may be left out', () => {
    const { assignmentSlots: _slots, callsPerSecond: _rate, ...written } = TEST_SETTINGS;
    expect(readSettings(scopeWith({ latchkey: written }))).toEqual(TEST_SETTINGS);
  });

  test('says how to get settings where there are none', () => {
    expect(() => readSettings(scopeWith({}))).toThrow(
      /"latchkey" in cdk\.json is missing: run npm run configure/,
    );
  });

  test('names the key and the value that is wrong', () => {
    const settings = { ...TEST_SETTINGS, hostAccountId: '2222' };
    expect(() => readSettings(scopeWith({ latchkey: settings }))).toThrow(
      /cdk\.json.*hostAccountId is "2222"/,
    );
  });
});

describe('the address that alarms are told to', () => {
  test('may be left out', () => {
    expect(readSettings(scopeWith({ latchkey: TEST_SETTINGS })).alarmEmail).toBeUndefined();
  });

  test('is an e-mail address', () => {
    const latchkey = { ...TEST_SETTINGS, alarmEmail: 'cloud-platform+latchkey@sub.example.com' };
    expect(readSettings(scopeWith({ latchkey }))).toEqual(latchkey);
  });

  test.each([
    '',
    'on-call',
    'a b@example.com',
    'Duty <on-call@example.com>',
    'a@example.com, b@example.com',
    `${'a'.repeat(250)}@example.com`,
    ['on-call@example.com'],
  ])('is not %j', (alarmEmail) => {
    expect(() => readSettings(scopeWith({ latchkey: { ...TEST_SETTINGS, alarmEmail } }))).toThrow(
      /cdk\.json.*alarmEmail is .*(e-mail address|254 characters)/,
    );
  });
});

describe('instanceParts', () => {
  test('takes partition and instance id from the ARN', () => {
    expect(instanceParts('arn:aws-cn:sso:::instance/ssoins-1111222233334444')).toEqual({
      partition: 'aws-cn',
      instanceId: 'ssoins-1111222233334444',
    });
  });

  test('refuses what is no ARN, and shows it', () => {
    expect(() => instanceParts('ssoins-1111222233334444')).toThrow(/instanceArn is ssoins-1111222233334444/);
  });
});
