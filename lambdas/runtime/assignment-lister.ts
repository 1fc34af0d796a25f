import { IdentitystoreClient, paginateListGroups } from '@aws-sdk/client-identitystore';
import { ListAccountAssignmentsForPrincipalCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { PrincipalType } from '../../core/assignments/assignment';
import {
  type AssignmentLister,
  type ListedGroup,
  type ListingAdmin,
  ListingByPrincipalRefusedError,
} from '../../core/ports/assignment-lister';
import type { Assignee, Place } from '../../core/ports/identity-center';
import { AdminCallError } from '../../core/ports/permission-sets';
import { AdminCalls, PAGE } from './admin-calls';
import { meter } from './call-meter';
import { takeTurns } from './call-turns';
import { REPEATABLE } from './clients';
import { observer } from './make-handler';
import { SdkPermissionSetAdmin } from './permission-set-admin';
import { ifThere } from './permission-set-reader';

/** Which instance and identity store are listed. */
export interface ListedInstance {
  readonly instanceArn: string;
  readonly identityStoreId: string;
}

/** Who is assigned where, through the SDK. */
export class SdkAssignmentLister implements AssignmentLister {
  readonly #admin: ListingAdmin;
  readonly #calls: AdminCalls;
  readonly #identityStore = new IdentitystoreClient(REPEATABLE);

  /** @param beforeCall - awaited before every try of a call of the admin API */
  constructor(
    private readonly instance: ListedInstance,
    beforeCall: () => Promise<void>,
  ) {
    this.#admin = new SdkPermissionSetAdmin(instance.instanceArn, beforeCall);
    this.#calls = new AdminCalls(takeTurns(meter(new SSOAdminClient(REPEATABLE), observer), beforeCall));
  }

  permissionSets(): Promise<readonly string[]> {
    return this.#admin.list();
  }

  nameOf(permissionSetArn: string): Promise<string | undefined> {
    return this.#admin.nameOf(permissionSetArn);
  }

  async accountsOf(permissionSetArn: string): Promise<readonly string[]> {
    return (await ifThere(() => this.#admin.accounts(permissionSetArn, 'all'))) ?? [];
  }

  assignees(place: Place): Promise<readonly Assignee[]> {
    return this.#admin.assignees(place);
  }

  async ofPrincipal(type: PrincipalType, id: string): Promise<readonly Place[]> {
    const rows = await this.#refusable(() =>
      this.#calls.pages('ListAccountAssignmentsForPrincipal', async (client, NextToken) => {
        const command = new ListAccountAssignmentsForPrincipalCommand({
          InstanceArn: this.instance.instanceArn,
          PrincipalType: type,
          PrincipalId: id,
          MaxResults: PAGE,
          NextToken,
        });
        const { AccountAssignments: found, NextToken: next } = await client.send(command);
        return { rows: found, next };
      }),
    );
    // A user's rows hold those of the user's groups too.
    return rows.flatMap(({ AccountId, PermissionSetArn, PrincipalId, PrincipalType: rowType }) =>
      AccountId === undefined || PermissionSetArn === undefined || PrincipalId !== id || rowType !== type
        ? []
        : [{ accountId: AccountId, permissionSetArn: PermissionSetArn }],
    );
  }

  async groups(): Promise<readonly ListedGroup[]> {
    const found: ListedGroup[] = [];
    const pages = paginateListGroups(
      { client: this.#identityStore, pageSize: PAGE },
      { IdentityStoreId: this.instance.identityStoreId },
    );
    for await (const { Groups: groups = [] } of pages)
      for (const { GroupId: groupId, DisplayName: name } of groups)
        if (groupId !== undefined) found.push({ id: groupId, name: name ?? groupId });
    return found;
  }

  async #refusable<Answer>(list: () => Promise<Answer>): Promise<Answer> {
    try {
      return await list();
    } catch (error) {
      if (error instanceof AdminCallError && error.fault === 'denied')
        throw new ListingByPrincipalRefusedError(error.message, { cause: error });
      throw error;
    }
  }
}
