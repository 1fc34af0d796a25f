import { drawLatency } from './latency';
import { findAccount } from './organizations-accounts';
import { constraintViolation, organizationsError } from './organizations-errors';
import type { ORGANIZATIONS_INPUTS } from './organizations-inputs';
import type { OrganizationsEnvironment } from './organizations-service';
import type { Handlers } from './simulated-service';

/** Milliseconds. */
const DAY = 86_400_000;

/** The days over which closed accounts are counted. */
const CLOSURE_WINDOW = 30 * DAY;

/** Of the member accounts so many may be closed in that time: a fifth, but 250 at least, and 1,000 at most. */
function closable(memberAccounts: number): number {
  return Math.min(1_000, Math.max(250, Math.floor(memberAccounts / 5)));
}

type AccountWrite = 'CloseAccount' | 'MoveAccount' | 'RemoveAccountFromOrganization';

/** Moving accounts, closing them, and letting them go. */
export function accountWriteHandlers({
  world,
  settings,
  random,
  clock,
  changes,
}: OrganizationsEnvironment): Pick<Handlers<typeof ORGANIZATIONS_INPUTS>, AccountWrite> {
  const { tree, organization, delegations } = world;
  let closures: readonly number[] = [];
  let closing = 0;

  /** @throws AwsError `ConstraintViolationException` for one closure too many */
  const countClosure = (at: number): void => {
    const { concurrentAccountClosures: most } = settings;
    if (most !== 'unlimited' && closing >= most) {
      throw constraintViolation(
        'CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED',
        'You attempted to exceed the number of accounts that you can close at a time.',
      );
    }
    const recent = closures.filter((closedAt) => closedAt > at - CLOSURE_WINDOW);
    // The management account is no member.
    if (recent.length >= closable(tree.accountCount - 1)) {
      throw constraintViolation(
        'CLOSE_ACCOUNT_QUOTA_EXCEEDED',
        'You have exceeded close account quota for the past 30 days.',
      );
    }
    closures = [...recent, at];
    closing += 1;
  };

  const endClosure = (accountId: string, requestedAt: number): void => {
    closing -= 1;
    // Somebody may have put it into another state by hand, or removed it.
    if (tree.account(accountId)?.state !== 'PENDING_CLOSURE') return;
    const { suspendedDays: days } = settings;
    const at = clock.now();
    tree.setAccountState(accountId, 'SUSPENDED', days === 'unlimited' ? undefined : at + days * DAY);
    changes.tell({ kind: 'account-closed', accountId, requestedAt, at });
  };

  return {
    CloseAccount({ AccountId: accountId }) {
      const { state } = findAccount(world, accountId);
      if (accountId === organization.managementAccountId) {
        throw constraintViolation(
          'CANNOT_CLOSE_MANAGEMENT_ACCOUNT',
          'You attempted to close the management account.',
        );
      }
      if (state === 'SUSPENDED' || state === 'CLOSED') {
        throw organizationsError('AccountAlreadyClosedException');
      }
      if (state === 'PENDING_CLOSURE') throw organizationsError('ConflictException');
      const at = clock.now();
      countClosure(at);
      tree.setAccountState(accountId, 'PENDING_CLOSURE');
      clock.at(at + drawLatency(settings.accountClosureLatency, random), () => {
        endClosure(accountId, at);
      });
      return {};
    },

    MoveAccount({ AccountId: accountId, SourceParentId: source, DestinationParentId: destination }) {
      const { parentId } = findAccount(world, accountId);
      if (!tree.isParent(source)) throw organizationsError('SourceParentNotFoundException');
      if (!tree.isParent(destination)) throw organizationsError('DestinationParentNotFoundException');
      // Where it is already comes before where it is said to come from.
      if (parentId === destination) throw organizationsError('DuplicateAccountException');
      if (parentId !== source) throw organizationsError('SourceParentNotFoundException');
      tree.moveAccount(accountId, destination);
      changes.tell({
        kind: 'account-moved',
        accountId,
        sourceParentId: source,
        destinationParentId: destination,
        at: clock.now(),
      });
      return {};
    },

    RemoveAccountFromOrganization({ AccountId: accountId }) {
      const { joinedAt } = findAccount(world, accountId);
      if (accountId === organization.managementAccountId) {
        throw organizationsError('MasterCannotLeaveOrganizationException');
      }
      if (delegations.ofAccount(accountId).length > 0) {
        throw constraintViolation(
          'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
          'You attempted to remove an account that is registered as a delegated administrator.',
        );
      }
      // What the organization file names is older than the simulator.
      const isNew = joinedAt > world.startedAt && clock.now() - joinedAt < settings.removableAfterDays * DAY;
      if (isNew) {
        throw constraintViolation(
          'WAIT_PERIOD_ACTIVE',
          `An account must be ${settings.removableAfterDays} days old before it can be removed.`,
        );
      }
      if (settings.standaloneInformation === 'missing') {
        throw constraintViolation(
          'ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA',
          "You attempted to remove an account that doesn't yet have enough information to exist as a standalone account.",
        );
      }
      tree.removeAccount(accountId);
      changes.tell({ kind: 'account-departed', accountId, method: 'Removed', at: clock.now() });
      return {};
    },
  };
}
