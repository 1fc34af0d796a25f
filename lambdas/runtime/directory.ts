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
import type { Clock } from '../../core/ports/clock';
import type { Directory, DirectoryEntry, Organization } from '../../core/ports/directory';
import { REPEATABLE } from './clients';
import { EmailOwners } from './email-owners';

/** A user as the store describes them. */
interface DescribedUser {
  readonly entry: DirectoryEntry;
  /** In lower case. */
  readonly addresses: readonly (string | undefined)[];
}

/**
 * The identity store through the SDK. What is an e-mail address by its form is looked up as a user name and as an address, the
 * address upper and lower case aside; everybody whom it fits is answered.
 */
export class SdkDirectory implements Directory {
  readonly #client = new IdentitystoreClient(REPEATABLE);
  readonly #owners: EmailOwners;

  constructor(
    private readonly identityStoreId: string,
    clock: Clock,
  ) {
    this.#owners = new EmailOwners(this.#client, identityStoreId, clock);
  }

  async usersNamed(nameOrEmail: string): Promise<DirectoryEntry[]> {
    const byName = await this.#userId('userName', nameOrEmail);
    const named = byName === undefined ? undefined : await this.user(byName);
    const owners = nameOrEmail.includes('@') ? await this.#ownersOf(nameOrEmail) : [];
    const others = owners.filter(({ id }) => id !== named?.id);
    return [...(named === undefined ? [] : [named]), ...others];
  }

  /** Those who have the address now, among all who had it in the last listing or have it by `GetUserId`. */
  async #ownersOf(address: string): Promise<DirectoryEntry[]> {
    const [byAddress, listed] = await Promise.all([
      this.#userId('emails.value', address),
      this.#owners.of(address),
    ]);
    const ids = [...new Set([byAddress, ...listed])].filter((id) => id !== undefined);
    const described = await Promise.all(ids.map((id) => this.#describe(id)));
    return described
      .filter((user) => user !== undefined)
      .filter(({ entry, addresses }) => entry.id === byAddress || addresses.includes(address.toLowerCase()))
      .map(({ entry }) => entry);
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
    return (await this.#describe(id))?.entry;
  }

  async #describe(id: string): Promise<DescribedUser | undefined> {
    return absent(async () => {
      const command = new DescribeUserCommand({ IdentityStoreId: this.identityStoreId, UserId: id });
      const {
        UserId: userId = id,
        UserName: name = id,
        Emails: emails = [],
        UserStatus: status,
      } = await this.#client.send(command);
      const email = (emails.find(({ Primary }) => Primary) ?? emails[0])?.Value;
      return {
        entry: {
          id: userId,
          name,
          ...(email === undefined ? {} : { email }),
          ...(status === 'DISABLED' ? { isDisabled: true } : {}),
        },
        addresses: emails.map(({ Value }) => Value?.toLowerCase()),
      };
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
