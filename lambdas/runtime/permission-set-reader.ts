import {
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  ListTagsForResourceCommand,
  type PermissionSet,
} from '@aws-sdk/client-sso-admin';
import { AdminCallError, type ContentPart } from '../../core/ports/permission-sets';
import type { PermissionSetContents } from '../../core/permission-sets/definition';
import { type AdminCalls, PAGE } from './admin-calls';
import {
  attributesOf,
  awsManagedOf,
  boundaryOf,
  customerManagedOf,
  inlinePolicyOf,
  tagsOf,
} from './permission-set-contents';

type Contents = Partial<PermissionSetContents>;

/** Reads what permission sets are made of, part by part. */
export class PermissionSetReader {
  readonly #readers: Readonly<
    Record<Exclude<ContentPart, 'permissionsBoundary'>, (arn: string) => Promise<Contents>>
  > = {
    attributes: async (arn) => attributesOf(await this.#describe(arn)),
    tags: (arn) => this.#tags(arn),
    awsManagedPolicies: (arn) => this.#awsManaged(arn),
    customerManagedPolicies: (arn) => this.#customerManaged(arn),
    inlinePolicy: (arn) => this.#inlinePolicy(arn),
  };

  constructor(
    private readonly instanceArn: string,
    private readonly calls: AdminCalls,
  ) {}

  async nameOf(arn: string): Promise<string | undefined> {
    return ifThere(async () => (await this.#describe(arn)).Name);
  }

  async read(arn: string, parts: readonly ContentPart[]): Promise<Contents | undefined> {
    return ifThere(async () => {
      const others = parts.filter((part) => part !== 'permissionsBoundary');
      const contents: Contents[] = [];
      // The boundary first: "not found" says as well that there is none, and what is read afterwards proves that the set is there.
      if (others.length < parts.length) {
        const boundary = await ifThere(() => this.#boundary(arn));
        if (boundary === undefined && others.length === 0) await this.#describe(arn);
        contents.push(boundary ?? {});
      }
      for (const part of others) contents.push(await this.#readers[part](arn));
      return Object.assign({}, ...contents) as Contents;
    });
  }

  async #describe(arn: string): Promise<PermissionSet> {
    const { PermissionSet: set = {} } = await this.calls.one('DescribePermissionSet', (client) =>
      client.send(new DescribePermissionSetCommand(this.#set(arn))),
    );
    return set;
  }

  async #tags(arn: string): Promise<Contents> {
    const tags = await this.calls.pages('ListTagsForResource', async (client, NextToken) => {
      const input = { InstanceArn: this.instanceArn, ResourceArn: arn, NextToken };
      const { Tags: rows, NextToken: next } = await client.send(new ListTagsForResourceCommand(input));
      return { rows, next };
    });
    return { tags: tagsOf(tags) };
  }

  async #awsManaged(arn: string): Promise<Contents> {
    const attached = await this.calls.pages(
      'ListManagedPoliciesInPermissionSet',
      async (client, NextToken) => {
        const answer = await client.send(
          new ListManagedPoliciesInPermissionSetCommand({ ...this.#set(arn), MaxResults: PAGE, NextToken }),
        );
        return { rows: answer.AttachedManagedPolicies, next: answer.NextToken };
      },
    );
    return { awsManagedPolicies: awsManagedOf(attached) };
  }

  async #customerManaged(arn: string): Promise<Contents> {
    const attached = await this.calls.pages(
      'ListCustomerManagedPolicyReferencesInPermissionSet',
      async (client, NextToken) => {
        const answer = await client.send(
          new ListCustomerManagedPolicyReferencesInPermissionSetCommand({
            ...this.#set(arn),
            MaxResults: PAGE,
            NextToken,
          }),
        );
        return { rows: answer.CustomerManagedPolicyReferences, next: answer.NextToken };
      },
    );
    return { customerManagedPolicies: customerManagedOf(attached) };
  }

  async #inlinePolicy(arn: string): Promise<Contents> {
    const { InlinePolicy: text } = await this.calls.one('GetInlinePolicyForPermissionSet', (client) =>
      client.send(new GetInlinePolicyForPermissionSetCommand(this.#set(arn))),
    );
    return inlinePolicyOf(text);
  }

  async #boundary(arn: string): Promise<Contents> {
    const { PermissionsBoundary: boundary } = await this.calls.one(
      'GetPermissionsBoundaryForPermissionSet',
      (client) => client.send(new GetPermissionsBoundaryForPermissionSetCommand(this.#set(arn))),
    );
    return boundaryOf(boundary);
  }

  #set(arn: string) {
    return { InstanceArn: this.instanceArn, PermissionSetArn: arn };
  }
}

/** What was read, or undefined where the service says that it is not there. */
export async function ifThere<Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AdminCallError && error.fault === 'gone') return undefined;
    throw error;
  }
}
