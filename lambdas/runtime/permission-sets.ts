import {
  DescribePermissionSetCommand,
  SSOAdminClient,
  ValidationException,
  paginateListPermissionSets,
} from '@aws-sdk/client-sso-admin';
import * as tinyduration from 'tinyduration';
import type { PermissionSetFacts, PermissionSets } from '../../core/ports/directory';
import { REPEATABLE } from './clients';
import { isGone } from './identity-center';

/** A set without a session duration has Identity Center's default. */
const DEFAULT_SESSION = 'PT1H';

/**
 * The instance's permission sets. Names are found through an index that each environment of the function keeps: a name that is
 * in it costs one `DescribePermissionSet`, which also proves that it still means this set; the first one costs a listing.
 */
export class SdkPermissionSets implements PermissionSets {
  readonly #client = new SSOAdminClient(REPEATABLE);
  readonly #arns = new Map<string, string>();

  constructor(private readonly instanceArn: string) {}

  async named(name: string): Promise<PermissionSetFacts | undefined> {
    const known = this.#arns.get(name);
    const facts = known === undefined ? undefined : await this.withArn(known);
    return facts?.name === name ? facts : this.#search(name);
  }

  async withArn(arn: string): Promise<PermissionSetFacts | undefined> {
    try {
      const { PermissionSet: set } = await this.#client.send(
        new DescribePermissionSetCommand({ InstanceArn: this.instanceArn, PermissionSetArn: arn }),
      );
      if (set?.Name === undefined) return undefined;
      this.#arns.set(set.Name, arn);
      return { arn, name: set.Name, sessionMs: sessionMs(set.SessionDuration ?? DEFAULT_SESSION) };
    } catch (error) {
      if (isGone(error) || error instanceof ValidationException) return undefined;
      throw error;
    }
  }

  /** Describes every set that is not in the index yet; all of them, so that the next name is there. */
  async #search(name: string): Promise<PermissionSetFacts | undefined> {
    let found: PermissionSetFacts | undefined;
    const known = new Set(this.#arns.values());
    const pages = paginateListPermissionSets(
      { client: this.#client, pageSize: 100 },
      { InstanceArn: this.instanceArn },
    );
    for await (const { PermissionSets: arns = [] } of pages) {
      for (const arn of arns) {
        if (known.has(arn) && this.#arns.get(name) !== arn) continue;
        const facts = await this.withArn(arn);
        if (facts?.name === name) found = facts;
      }
    }
    return found;
  }
}

function sessionMs(duration: string): number {
  const { hours = 0, minutes = 0, seconds = 0, days = 0 } = tinyduration.parse(duration);
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
