import * as fc from 'fast-check';
import { OWNER_TAG, type PermissionSetContents } from '../../../core/permission-sets/definition';
import { describeChanges } from '../../../core/permission-sets/describe-changes';
import { changesTo, MOST_POLICIES, needsProvision, partsOf } from '../../../core/permission-sets/differences';
import {
  CONTENT_PARTS,
  type ContentPart,
  type PermissionSetChange,
} from '../../../core/ports/permission-sets';

type Policy = { readonly aws: string } | { readonly customer: string };

const arn = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const OWNED = { [OWNER_TAG.key]: OWNER_TAG.value };

/** Of each kind enough that two sets that are full may have nothing in common. */
const POLICIES: readonly Policy[] = Array.from({ length: 30 }, (_, number) => [
  { aws: arn(`p${number}`) },
  { customer: `c${number}` },
]).flat();

const contents: fc.Arbitrary<PermissionSetContents> = fc
  .record(
    {
      description: fc.constantFrom('one', 'two'),
      sessionDuration: fc.constantFrom('PT1H', 'PT8H'),
      relayState: fc.constantFrom('https://a.example', 'https://b.example'),
      tags: fc.dictionary(fc.constantFrom('team', 'tier', 'risk'), fc.constantFrom('a', 'b', '')),
      policies: fc.uniqueArray(fc.constantFrom(...POLICIES), { maxLength: MOST_POLICIES, size: 'max' }),
      inlinePolicy: fc.constantFrom('{"Statement":[]}', '{"Statement":[{}]}'),
      permissionsBoundary: fc.constantFrom(
        { awsManagedPolicy: arn('limit') },
        { customerManagedPolicy: { name: 'limit', path: '/' } },
      ),
    },
    { requiredKeys: ['sessionDuration', 'tags', 'policies'] },
  )
  .map(({ policies, tags, ...rest }) => ({
    ...rest,
    tags: { ...tags, ...OWNED },
    awsManagedPolicies: policies.flatMap((each) => ('aws' in each ? each.aws : [])).sort(),
    customerManagedPolicies: policies
      .flatMap((each) => ('customer' in each ? each.customer : []))
      .sort()
      .map((name) => ({ name, path: '/' })),
  }));

/** What a set has after one call, as the service has it and the adapter reads it. */
function after(set: PermissionSetContents, change: PermissionSetChange): PermissionSetContents {
  switch (change.change) {
    case 'attributes': {
      const { description: kept, relayState: _replaced, ...rest } = set;
      // The service may keep a description that is left out.
      const { description = kept, sessionDuration, relayState } = change;
      return {
        ...rest,
        sessionDuration,
        ...(description === undefined || description.trim() === '' ? {} : { description }),
        ...(relayState === undefined ? {} : { relayState }),
      };
    }
    case 'tag':
      return { ...set, tags: { ...set.tags, ...change.tags } };
    case 'untag':
      return {
        ...set,
        tags: Object.fromEntries(Object.entries(set.tags).filter(([key]) => !change.keys.includes(key))),
      };
    case 'attach':
    case 'detach':
      return 'awsManagedPolicy' in change
        ? {
            ...set,
            awsManagedPolicies: toggled(set.awsManagedPolicies, change.awsManagedPolicy, change.change),
          }
        : {
            ...set,
            customerManagedPolicies: toggled(
              set.customerManagedPolicies.map(({ name }) => name),
              change.customerManagedPolicy.name,
              change.change,
            ).map((name) => ({ name, path: change.customerManagedPolicy.path })),
          };
    case 'put inline policy':
      return { ...set, inlinePolicy: change.inlinePolicy };
    case 'delete inline policy': {
      const { inlinePolicy: _gone, ...rest } = set;
      return rest;
    }
    case 'put boundary':
      return { ...set, permissionsBoundary: change.permissionsBoundary };
    case 'delete boundary': {
      const { permissionsBoundary: _gone, ...rest } = set;
      return rest;
    }
  }
}

/** As strict as the service: what is there cannot be attached, and what is not there cannot be detached. */
function toggled(list: readonly string[], item: string, change: 'attach' | 'detach'): string[] {
  if (list.includes(item) === (change === 'attach')) throw new Error(`${change} of ${item} makes no sense`);
  return (change === 'attach' ? [...list, item] : list.filter((each) => each !== item)).sort();
}

/** The set before the first change, and after each of them. */
function stepsOf(
  present: PermissionSetContents,
  changes: readonly PermissionSetChange[],
): PermissionSetContents[] {
  const steps = [present];
  for (const change of changes) steps.push(after(steps.at(-1) ?? present, change));
  return steps;
}

function policiesOf({
  awsManagedPolicies: aws,
  customerManagedPolicies: customer,
}: PermissionSetContents): string[] {
  return [...aws, ...customer.map(({ name, path }) => path + name)];
}

const BASE: PermissionSetContents = {
  description: 'Look',
  sessionDuration: 'PT1H',
  relayState: 'https://example.com/',
  tags: OWNED,
  awsManagedPolicies: [],
  customerManagedPolicies: [],
};

describe('the way from one set to another', () => {
  test('leads there from anywhere', () => {
    fc.assert(
      fc.property(contents, contents, (wanted, present) => {
        expect(stepsOf(present, changesTo(wanted, present)).at(-1)).toEqual(wanted);
      }),
    );
  });

  test('is no way where nothing differs', () => {
    fc.assert(
      fc.property(contents, (wanted) => {
        expect(changesTo(wanted, wanted)).toEqual([]);
      }),
    );
  });

  test('never has more policies than the service takes, and never lacks one that is there before and after', () => {
    fc.assert(
      fc.property(contents, contents, (wanted, present) => {
        const after = policiesOf(wanted);
        const kept = policiesOf(present).filter((each) => after.includes(each));
        for (const step of stepsOf(present, changesTo(wanted, present)).map(policiesOf)) {
          expect(step.length).toBeLessThanOrEqual(MOST_POLICIES);
          expect(kept.filter((each) => !step.includes(each))).toEqual([]);
        }
      }),
    );
  });

  test('detaches nothing before it attaches while there is room', () => {
    fc.assert(
      fc.property(contents, contents, (wanted, present) => {
        const changes = changesTo(wanted, present);
        const steps = stepsOf(present, changes).map((step) => policiesOf(step).length);
        const lastAttach = changes.findLastIndex(({ change }) => change === 'attach');
        const early = changes.flatMap(({ change }, index) =>
          change === 'detach' && index < lastAttach ? [steps[index]] : [],
        );
        expect(early.filter((count) => count !== MOST_POLICIES)).toEqual([]);
      }),
    );
  });

  test('never has policies of what is wanted without the boundary that is wanted', () => {
    fc.assert(
      fc.property(contents, contents, (wanted, present) => {
        const before = policiesOf(present);
        const isNew = (step: PermissionSetContents): boolean =>
          policiesOf(step).some((each) => !before.includes(each)) ||
          (step.inlinePolicy !== undefined && step.inlinePolicy !== present.inlinePolicy);
        const boundaries = stepsOf(present, changesTo(wanted, present))
          .filter(isNew)
          .map(({ permissionsBoundary }) => permissionsBoundary);
        const limit = wanted.permissionsBoundary ?? present.permissionsBoundary;
        expect(boundaries.slice(0, -1).filter((each) => each !== limit)).toEqual([]);
      }),
    );
  });

  test('changes only the parts that were read', () => {
    fc.assert(
      fc.property(contents, contents, fc.subarray([...CONTENT_PARTS]), (wanted, present, parts) => {
        const changes = changesTo(wanted, present, parts);
        expect(partsOf(changes).filter((part) => !parts.includes(part))).toEqual([]);
        expect(stepsOf(present, changes).at(-1)).toEqual({ ...present, ...only(wanted, present, parts) });
      }),
    );
  });

  test('tags a set before anything else, which only an owned one takes', () => {
    const [first, ...others] = changesTo(
      { ...BASE, sessionDuration: 'PT8H', inlinePolicy: '{}' },
      { ...BASE, tags: { other: 'x' } },
    );
    expect(first).toEqual({ change: 'tag', tags: OWNED });
    expect(others[0]).toEqual({ change: 'untag', keys: ['other'] });
  });

  test('takes the room for tags first where there would be none', () => {
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, number) => [`t${number}`, '']));
    const changes = changesTo(
      { ...BASE, tags: { ...OWNED, a: '1' } },
      { ...BASE, tags: { ...OWNED, ...many } },
    );
    expect(changes.map(({ change }) => change)).toEqual(['untag', 'tag']);
  });

  test('leaves tags of AWS and of the owner alone', () => {
    const present = { ...BASE, tags: { ...OWNED, 'aws:cloudformation:stack-name': 'x', old: '1' } };
    expect(changesTo({ ...BASE, tags: {} }, present)).toEqual([{ change: 'untag', keys: ['old'] }]);
  });

  test('carries relay state and duration with a change of the description alone', () => {
    expect(changesTo({ ...BASE, description: 'See' }, BASE)).toEqual([
      {
        change: 'attributes',
        description: 'See',
        sessionDuration: 'PT1H',
        relayState: 'https://example.com/',
      },
    ]);
  });

  test('takes a description away with a blank one, which the service cannot keep', () => {
    const { description: _gone, ...wanted } = BASE;
    expect(changesTo(wanted, BASE)).toEqual([
      { change: 'attributes', description: ' ', sessionDuration: 'PT1H', relayState: 'https://example.com/' },
    ]);
  });

  test('needs a provision for everything but tags', () => {
    expect(needsProvision(changesTo({ ...BASE, tags: { ...OWNED, a: '1' } }, BASE))).toBe(false);
    expect(needsProvision([])).toBe(false);
    expect(needsProvision(changesTo({ ...BASE, tags: {}, inlinePolicy: '{}' }, BASE))).toBe(true);
  });

  test('has to be read again in the parts that it changed', () => {
    const wanted = { ...BASE, description: 'See', customerManagedPolicies: [{ name: 'x', path: '/' }] };
    expect(partsOf(changesTo(wanted, BASE))).toEqual(['attributes', 'customerManagedPolicies']);
  });
});

describe('changes in words', () => {
  test('say for people what changes from what to what', () => {
    const wanted: PermissionSetContents = {
      sessionDuration: 'PT8H',
      tags: { ...OWNED, team: 'b', empty: '' },
      awsManagedPolicies: [arn('job-function/Billing')],
      customerManagedPolicies: [{ name: 'more', path: '/team/' }],
      inlinePolicy: '{"Statement":[]}',
      permissionsBoundary: { awsManagedPolicy: arn('PowerUserAccess') },
    };
    const present: PermissionSetContents = {
      ...BASE,
      description: 'x'.repeat(700),
      tags: { ...OWNED, team: 'a', old: '1' },
      awsManagedPolicies: [arn('ReadOnlyAccess')],
      permissionsBoundary: { customerManagedPolicy: { name: 'limit', path: '/' } },
    };
    expect(describeChanges(changesTo(wanted, present), present)).toEqual([
      'tag team "a" → "b"',
      'tag empty none → ""',
      'tag old "1" → none',
      `description "${'x'.repeat(59)}…" → none`,
      'session duration PT1H → PT8H',
      'relay state "https://example.com/" → none',
      'permissions boundary /limit → PowerUserAccess',
      'attach job-function/Billing',
      'attach /team/more',
      'detach ReadOnlyAccess',
      'inline policy none → 701f12e2a456 (16 bytes)',
    ]);
  });

  test('say it of every change', () => {
    fc.assert(
      fc.property(contents, contents, (wanted, present) => {
        const changes = changesTo(wanted, present);
        expect(changes.filter((change) => describeChanges([change], present).length === 0)).toEqual([]);
      }),
    );
  });

  test('never show an inline policy', () => {
    const inlinePolicy = '{"Statement":[{"Action":"s3:GetObject"}]}';
    const lines = [
      ...describeChanges(changesTo({ ...BASE, inlinePolicy }, BASE), BASE),
      ...describeChanges(changesTo(BASE, { ...BASE, inlinePolicy }), { ...BASE, inlinePolicy }),
    ];
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).not.toContain('s3:GetObject');
  });
});

/** The members of `wanted` that belong to some parts, and those that are not wanted taken out of `present`. */
function only(
  wanted: PermissionSetContents,
  present: PermissionSetContents,
  parts: readonly ContentPart[],
): Partial<PermissionSetContents> {
  const members = parts.flatMap((part): (keyof PermissionSetContents)[] =>
    part === 'attributes' ? ['description', 'sessionDuration', 'relayState'] : [part],
  );
  const keys = members.filter((member) => member in wanted || member in present);
  return Object.fromEntries(keys.map((key) => [key, wanted[key]]));
}
