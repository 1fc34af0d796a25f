import { AccountCreations, type AccountCreation } from './account-creations';
import { drawLatency } from './latency';
import { constraintViolation, organizationsError, tooManyRequests } from './organizations-errors';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import { organizationsPageOfRows } from './organizations-paging';
import type { OrganizationsEnvironment } from './organizations-service';
import { organizationsTags } from './organizations-tags';
import type { Handlers, Output } from './simulated-service';
import { hexDigits } from '../clock/seeded-random';

type CreationOperation = 'CreateAccount' | 'DescribeCreateAccountStatus' | 'ListCreateAccountStatus';

/** Making accounts, which takes its time. */
export function accountCreationHandlers(
  environment: OrganizationsEnvironment,
): Pick<Handlers<typeof ORGANIZATIONS_INPUTS>, CreationOperation> {
  const { random, settings, clock } = environment;
  const creations = new AccountCreations();
  return {
    CreateAccount({ Email: email, AccountName: name, Tags: added = [] }) {
      const tags = organizationsTags({}, added);
      checkLimits(environment, creations);
      const creation = creations.open(`car-${hexDigits(random, 32)}`, name, clock.now());
      const latency = drawLatency(settings.accountCreationLatency, random);
      clock.at(clock.now() + latency, () => {
        finish(environment, creations, creation, { email, name, tags });
      });
      return { CreateAccountStatus: view(creation) };
    },

    DescribeCreateAccountStatus({ CreateAccountRequestId: id }) {
      const creation = creations.find(id);
      if (creation === undefined) throw organizationsError('CreateAccountStatusNotFoundException');
      return { CreateAccountStatus: view(creation) };
    },

    ListCreateAccountStatus(input) {
      const { States: states = [] } = input;
      const { items, nextToken } = organizationsPageOfRows(function* (sequence) {
        for (const creation of creations.after(sequence)) {
          if (states.length === 0 || states.includes(creation.state)) yield creation;
        }
      }, input);
      return { CreateAccountStatuses: items.map(view), ...nextToken };
    },
  };
}

/** @throws AwsError for more accounts at a time, or in all, than there may be */
function checkLimits({ settings, world }: OrganizationsEnvironment, { underWay }: AccountCreations): void {
  const { concurrentAccountCreations: most, organizationAccounts, tooManyAccountCreations } = settings;
  if (most !== 'unlimited' && underWay >= most) {
    if (tooManyAccountCreations === 'too-many-requests') throw tooManyRequests('CREATE_ACCOUNT');
    throw constraintViolation(
      'ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED',
      'You attempted to exceed the number of accounts that can be created at a time.',
    );
  }
  if (organizationAccounts !== 'unlimited' && world.tree.accountCount + underWay >= organizationAccounts) {
    throw constraintViolation(
      'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
      'You attempted to exceed the limit on the number of accounts in an organization.',
    );
  }
}

interface Wanted {
  readonly email: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Whether the address is free is decided when the account is made, not when it was asked for. */
function finish(
  { world, random, settings, clock, changes }: OrganizationsEnvironment,
  creations: AccountCreations,
  creation: AccountCreation,
  { email, name, tags }: Wanted,
): void {
  const { tree } = world;
  const at = clock.now();
  const { id: requestId, requestedAt } = creation;
  if (tree.isEmailTaken(email)) {
    const reason = 'EMAIL_ALREADY_EXISTS';
    creations.end(creation, { completedAt: at, failureReason: reason });
    changes.tell({ kind: 'account-creation-failed', requestId, accountName: name, reason, requestedAt, at });
    return;
  }
  const newId = (): string =>
    Array.from({ length: 12 }, () => Math.floor(random.next() * 10).toString()).join('');
  let accountId = newId();
  while (tree.account(accountId) !== undefined) accountId = newId();
  const activation = drawLatency(settings.accountActivationLatency, random);
  const state = activation === 0 ? 'ACTIVE' : 'PENDING_ACTIVATION';
  tree.addAccount({ id: accountId, name, email, state, tags });
  creations.end(creation, { completedAt: at, accountId });
  changes.tell({ kind: 'account-created', requestId, accountId, accountName: name, requestedAt, at });
  changes.tell({ kind: 'account-joined', accountId, method: 'Created', at });
  if (activation === 0) return;
  clock.at(at + activation, () => {
    // Somebody may have closed or removed it by then.
    if (tree.account(accountId)?.state !== 'PENDING_ACTIVATION') return;
    tree.setAccountState(accountId, 'ACTIVE');
    changes.tell({ kind: 'account-activated', accountId, at: clock.now() });
  });
}

function view(creation: AccountCreation): Output {
  const { id, accountName, state, requestedAt, completedAt, accountId, failureReason } = creation;
  return {
    Id: id,
    AccountName: accountName,
    State: state,
    RequestedTimestamp: requestedAt / 1000,
    ...(completedAt === undefined ? {} : { CompletedTimestamp: completedAt / 1000 }),
    AccountId: accountId,
    FailureReason: failureReason,
  };
}
