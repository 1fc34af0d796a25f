import { credentialsOf } from '../../cli/identity-center';

const CALLERS = {
  callers: [
    {
      accessKeyId: 'desk',
      secretAccessKey: 'a',
      roleArn: 'arn:aws:iam::222233334444:role/Desk',
      sessionName: 'desk',
    },
    {
      accessKeyId: 'root',
      secretAccessKey: 'b',
      roleArn: 'arn:aws:iam::111122223333:role/Root',
      sessionName: 'root',
    },
  ],
};

describe('whose signatures the simulated Identity Center checks', () => {
  test('nobody’s unless it is asked to', () => {
    expect(credentialsOf('any', CALLERS)).toBeUndefined();
  });

  test('those of the organization file', () => {
    expect([...(credentialsOf('callers', CALLERS) ?? [])]).toEqual([
      ['desk', 'a'],
      ['root', 'b'],
    ]);
  });

  test('those of a file that has none let nobody in, which is refused', () => {
    expect(() => credentialsOf('callers', { callers: [] })).toThrow(
      '--credentials is callers, and the organization file has none: add some, or give one pair',
    );
  });

  test('one pair, whose secret may hold colons', () => {
    expect([...(credentialsOf('key:se:cret', CALLERS) ?? [])]).toEqual([['key', 'se:cret']]);
  });

  test.each(['', 'key', 'key:', ':secret', 'all'])('%p is refused without showing it', (text) => {
    expect(() => credentialsOf(text, CALLERS)).toThrow(
      /^--credentials is none of any, callers and ACCESS_KEY_ID:SECRET: give one of them$/,
    );
  });
});
