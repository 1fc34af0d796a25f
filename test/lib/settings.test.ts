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
    const { assignmentSlots: _default, ...written } = TEST_SETTINGS;
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
