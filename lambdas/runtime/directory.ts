import {
  DescribeGroupCommand,
  DescribeUserCommand,
  GetGroupIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-identitystore';
import {
  AccountNotFoundException,
  DescribeAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { Directory, DirectoryEntry, Organization } from '../../core/ports/directory';
import { REPEATABLE } from './clients';

/** The identity store through the SDK. A name that is one person's user name and another's e-mail answers both. */
export class SdkDirectory implements Directory {
  readonly #client = new IdentitystoreClient(REPEATABLE);

  constructor(private readonly identityStoreId: string) {}

  async usersNamed(nameOrEmail: string): Promise<DirectoryEntry[]> {
    const paths = nameOrEmail.includes('@') ? ['userName', 'emails.value'] : ['userName'];
    const ids = await Promise.all(paths.map((path) => this.#userId(path, nameOrEmail)));
    const distinct = [...new Set(ids)].filter((id) => id !== undefined);
    const found = await Promise.all(distinct.map((id) => this.user(id)));
    return found.filter((entry) => entry !== undefined);
  }

  async groupsNamed(displayName: string): Promise<DirectoryEntry[]> {
    const id = await absent(async () => {
      const command = new GetGroupIdCommand({
        IdentityStoreId: this.identityStoreId,
        AlternateIdentifier: {
          UniqueAttribute: { AttributePath: 'displayName', AttributeValue: displayName },
        },
      });
      return (await this.#client.send(command)).GroupId;
    });
    return id === undefined ? [] : [{ id, name: displayName }];
  }

  async user(id: string): Promise<DirectoryEntry | undefined> {
    return absent(async () => {
      const command = new DescribeUserCommand({ IdentityStoreId: this.identityStoreId, UserId: id });
      const {
        UserId: userId = id,
        UserName: name = id,
        Emails: emails = [],
      } = await this.#client.send(command);
      const email = (emails.find(({ Primary }) => Primary) ?? emails[0])?.Value;
      return { id: userId, name, ...(email === undefined ? {} : { email }) };
    });
  }

  async group(id: string): Promise<DirectoryEntry | undefined> {
    return absent(async () => {
      const command = new DescribeGroupCommand({ IdentityStoreId: this.identityStoreId, GroupId: id });
      const { GroupId: groupId = id, DisplayName: name = id } = await this.#client.send(command);
      return { id: groupId, name };
    });
  }

  async #userId(path: string, value: string): Promise<string | undefined> {
    return absent(async () => {
      const command = new GetUserIdCommand({
        IdentityStoreId: this.identityStoreId,
        AlternateIdentifier: { UniqueAttribute: { AttributePath: path, AttributeValue: value } },
      });
      return (await this.#client.send(command)).UserId;
    });
  }
}

/** Organizations through the SDK. `State` replaces `Status`, which was retired in September 2026. */
export class SdkOrganization implements Organization {
  // Organizations answers in us-east-1 only, wherever Identity Center is at home.
  readonly #client = new OrganizationsClient({ ...REPEATABLE, region: 'us-east-1' });

  async accountState(accountId: string): Promise<string | undefined> {
    try {
      const { Account: account } = await this.#client.send(
        new DescribeAccountCommand({ AccountId: accountId }),
      );
      return account === undefined ? undefined : (account.State ?? account.Status ?? 'of unknown state');
    } catch (error) {
      if (error instanceof AccountNotFoundException) return undefined;
      throw error;
    }
  }
}

/** An id or name that the store does not know, or could not have, is absent; everything else is an error. */
async function absent<T>(call: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const isKms = ((error as { Reason?: string }).Reason ?? '').startsWith('KMS_');
    if (!isKms && (error instanceof ResourceNotFoundException || error instanceof ValidationException))
      return undefined;
    throw error;
  }
}
