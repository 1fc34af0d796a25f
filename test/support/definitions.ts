import * as fc from 'fast-check';
import type {
  PermissionsBoundary,
  PermissionSetContents,
  PolicyReference,
} from '../../core/permission-sets/definition';
import { canonicalJson } from '../../core/tickets/canonical-json';

/** A definition document, as YAML parses to one, in which everything is right and every key is there. */
export function rightDefinition(): Record<string, unknown> {
  return {
    name: 'Builder',
    description: 'Builds things',
    sessionDuration: 'PT90M',
    relayState: 'https://console.aws.amazon.com/',
    tags: { risk: 'medium' },
    awsManagedPolicies: ['ViewOnlyAccess', 'arn:aws:iam::aws:policy/AmazonS3FullAccess'],
    customerManagedPolicies: [{ name: 'Extra', path: '/team/' }, { name: 'Base' }],
    inlinePolicy: {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Look', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
        {
          Sid: 'Inside',
          Effect: 'Deny',
          NotAction: ['iam:*'],
          NotResource: ['arn:aws:s3:::a-bucket'],
          Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] } },
        },
      ],
    },
    permissionsBoundary: { awsManagedPolicy: 'PowerUserAccess' },
    adopt: true,
  };
}

/** A text that the pattern of the service takes, of characters that are given. */
const textOf = (characters: string, longest: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(characters)), minLength: 1, maxLength: longest });

const WORD = 'abcXYZ019_+=,.@-';

export const setName: fc.Arbitrary<string> = textOf(WORD, 32).filter(
  (name) => !['plan', 'rollout', '.', '..'].includes(name),
);

const path = fc
  .array(textOf(WORD, 8), { maxLength: 3 })
  .map((parts) => `/${parts.map((part) => `${part}/`).join('')}`);

const reference: fc.Arbitrary<PolicyReference> = fc.record({ name: textOf(WORD, 12), path });

const arn = textOf(WORD, 12).map((name) => `arn:aws:iam::aws:policy/${name}`);

const boundary: fc.Arbitrary<PermissionsBoundary> = fc.oneof(
  fc.record({ awsManagedPolicy: arn }),
  fc.record({ customerManagedPolicy: reference }),
);

const oneOrMore = <Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item | Item[]> =>
  fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));

/** Texts that YAML would take for something else are the ones that get lost. */
const conditionValue = fc.oneof(
  fc.constantFrom(
    'true',
    'no',
    '012345678901',
    '2012-10-17',
    '~',
    '',
    ' a',
    '# b',
    '{}',
    'a: b',
    '\t',
    '1e3',
  ),
  textOf('ab: #\n\r\t"\'\\é&*!|>%@`', 12),
  fc.boolean(),
  fc.integer({ min: -999_999, max: 999_999 }),
);

const condition = fc.dictionary(
  fc.constantFrom('StringEquals', 'Bool', 'ForAnyValue:StringLike'),
  fc.dictionary(textOf('aws:Tag/ké ', 12), oneOrMore(conditionValue), { noNullPrototype: true }),
  { noNullPrototype: true },
);

const statement = fc
  .record(
    {
      Effect: fc.constantFrom('Allow', 'Deny'),
      action: fc.constantFrom('Action', 'NotAction'),
      actions: oneOrMore(fc.constantFrom('*', 's3:Get*', 'ec2:RunInstances')),
      resource: fc.constantFrom('Resource', 'NotResource'),
      resources: oneOrMore(fc.constantFrom('*', 'arn:aws:s3:::a-bucket/${aws:username}/*')),
      Condition: condition,
    },
    { requiredKeys: ['Effect', 'action', 'actions', 'resource', 'resources'], noNullPrototype: true },
  )
  .map(({ action, actions, resource, resources, ...rest }) => ({
    ...rest,
    [action]: actions,
    [resource]: resources,
  }));

const inlinePolicy = fc
  .record({ Version: fc.constantFrom('2012-10-17', '2008-10-17'), Statement: oneOrMore(statement) })
  .map((document) => canonicalJson(document));

/** Any contents that a definition can have, in their one form. */
export const anyContents: fc.Arbitrary<PermissionSetContents> = fc.record(
  {
    description: textOf('aé\t\n\r "\'#:-ÿ~', 40).filter((text) => text.trim() !== ''),
    sessionDuration: fc
      .integer({ min: 60, max: 720 })
      .map((minutes) => `PT${Math.floor(minutes / 60)}H${minutes % 60 === 0 ? '' : `${minutes % 60}M`}`),
    relayState: textOf('aZ0&$@#\\/%?=~-_\'"|!:,.;*+[] (){}', 40),
    tags: fc.dictionary(
      textOf('kü 1_.:/=+-@', 10).map((key) => `t${key}`),
      textOf('vß 0_.:/=+-@', 10),
      {
        noNullPrototype: true,
      },
    ),
    awsManagedPolicies: fc.uniqueArray(arn, { maxLength: 8 }).map((list) => [...list].sort()),
    customerManagedPolicies: fc
      .uniqueArray(reference, { maxLength: 8, selector: (each) => each.path + each.name })
      .map((list) => [...list].sort((a, b) => (a.path + a.name < b.path + b.name ? -1 : 1))),
    inlinePolicy,
    permissionsBoundary: boundary,
  },
  {
    requiredKeys: ['sessionDuration', 'tags', 'awsManagedPolicies', 'customerManagedPolicies'],
    noNullPrototype: true,
  },
);
