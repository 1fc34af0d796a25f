import { mixedScripts } from '../../../core/tickets/script-mixing';
import { textFault } from '../../../core/tickets/safe-text';

describe('mixedScripts', () => {
  test.each([
    'alice@example.com',
    'René Müller-Lüdenscheidt 3',
    'Анна Каренина',
    'Ελένη',
    'محمد',
    'דוד',
    '田中 太郎',
    '東京タワーの管理',
    'プラットフォーム Platform チーム',
    '김철수 金哲洙',
    'ㄅㄆㄇ 注音',
    'สมชาย',
    '123-456 (!)',
    '',
  ])('has nothing against %s', (name) => {
    expect(mixedScripts(name)).toBeUndefined();
  });

  test.each([
    ['p\u0430ypal', ['Latin', 'Cyrillic']],
    ['\u0391dmin', ['Greek', 'Latin']],
    ['\u13DEatform', ['Cherokee', 'Latin']],
    ['\u0430\u03B1', ['Cyrillic', 'Greek']],
    ['\u30A2\uC544', ['Katakana', 'Hangul']],
    ['a\u{10330}', ['Latin', 'other']],
    ['a\u0561', ['Latin', 'Armenian']],
  ])('finds the scripts in %s', (name, scripts) => {
    expect(mixedScripts(name)).toEqual(scripts);
  });
});

describe('textFault', () => {
  const name = { kind: 'name', longest: 10, what: 'a name' } as const;
  const prose = { kind: 'prose', longest: 40, what: 'a reason' } as const;

  test('counts characters, not code units', () => {
    expect(textFault('😀'.repeat(10), name)).toBeUndefined();
    expect(textFault('😀'.repeat(11), name)?.problem).toBe('has 11 characters');
  });

  test('says which invisible character stands where', () => {
    expect(textFault('ab\u200Bc', name)?.problem).toContain('U+200B at character 3');
  });

  test('lets prose have line ends, tabs, emoji and several scripts', () => {
    expect(textFault('первый\tline\n⚠️ second', prose)).toBeUndefined();
  });

  test.each(['\u202E', '\u2067', '\u200F', '\u0000', '\r'])('lets prose not have %j', (hidden) => {
    expect(textFault(`a${hidden}b`, prose)).toBeDefined();
  });
});
