import {
  CreatePermissionSetCommand,
  DeletePermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { PermissionSetContents } from '../../core/permission-sets/definition';
import type { Assignee, Place } from '../../core/ports/identity-center';
import {
  AdminCallError,
  type ContentPart,
  type NewPermissionSet,
  type PermissionSetAdmin,
  type PermissionSetChange,
} from '../../core/ports/permission-sets';
import { AdminCalls, PAGE } from './admin-calls';
import { meter } from './call-meter';
import { takeTurns } from './call-turns';
import { REPEATABLE } from './clients';
import { observer } from './make-handler';
import { tagsInput } from './permission-set-contents';
import { ifThere, PermissionSetReader } from './permission-set-reader';
import { PermissionSetWriter } from './permission-set-writer';

/**
 * Permission sets through the SDK, which repeats reads and writes alike where nobody knows whether they were done: what a write
 * leads to is the same however often it is made.
 */
export class SdkPermissionSetAdmin implements PermissionSetAdmin {
  readonly #calls: AdminCalls;
  readonly #reader: PermissionSetReader;
  readonly #writer: PermissionSetWriter;

  /**
   * @param beforeCall - awaited before every try, those that the SDK repeats too; what it throws ends the call, and is thrown as it is
   */
  constructor(
    private readonly instanceArn: string,
    beforeCall: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#calls = new AdminCalls(takeTurns(meter(new SSOAdminClient(REPEATABLE), observer), beforeCall));
    this.#reader = new PermissionSetReader(instanceArn, this.#calls);
    this.#writer = new PermissionSetWriter(instanceArn, this.#calls);
  }

  list(): Promise<readonly string[]> {
    return this.#calls.pages('ListPermissionSets', async (client, NextToken) => {
      const input = { InstanceArn: this.instanceArn, MaxResults: PAGE, NextToken };
      const answer = await client.send(new ListPermissionSetsCommand(input));
      return { rows: answer.PermissionSets, next: answer.NextToken };
    });
  }

  nameOf(arn: string): Promise<string | undefined> {
    return this.#reader.nameOf(arn);
  }

  read(arn: string, parts: readonly ContentPart[]): Promise<Partial<PermissionSetContents> | undefined> {
    return this.#reader.read(arn, parts);
  }

  async create({ name, description, sessionDuration, relayState, tags }: NewPermissionSet): Promise<string> {
    const command = new CreatePermissionSetCommand({
      InstanceArn: this.instanceArn,
      Name: name,
      Description: description,
      SessionDuration: sessionDuration,
      RelayState: relayState,
      Tags: tagsInput(tags),
    });
    const { PermissionSet: set } = await this.#calls.one('CreatePermissionSet', (client) =>
      client.send(command),
    );
    if (set?.PermissionSetArn !== undefined) return set.PermissionSetArn;
    throw new AdminCallError('unavailable', 'CreatePermissionSet', 'the answer names no ARN');
  }

  change(arn: string, change: PermissionSetChange): Promise<void> {
    return this.#writer.change(arn, change);
  }

  async delete(arn: string): Promise<void> {
    const command = new DeletePermissionSetCommand(this.#set(arn));
    await this.#calls.one('DeletePermissionSet', (client) => client.send(command));
  }

  accounts(arn: string, which: 'all' | 'stale'): Promise<readonly string[]> {
    return this.#calls.pages('ListAccountsForProvisionedPermissionSet', async (client, NextToken) => {
      const command = new ListAccountsForProvisionedPermissionSetCommand({
        ...this.#set(arn),
        ...(which === 'stale' ? { ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED' } : {}),
        MaxResults: PAGE,
        NextToken,
      });
      const { AccountIds: rows, NextToken: next } = await client.send(command);
      return { rows, next };
    });
  }

  setsIn(accountId: string): Promise<readonly string[]> {
    return this.#calls.pages('ListPermissionSetsProvisionedToAccount', async (client, NextToken) => {
      const input = { InstanceArn: this.instanceArn, AccountId: accountId, MaxResults: PAGE, NextToken };
      const answer = await client.send(new ListPermissionSetsProvisionedToAccountCommand(input));
      return { rows: answer.PermissionSets, next: answer.NextToken };
    });
  }

  async assignees({ accountId, permissionSetArn }: Place): Promise<readonly Assignee[]> {
    const place = { ...this.#set(permissionSetArn), AccountId: accountId, MaxResults: PAGE };
    const rows = await ifThere(() =>
      this.#calls.pages('ListAccountAssignments', async (client, NextToken) => {
        const answer = await client.send(new ListAccountAssignmentsCommand({ ...place, NextToken }));
        return { rows: answer.AccountAssignments, next: answer.NextToken };
      }),
    );
    return (rows ?? []).flatMap(({ PrincipalType: principalType, PrincipalId: principalId }) =>
      principalType === undefined || principalId === undefined ? [] : [{ principalType, principalId }],
    );
  }

  #set(arn: string) {
    return { InstanceArn: this.instanceArn, PermissionSetArn: arn };
  }
}
