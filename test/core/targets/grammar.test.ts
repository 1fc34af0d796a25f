import { plainAccounts, readTarget, type Target } from '../../../core/targets/grammar';
import { collectProblems, type FieldProblem } from '../../../core/tickets/field-problem';

function read(value: unknown): { readonly target: Target | undefined; readonly problems: FieldProblem[] } {
  const { report, problems } = collectProblems();
  const target = readTarget(report, 'target', value);
  return { target, problems: problems() };
}

/** Exceptions from each other, so many levels of them below the target. */
function nested(levels: number): object {
  return levels === 0 ? { all: true } : { all: true, except: nested(levels - 1) };
}

describe('readTarget', () => {
  test.each([
    ['an account', { account: '111122223333' }, [{ account: '111122223333' }]],
    ['a name', { accountName: 'Payments Prod' }, [{ accountName: 'Payments Prod' }]],
    ['a pattern of names', { accountName: '*-prod' }, [{ accountName: '*-prod' }]],
    ['a unit by id', { ou: 'ou-k3f9-w0pr0d01' }, [{ ou: 'ou-k3f9-w0pr0d01' }]],
    ['a path', { ou: 'Workloads/Prod', direct: true }, [{ ou: 'Workloads/Prod', direct: true }]],
    ['a path with a slash in front', { ou: '/Workloads/Prod' }, [{ ou: 'Workloads/Prod' }]],
    ['the root', [{ ou: '/' }, { ou: 'r-k3f9', direct: false }], [{ ou: '/' }, { ou: 'r-k3f9' }]],
    ['tags', { tag: { b: '*', a: '' } }, [{ tag: { a: '', b: '*' } }]],
    [
      'a tag with a colon and Unicode',
      { tag: { '部署:名前': '経理*' } },
      [{ tag: { '部署:名前': '経理*' } }],
    ],
    ['a decomposed letter', { tag: { 'e\u0301': 'u\u0308' } }, [{ tag: { '\u00E9': '\u00FC' } }]],
    ['all', { all: true }, [{ all: true }]],
    [
      'an exception, as a list',
      { all: true, except: { account: '111122223333' } },
      [{ all: true, except: [{ account: '111122223333' }] }],
    ],
  ])('reads %s', (_case, value, target) => {
    expect(read(value)).toEqual({ target, problems: [] });
  });

  test.each([
    ['nothing', undefined, 'target', 'is missing'],
    ['a text', 'Workloads', 'target', 'is a string, not an object'],
    ['an empty list', [], 'target', 'is an empty list'],
    ['an empty exception', { all: true, except: [] }, 'target.except', 'is an empty list'],
    ['an exception from nothing', { except: { all: true } }, 'target.account', 'is missing'],
    ['null for an exception', { all: true, except: null }, 'target.except', 'is null, not an object'],
    ['a fault deep inside', [{ all: true, except: [{ ou: 7 }] }], 'target[0].except[0].ou', 'is a number'],
    ['two in one', { ou: 'Workloads', tag: { env: 'prod' } }, 'target.tag', 'stands beside ou'],
    ['an id without quotes', { account: 111122223333 }, 'target.account', 'is a number'],
    ['a pattern of ids', { account: '1111*' }, 'target.account', 'is not an account id of 12 digits'],
    ['a path with a hole', { ou: 'Workloads//Prod' }, 'target.ou', 'has an empty name in its path'],
    ['a path with an open end', { ou: 'Workloads/' }, 'target.ou', 'has an empty name in its path'],
    ['direct without a unit', { all: true, direct: true }, 'target.direct', 'stands without ou'],
    ['direct as a text', { ou: '/', direct: 'yes' }, 'target.direct', 'is a string, neither true nor false'],
    ['all that is not true', { all: false }, 'target.all', 'is not true'],
    ['no tag', { tag: {} }, 'target.tag', 'names 0 tags'],
    ['tags as a list', { tag: ['env'] }, 'target.tag', 'is a list, not an object'],
    ['a tag that is a number', { tag: { env: 1 } }, 'target.tag.env', 'is a number, not a string'],
    ['a key that nobody sees', { tag: { 'env\u200b': 'x' } }, 'target.tag["env\\u200b"]', 'invisible'],
    ['letters of two alphabets', { tag: { env: 'pr\u043Ed' } }, 'target.tag.env', 'mixes scripts'],
    [
      'a key that is not known',
      { all: true, exept: [] },
      'target.exept',
      'is not a field that is known here',
    ],
  ])('refuses %s', (_case, value, field, problem) => {
    const { target, problems } = read(value);

    expect(target).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ field, problem: expect.stringContaining(problem) as string });
  });

  test('takes an exception from an exception, and nothing deeper', () => {
    expect(read(nested(2)).problems).toEqual([]);
    expect(read(nested(3)).problems).toMatchObject([
      {
        field: 'target.except.except.except',
        remedy: 'write what is meant as a list with one exception each',
      },
    ]);
  });

  test('takes 1,000 entries, those of exceptions counted with them', () => {
    const accounts = Array.from({ length: 999 }, () => ({ account: '111122223333' }));

    expect(read({ all: true, except: accounts }).problems).toEqual([]);
    expect(read({ all: true, except: [...accounts, { account: '111122223333' }] })).toMatchObject({
      target: undefined,
      problems: [{ field: 'target', problem: 'has 1001 entries' }],
    });
  });

  test('takes 50 tags and no more', () => {
    const tags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, 'x']));

    expect(read({ tag: tags(50) }).problems).toEqual([]);
    expect(read({ tag: tags(51) }).problems).toMatchObject([{ problem: 'names 51 tags' }]);
  });
});

describe('plainAccounts', () => {
  test('are those of a list of ids alone, each once', () => {
    const [a, b] = [{ account: '111122223333' }, { account: '222233334444' }];

    expect(plainAccounts([a, b, a])).toEqual(['111122223333', '222233334444']);
    expect(plainAccounts([a, { all: true }])).toBeUndefined();
    expect(plainAccounts([{ ...a, except: [b] }])).toBeUndefined();
  });
});
