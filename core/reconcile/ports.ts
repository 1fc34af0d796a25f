import type { PrincipalType } from '../assignments/assignment';
import type { ChangePorts } from '../assignments/change';
import type { DeployedBaselines, ResolvedBaselines } from '../baselines/baseline';
import type { DispatcherControl } from '../dispatcher/control';
import type { Announcer } from '../ports/announcer';
import type { AssignmentFinder } from '../ports/assignment-finder';
import type { AssignmentLister, CallPace } from '../ports/assignment-lister';
import type { Directory } from '../ports/directory';
import type { DriftLedger } from '../ports/drift-ledger';
import type { Observer } from '../ports/observer';
import type { OrganizationPictures } from '../ports/organization-picture';
import type { PermissionSetNames } from '../ports/permission-set-ledger';
import type { ReconcileLedger, ReconcileStarter } from '../ports/reconcile-ledger';
import type { AssignmentKey } from '../assignments/assignment';

/** What reconciliations take of the baselines. */
export interface BaselineWork {
  /**
   * Works out the claims of every account as far as the time allows. Answers the cursor to go on with, which is plain JSON of some
   * kilobytes, or `done`. Begins without a cursor.
   */
  applyEverywhere(cursor: unknown, deadline: number): Promise<{ readonly cursor: unknown } | 'done'>;
  /** Counts assignments that are about to be taken away against the guard, before they are: all of them, or none. */
  reserveEndings(count: number): Promise<'granted' | 'held'>;
  /** Opens the claims of rules again that ended since somebody else took the assignment away. Answers whether there was any. */
  restore(key: AssignmentKey): Promise<boolean>;
  /** Whether the rules as they are were applied to every account: before, what they want looks like what nobody asked for. */
  isApplied(): Promise<boolean>;
  /**
   * Whether some rule wants an assignment, or may: its claim is not opened yet, or nobody knows what the rule means in that account.
   * @param permissionSet the name of the key's permission set
   */
  mayBeWanted(key: AssignmentKey, permissionSet: string): Promise<boolean>;
  /** Ids of the accounts that the ledger knows, closed and departed ones too. */
  knownAccounts(): Promise<readonly string[]>;
  /** The rules as they are, with their names looked up. */
  rules(): Promise<ResolvedBaselines>;
}

/** What nothing is ever taken from. */
export interface Untouched {
  readonly managementAccountId: string;
  readonly hostAccountId: string;
  /** Globs for names or ARNs, of the policy's guardrails. */
  readonly protectedPermissionSets: readonly string[];
  /** Names of Control Tower's own sets and groups, which are not told of either. */
  readonly isControlTowerSet: (name: string) => boolean;
  readonly isControlTowerGroup: (name: string) => boolean;
}

/** What a step of a reconciliation touches. */
export interface ReconcilePorts extends ChangePorts, DispatcherControl {
  readonly reconciliations: ReconcileLedger;
  readonly finder: AssignmentFinder;
  readonly drift: DriftLedger;
  readonly lister: AssignmentLister;
  readonly pace: CallPace;
  readonly directory: Pick<Directory, 'user' | 'group'>;
  readonly pictures: Pick<OrganizationPictures, 'picture'>;
  readonly names: PermissionSetNames;
  readonly deployed: DeployedBaselines;
  readonly untouched: Untouched;
  readonly baselines: BaselineWork;
  /** Ends the claims of a user or group that is not in the identity store any more. */
  readonly principalIsGone: (type: PrincipalType, id: string) => Promise<void>;
  readonly workflows: DispatcherControl['workflows'] & ReconcileStarter;
  readonly announcer: Announcer;
  readonly observer: Observer;
}
