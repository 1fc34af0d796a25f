import {
  DescribePermissionSetCommand,
  SSOAdminClient,
  ValidationException,
  paginateListPermissionSets,
} from '@aws-sdk/client-sso-admin';
import * as tinyduration from 'tinyduration';
import type { PermissionSetFacts, PermissionSets } from '../../core/ports/directory';
import { REPEATABLE } from './clients';
import { isGone, isKeyTrouble } from './identity-center';
import type { PermissionSetIndex } from './ledger/permission-set-index';

/** A set without a session duration has Identity Center's default. */
const DEFAULT_SESSION = 'PT1H';

/**
 * The instance's permission sets. A name that the index knows costs one `DescribePermissionSet`, which also proves that the set is
 * still there; any other name costs a listing, and a description of each set that is new since the last one.
 */
export class SdkPermissionSets implements PermissionSets {
  readonly #client = new SSOAdminClient(REPEATABLE);
  #names: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly instanceArn: string,
    private readonly index: Pick<PermissionSetIndex, 'read' | 'write'>,
  ) {}

  async named(name: string): Promise<PermissionSetFacts | undefined> {
    const known = this.#arnsNamed(name);
    if (known.length === 0) this.#names = await this.index.read();
    for (const arn of this.#arnsNamed(name)) {
      const facts = await this.withArn(arn);
      if (facts?.name === name) return facts;
    }
    return this.#search(name);
  }

  async withArn(arn: string): Promise<PermissionSetFacts | undefined> {
    try {
      const { PermissionSet: set } = await this.#client.send(
        new DescribePermissionSetCommand({ InstanceArn: this.instanceArn, PermissionSetArn: arn }),
      );
      if (set?.Name === undefined) return undefined;
      return { arn, name: set.Name, sessionMs: sessionMs(set.SessionDuration ?? DEFAULT_SESSION) };
    } catch (error) {
      const isNoSet = error instanceof ValidationException && !isKeyTrouble(error);
      if (isGone(error) || isNoSet) return undefined;
      throw error;
    }
  }

  #arnsNamed(name: string): string[] {
    return [...this.#names].filter(([, known]) => known === name).map(([arn]) => arn);
  }

  /** Brings the index up to date: sets that are gone leave it, new ones come in. */
  async #search(name: string): Promise<PermissionSetFacts | undefined> {
    let found: PermissionSetFacts | undefined;
    const names = new Map<string, string>();
    for (const arn of await this.#list()) {
      const known = this.#names.get(arn);
      const facts = known === undefined ? await this.withArn(arn) : undefined;
      const itsName = known ?? facts?.name;
      if (itsName !== undefined) names.set(arn, itsName);
      if (facts?.name === name) found = facts;
    }
    this.#names = names;
    await this.index.write(names);
    return found;
  }

  async #list(): Promise<string[]> {
    const arns: string[] = [];
    const pages = paginateListPermissionSets(
      { client: this.#client, pageSize: 100 },
      { InstanceArn: this.instanceArn },
    );
    for await (const { PermissionSets: page = [] } of pages) arns.push(...page);
    return arns;
  }
}

function sessionMs(duration: string): number {
  const { hours = 0, minutes = 0, seconds = 0, days = 0 } = tinyduration.parse(duration);
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
