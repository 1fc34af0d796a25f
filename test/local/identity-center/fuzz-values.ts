import type { Random } from '../../../core/ports/random';
import { IDENTITY_CENTER_INPUTS } from '../../../local/identity-center/identity-center-inputs';
import { IDENTITY_STORE_INPUTS } from '../../../local/identity-center/identity-store-inputs';
import type { Members, Rule } from '../../../local/identity-center/input-rules';
import { ORGANIZATIONS_INPUTS } from '../../../local/identity-center/organizations-inputs';
import type { World } from '../../../local/identity-center/world';
import { INSTANCE, STORE, UNKNOWN_ID, UNKNOWN_SET, type Output } from './support';

/** One call to be made. */
export interface FuzzedCall {
  /** As in `x-amz-target`. */
  readonly targetPrefix: string;
  readonly operation: string;
  readonly input: Output;
  readonly as: string | undefined;
}

/** All operations of all services, from their input tables. */
export const OPERATIONS: readonly (readonly [targetPrefix: string, operation: string, members: Members])[] = [
  ['SWBExternalService', IDENTITY_CENTER_INPUTS],
  ['AWSIdentityStore', IDENTITY_STORE_INPUTS],
  ['AWSOrganizationsV20161128', ORGANIZATIONS_INPUTS],
].flatMap(([prefix, table]) =>
  Object.entries(table as Readonly<Record<string, Members>>).map(
    ([operation, members]) => [prefix as string, operation, members] as const,
  ),
);

/** Texts that are apt to break something, whatever they stand for. */
const NASTY_TEXTS = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\u0000',
  '\ud800',
  '😀'.repeat(40),
  '\u202eabc',
  'é\u0301\u0301',
  "'; DROP TABLE assignments; --",
  '${{7*7}} {account} {quota}',
  '../../etc/passwd',
  'a'.repeat(100_000),
  'ß'.repeat(100_000),
];

/** Values for members by their names, where a pattern or a meaning narrows them down. */
const SENSIBLE: Readonly<Record<string, readonly unknown[]>> = {
  InstanceArn: [INSTANCE],
  IdentityStoreId: [STORE],
  Name: ['ReadOnly', 'Auditor', 'Auditor2', 'Developers', 'Prod', 'Dev', 'policy-a', 'policy-b', 'x'],
  DisplayName: ['Alice', 'Developers', 'New group', 'Żółw', 'constructor', '__proto__'],
  UserName: ['alice', 'new-user', 'ALICE', 'hasOwnProperty', '__proto__', 'user-1', 'user-2'],
  Description: ['Looks', 'Other', 'ÿ'],
  SessionDuration: ['PT1H', 'PT12H', 'PT13H', 'PT59M', 'P1D', 'PT1H30M', 'P9999Y', 'PT0.5S'],
  RelayState: ['https://example.com/', 'x'],
  ManagedPolicyArn: [
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    'arn:aws:iam::aws:policy/job-function/Billing',
  ],
  Path: ['/', '/team/', '/a/b/'],
  InlinePolicy: [
    '{"Version":"2012-10-17","Statement":[]}',
    '{',
    '[]',
    'null',
    '"x"',
    `{"a":"${'b'.repeat(9000)}"}`,
  ],
  Key: ['owner', 'team', '__proto__', 'constructor', 'aws:reserved', 'ä'],
  Value: ['a', '', 'b', 'alice@example.com', 'new@example.com'],
  TagKeys: ['owner', '__proto__'],
  Source: ['${path:name.givenName}', '${user:email}', 'x'],
  KmsKeyArn: ['arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
  RegionName: [
    'eu-west-1',
    'us-east-1',
    'eu-central-1',
    'ap-south-1',
    'us-gov-west-1',
    'eu-west-2',
    'eu-west-3',
    'eu-north-1',
  ],
  ClientToken: ['token'],
  AttributePath: [
    'userName',
    'displayName',
    'displayName',
    'userName',
    'UserName',
    'displayName',
    'description',
    'emails.value',
    'emails',
    'name.givenName',
    'name',
    'constructor',
    'phoneNumbers',
    'addresses',
    'title',
    'extensions',
    'aws:identitystore:enterprise',
    'name.constructor',
    'photos',
  ],
  AttributeValue: [
    'alice',
    'Developers',
    'bob@example.com',
    null,
    7,
    true,
    { givenName: 'A' },
    { GivenName: 'A', familyName: null },
    [{ value: 'c@example.com', type: 'work', primary: true }],
    [null],
    [[]],
    [{}, {}],
    {},
    [],
  ],
  Issuer: ['https://idp.example.com', 'constructor'],
  Id: ['1', '2', '__proto__'],
  Extensions: ['aws:identitystore:enterprise'],
  ServicePrincipal: ['sso.amazonaws.com', 'guardduty.amazonaws.com', 'constructor'],
  Email: ['new@example.com', 'M@example.com', 'x1@example.com', 'x2@example.com', 'x3@example.com'],
  AccountName: ['new', 'another', 'prod'],
  RoleName: ['OrganizationAccountAccessRole'],
};

/** Which shares of the calls are what. */
const SHARE = { spoiled: 0.3, optional: 0.35, unknownId: 0.07, extraMembers: 0.05, largest: 0.03 };

const WRONG_TYPES: readonly unknown[] = [0, -1, 1.5, 1e308, true, [], {}, [null], { length: 1 }, 'text'];

/** Makes calls from the input tables: most as a client would, the others spoiled in one place or several. */
export class CallSource {
  readonly #random: Random;
  readonly #world: World;
  /** What answers contained, by the name of the member that a client would send it back in. */
  readonly #heard = new Map<string, string[]>();

  public constructor(random: Random, world: World) {
    this.#random = random;
    this.#world = world;
  }

  /** Any of the operations. */
  public next(operations = OPERATIONS): FuzzedCall {
    const [targetPrefix, operation, members] = this.#pick(operations);
    const valid = this.#structure(members);
    const spoiled = this.#chance(SHARE.spoiled) ? this.#spoil(members, valid) : valid;
    return {
      targetPrefix,
      operation,
      input: frozen(this.#chance(SHARE.extraMembers) ? this.#withMore(spoiled) : spoiled),
      as: this.#pick([undefined, undefined, undefined, 'desk', 'root', 'root', 'member', 'somebody']),
    };
  }

  /** Remembers what an answer said that later calls can ask for. */
  public hear(output: unknown): void {
    if (typeof output !== 'object' || output === null) return;
    for (const [name, value] of Object.entries(output)) {
      if (typeof value !== 'string') this.hear(value);
      else if (name === 'RequestId') this.#keep('RequestId', value);
      else if (name === 'Id' && value.startsWith('car-')) this.#keep('CreateAccountRequestId', value);
      else if (name === 'MembershipId' || name === 'NextToken') this.#keep(name, value);
      // Ids of what is deleted later stay in use.
      else if (name === 'UserId' || name === 'GroupId' || name === 'PermissionSetArn')
        this.#keep(name, value);
    }
  }

  #keep(name: string, value: string): void {
    const heard = this.#heard.get(name) ?? [];
    this.#heard.set(name, heard);
    if (heard.length < 50) heard.push(value);
    else heard[Math.floor(this.#random.next() * heard.length)] = value;
  }

  #structure(members: Members): Output {
    const rules = Object.entries(members);
    // Where nothing is required, exactly one member is often what is wanted.
    if (rules.every(([, { required }]) => required !== true) && rules.length > 1 && this.#chance(0.5)) {
      const [name, rule] = this.#pick(rules);
      return { [name]: this.#value(name, rule) };
    }
    const entries = rules.flatMap(([name, rule]): [string, unknown][] =>
      rule.required || this.#chance(SHARE.optional) ? [[name, this.#value(name, rule)]] : [],
    );
    return Object.fromEntries(entries);
  }

  #value(name: string, rule: Rule): unknown {
    switch (rule.type) {
      case 'text':
        return rule.values === undefined ? this.#text(name, rule) : this.#pick(rule.values);
      case 'integer':
        return this.#pick([rule.min, rule.max, rule.min + 1, 3]);
      case 'boolean':
        return this.#chance(0.5);
      case 'document':
        if (this.#chance(0.02)) return deep(20_000);
        return this.#pick(SENSIBLE.AttributeValue ?? []);
      case 'structure':
        return this.#structure(rule.members);
      case 'list': {
        const { min = 0, max = 100 } = rule;
        const size = this.#chance(SHARE.largest) ? this.#pick([max, max + 1]) : min + this.#below(3);
        return Array.from({ length: size }, () => this.#value(name, rule.of));
      }
      case 'map':
        return Object.fromEntries(
          Array.from({ length: 1 + this.#below(2) }, (_, index) => [
            `aws:identitystore:${'ab'.charAt(index)}`,
            this.#pick(SENSIBLE.AttributeValue ?? []),
          ]),
        );
    }
  }

  #text(name: string, { min = 0, max = 300 }: { readonly min?: number; readonly max?: number }): unknown {
    if (this.#chance(SHARE.largest)) return 'a'.repeat(this.#pick([min, max]));
    return this.#pick(this.#candidates(name));
  }

  #candidates(name: string): readonly unknown[] {
    if (this.#chance(SHARE.unknownId))
      return [UNKNOWN_ID, UNKNOWN_SET, '999999999999', 'ou-ab12-unknown1', 'r-zz99'];
    const { tree, directory, organization } = this.#world;
    const { rootId } = organization;
    const heard = (kind: string): readonly string[] => this.#heard.get(kind) ?? [UNKNOWN_ID];
    const ids = (rows: Iterable<{ readonly id: string }>): string[] => [...rows].map(({ id }) => id);
    const users = (): string[] => [...ids(directory.usersAfter(0)), this.#pick(heard('UserId'))];
    const groups = (): string[] => [...ids(directory.groupsAfter(0)), this.#pick(heard('GroupId'))];
    const accounts = (): string[] => ids(tree.accountsAfter(0));
    const units = (): string[] => ids(tree.units());
    const sets = (): string[] => this.#world.permissionSets().map(({ arn }) => arn);
    switch (name) {
      case 'PermissionSetArn':
        return [...sets(), this.#pick(heard(name))];
      case 'AccountId':
      case 'TargetId':
        return accounts();
      case 'PrincipalId':
        return [...users(), ...groups()];
      case 'UserId':
        return users();
      case 'GroupId':
      case 'GroupIds':
        return groups();
      case 'AccountAssignmentCreationRequestId':
      case 'AccountAssignmentDeletionRequestId':
      case 'ProvisionPermissionSetRequestId':
        return heard('RequestId');
      case 'MembershipId':
      case 'NextToken':
      case 'CreateAccountRequestId':
        return heard(name);
      case 'ParentId':
      case 'SourceParentId':
      case 'DestinationParentId':
        return [rootId, ...units()];
      case 'OrganizationalUnitId':
        return units();
      case 'ChildId':
        return [...accounts(), ...units()];
      case 'ResourceId':
        return [...accounts(), rootId, ...units()];
      case 'ResourceArn':
        return [INSTANCE, ...sets()];
      case 'AttributeValue':
        return this.#names();
      default:
        return SENSIBLE[name] ?? ['a', 'b', 'Ünïcödé'];
    }
  }

  /** What users and groups are found by. */
  #names(): string[] {
    const { directory } = this.#world;
    return [
      ...[...directory.usersAfter(0)].map(({ attributes }) => attributes.UserName ?? ''),
      ...[...directory.groupsAfter(0)].map(({ displayName }) => displayName),
      'constructor',
    ];
  }

  /** Puts something else in the place of one member, or of one inside of it. */
  #spoil(members: Members, input: Output): Output {
    const names = Object.keys(members);
    if (names.length === 0) return input;
    const name = this.#pick(names);
    const rule = members[name];
    const spoiled = { ...input };
    const value = input[name];
    if (rule?.type === 'structure' && typeof value === 'object' && value !== null && this.#chance(0.6))
      spoiled[name] = this.#spoil(rule.members, value as Output);
    else if (rule?.type === 'list' && Array.isArray(value) && value.length > 0 && this.#chance(0.6))
      spoiled[name] = this.#spoilElement(rule.of, value);
    else spoiled[name] = this.#spoiledValue(rule);
    const missing = this.#chance(0.3) ? this.#pick(names) : undefined;
    return Object.fromEntries(Object.entries(spoiled).filter(([one]) => one !== missing));
  }

  #spoilElement(rule: Rule, list: readonly unknown[]): unknown[] {
    const at = this.#below(list.length);
    return list.map((element, index) => {
      if (index !== at) return element;
      return rule.type === 'structure'
        ? this.#spoil(rule.members, element as Output)
        : this.#spoiledValue(rule);
    });
  }

  #spoiledValue(rule: Rule | undefined): unknown {
    if (this.#chance(0.1)) return null;
    if (this.#chance(0.2)) return this.#pick(WRONG_TYPES);
    if (this.#chance(0.05)) return deep(this.#pick([30, 20_000]));
    if (rule?.type === 'integer') return this.#pick([rule.min - 1, rule.max + 1, 0, -0, 2 ** 53, 1e21, 1.5]);
    if (rule?.type === 'text' && this.#chance(0.5)) {
      const { min = 1, max = 300 } = rule;
      return 'a'.repeat(this.#pick([Math.max(0, min - 1), min, max, max + 1]));
    }
    return this.#pick(NASTY_TEXTS);
  }

  #withMore(input: Output): Output {
    if (this.#chance(0.1)) return { ...input, Deep: deep(20_000) };
    const more = this.#pick([
      '{"__proto__":{"InstanceArn":"x"}}',
      '{"constructor":{"prototype":{}},"hasOwnProperty":1}',
      '{"toString":null,"Unknown":[{"deep":[[[[]]]]}]}',
      '{"toJSON":{},"then":"x","length":-1}',
    ]);
    return Object.defineProperties(
      { ...input },
      Object.getOwnPropertyDescriptors(JSON.parse(more) as Output),
    );
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T;
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }

  #chance(share: number): boolean {
    return this.#random.next() < share;
  }
}

/** Lists within lists: a recursion over it goes as deep. */
function deep(levels: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

/** Whoever changes an input, or a part of it, fails. */
function frozen(input: Output): Output {
  const left: unknown[] = [input];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) continue;
    const parts: readonly unknown[] = Object.values(Object.freeze(value));
    left.push(...parts.filter((one) => typeof one === 'object'));
  }
  return input;
}
