import type { PermissionSetContents } from '../../core/permission-sets/definition';
import type { Assignee, Place } from '../../core/ports/identity-center';
import {
  AdminCallError,
  type AdminCallFault,
  type ContentPart,
  type NewPermissionSet,
  type PermissionSetAdmin,
  type PermissionSetChange,
} from '../../core/ports/permission-sets';

/** A set as the service has it. */
export interface FakeSet {
  readonly arn: string;
  readonly name: string;
  contents: PermissionSetContents;
  /** Raised by every change but of tags. */
  version: number;
  /** The version of each account's role. */
  readonly accounts: Map<string, number>;
  /** Who is assigned, by account. */
  readonly assignees: Map<string, Assignee[]>;
}

const NOTHING: PermissionSetContents = {
  sessionDuration: 'PT1H',
  tags: {},
  awsManagedPolicies: [],
  customerManagedPolicies: [],
};

/** Identity Center's permission sets in memory: strict as the service is, and at once. */
export class FakePermissionSets implements PermissionSetAdmin {
  readonly sets = new Map<string, FakeSet>();
  readonly inManagement = new Set<string>();
  /** Hears of every change, before it is made. */
  onChange: (set: FakeSet, change: PermissionSetChange) => void = () => undefined;
  /** What the next calls of an operation are refused for. */
  readonly faults = new Map<keyof PermissionSetAdmin, AdminCallFault[]>();
  /** Every call, by its method. */
  readonly called: (keyof PermissionSetAdmin)[] = [];
  #made = 0;

  /** Puts a set there, as others have made it. */
  add(
    name: string,
    contents: Partial<PermissionSetContents> = {},
    accounts: readonly string[] = [],
  ): FakeSet {
    this.#made += 1;
    const set: FakeSet = {
      arn: `arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-${String(this.#made).padStart(16, '0')}`,
      name,
      contents: { ...NOTHING, ...contents },
      version: 1,
      accounts: new Map(accounts.map((id) => [id, 1])),
      assignees: new Map(
        accounts.map((id) => [id, [{ principalType: 'USER' as const, principalId: `user-${id}` }]]),
      ),
    };
    this.sets.set(set.arn, set);
    return set;
  }

  named(name: string): FakeSet | undefined {
    return [...this.sets.values()].find((each) => each.name === name);
  }

  list(): Promise<readonly string[]> {
    return this.#call('list', () => [...this.sets.keys()]);
  }

  nameOf(arn: string): Promise<string | undefined> {
    return this.#call('nameOf', () => this.sets.get(arn)?.name);
  }

  read(arn: string, parts: readonly ContentPart[]): Promise<Partial<PermissionSetContents> | undefined> {
    return this.#call('read', () => {
      const contents = this.sets.get(arn)?.contents;
      if (contents === undefined) return undefined;
      const { description, sessionDuration, relayState, ...others } = contents;
      const attributes = parts.includes('attributes') ? { description, sessionDuration, relayState } : {};
      const asked = Object.entries(others).filter(([part]) => (parts as readonly string[]).includes(part));
      const seen: Partial<PermissionSetContents> = withoutUndefined({
        ...attributes,
        ...Object.fromEntries(asked),
      });
      return seen;
    });
  }

  create(made: NewPermissionSet): Promise<string> {
    return this.#call('create', () => {
      if (this.named(made.name) !== undefined)
        throw new AdminCallError(
          'exists',
          'CreatePermissionSet',
          `PermissionSet with name ${made.name} already exists.`,
        );
      const { name, ...contents } = made;
      return this.add(name, contents).arn;
    });
  }

  change(arn: string, change: PermissionSetChange): Promise<void> {
    return this.#call('change', () => {
      const set = this.#get(arn);
      this.onChange(set, change);
      set.contents = changed(set.contents, change);
      if (change.change !== 'tag' && change.change !== 'untag') set.version += 1;
    });
  }

  delete(arn: string): Promise<void> {
    return this.#call('delete', () => {
      if (this.#get(arn).accounts.size > 0)
        throw new AdminCallError('in use', 'DeletePermissionSet', 'Could not delete because it is in use');
      this.sets.delete(arn);
    });
  }

  accounts(arn: string, which: 'all' | 'stale'): Promise<readonly string[]> {
    return this.#call('accounts', () => {
      const set = this.#get(arn);
      return [...set.accounts].flatMap(([id, version]) =>
        which === 'all' || version < set.version ? [id] : [],
      );
    });
  }

  setsIn(): Promise<readonly string[]> {
    return this.#call('setsIn', () => [...this.inManagement]);
  }

  assignees({ accountId, permissionSetArn }: Place): Promise<readonly Assignee[]> {
    return this.#call('assignees', () => this.#get(permissionSetArn).assignees.get(accountId) ?? []);
  }

  #get(arn: string): FakeSet {
    const set = this.sets.get(arn);
    if (set === undefined)
      throw new AdminCallError('gone', 'DescribePermissionSet', 'Could not find PermissionSet');
    return set;
  }

  async #call<T>(operation: keyof PermissionSetAdmin, work: () => T): Promise<T> {
    this.called.push(operation);
    await Promise.resolve();
    const fault = this.faults.get(operation)?.shift();
    if (fault !== undefined) throw new AdminCallError(fault, operation, `refused for ${fault}`);
    return work();
  }
}

function changed(contents: PermissionSetContents, change: PermissionSetChange): PermissionSetContents {
  const {
    awsManagedPolicies,
    customerManagedPolicies,
    inlinePolicy: _inline,
    permissionsBoundary: _boundary,
  } = contents;
  switch (change.change) {
    case 'attributes': {
      const { change: _kind, ...attributes } = change;
      const { description: _was, relayState: _before, ...rest } = contents;
      const description = attributes.description?.trim() === '' ? undefined : attributes.description;
      return withoutUndefined({ ...rest, ...attributes, description }) as PermissionSetContents;
    }
    case 'tag':
      return { ...contents, tags: { ...contents.tags, ...change.tags } };
    case 'untag':
      return {
        ...contents,
        tags: Object.fromEntries(Object.entries(contents.tags).filter(([key]) => !change.keys.includes(key))),
      };
    case 'attach':
    case 'detach': {
      const isAttach = change.change === 'attach';
      if ('awsManagedPolicy' in change)
        return {
          ...contents,
          awsManagedPolicies: withOrWithout(
            awsManagedPolicies,
            change.awsManagedPolicy,
            isAttach,
            (each) => each,
          ),
        };
      return {
        ...contents,
        customerManagedPolicies: withOrWithout(
          customerManagedPolicies,
          change.customerManagedPolicy,
          isAttach,
          ({ path, name }) => path + name,
        ),
      };
    }
    case 'put inline policy':
      return { ...contents, inlinePolicy: change.inlinePolicy };
    case 'delete inline policy': {
      const { inlinePolicy: _gone, ...rest } = contents;
      return rest;
    }
    case 'put boundary':
      return { ...contents, permissionsBoundary: change.permissionsBoundary };
    case 'delete boundary': {
      const { permissionsBoundary: _gone, ...rest } = contents;
      return rest;
    }
  }
}

/** What is attached twice conflicts, what is detached twice is gone, as in the service. */
function withOrWithout<Item>(
  list: readonly Item[],
  item: Item,
  isAttach: boolean,
  keyOf: (item: Item) => string,
): Item[] {
  const has = list.some((each) => keyOf(each) === keyOf(item));
  if (has && isAttach) throw new AdminCallError('conflict', 'Attach', 'already has a typed link attachment');
  if (!has && !isAttach) throw new AdminCallError('gone', 'Detach', 'Could not find ManagedPolicy');
  const others = list.filter((each) => keyOf(each) !== keyOf(item));
  const next = isAttach ? [...others, item] : others;
  return next.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
