import type { PrincipalType } from '../assignments/assignment';
import type { ResolvedBaselines } from '../baselines/baseline';
import { NO_NOTES, type WalkNotes } from '../ports/drift-ledger';
import type { Assignee } from '../ports/identity-center';
import type { ReconcilePorts } from './ports';
import type { ReconcileCounts, ReconcileCursor, ReconcileRun } from './record';

/** The organization is read anew where its picture is older. */
const PICTURE_YOUNGER_THAN_MS = 15 * 60_000;

/** Where an account is missing in it, it is read anew once a step, unless somebody has just done so. */
const FRESH_PICTURE_MS = 1_000;

/** A part of the notes: some 40 bytes each, and an item holds 400 KB. */
const NOTES_A_PART = 5_000;

/** How an account stands, for what is assigned in it. `unclear`: it is not in the picture, which may be too old to have it. */
export type AccountStanding = 'live' | 'stale' | 'unclear';

/** Names a user or group; sorts groups before users. */
export function principalName({ principalType, principalId }: Assignee): string {
  return `${principalType}#${principalId}`;
}

/** One step's view of a reconciliation: where it stands, and what it has looked up. */
export class Walk {
  /** Work was planned that the dispatcher has to be woken for. */
  isWorkPlanned = false;
  /** Listing by principal was refused in this step. */
  wasRefused = false;
  #rules: Promise<ResolvedBaselines> | undefined;
  #states:
    | Promise<{ readonly states: ReadonlyMap<string, string>; readonly at: number; isStale: boolean }>
    | undefined;
  /** Whether the picture was read anew in this step. */
  #isFresh = false;
  #setNames: Map<string, string> | undefined;
  readonly #groupNames = new Map<string, string>();
  #notes: Promise<WalkNotes> | undefined;
  /** By name, whether a principal is gone. */
  readonly #looked = new Map<string, boolean>();
  #isRecalled = false;
  readonly #unkept = { alive: [] as Assignee[], gone: [] as Assignee[] };

  constructor(
    readonly ports: ReconcilePorts,
    public run: ReconcileRun,
    readonly deadline: number,
  ) {}

  get isOver(): boolean {
    return this.ports.clock.now() >= this.deadline;
  }

  /** Gets on: what is done up to here is not done again, whatever comes. */
  move(cursor: ReconcileCursor): void {
    this.run = { ...this.run, cursor };
  }

  /** The service does not list by principal: every provisioned pair is walked instead, from the beginning. */
  refusedByPrincipal(): void {
    const { scope } = this.run;
    this.wasRefused = true;
    this.run = {
      ...this.run,
      scope: { ...scope, walk: 'complete' },
      cursor: { phase: 'pairs', after: '', sets: [], isRest: false, afterAccount: '' },
    };
  }

  count(what: Exclude<keyof ReconcileCounts, 'calls'>, by = 1): void {
    const { done } = this.run;
    this.run = { ...this.run, done: { ...done, [what]: done[what] + by } };
  }

  rules(): Promise<ResolvedBaselines> {
    this.#rules ??= this.ports.baselines.rules();
    return this.#rules;
  }

  /** Ids of every account of the organization, and how each stands; pending ones are live. */
  async accountIds(): Promise<readonly string[]> {
    return [...(await this.#accounts()).states.keys()];
  }

  async standingOf(accountId: string): Promise<AccountStanding> {
    let { states, isStale } = await this.#accounts();
    if (!states.has(accountId) && !this.#isFresh) {
      // It may be newer than the picture: nobody is told that an account is gone which has just come.
      this.#isFresh = true;
      this.#states = undefined;
      ({ states, isStale } = await this.#accounts());
    }
    const state = states.get(accountId);
    if (state === undefined) return isStale ? 'unclear' : 'stale';
    return state === 'ACTIVE' || state === 'PENDING_ACTIVATION' ? 'live' : 'stale';
  }

  async isActive(accountId: string): Promise<boolean> {
    return (await this.#accounts()).states.get(accountId) === 'ACTIVE';
  }

  /** When the organization was read. */
  async picturedAt(): Promise<number> {
    return (await this.#accounts()).at;
  }

  /** The name of a permission set; undefined where it is no more. */
  async setName(arn: string): Promise<string | undefined> {
    const { names, lister } = this.ports;
    this.#setNames ??= new Map(await names.read());
    const known = this.#setNames.get(arn);
    if (known !== undefined) return known;
    const name = await lister.nameOf(arn);
    if (name !== undefined) {
      this.#setNames.set(arn, name);
      await names.write(this.#setNames);
    }
    return name;
  }

  /** Whether the set, or the group, is Control Tower's own. */
  async isControlTowers(
    { principalType, principalId }: Assignee,
    permissionSetArn: string,
  ): Promise<boolean> {
    const { untouched } = this.ports;
    const setName = await this.setName(permissionSetArn);
    if (setName !== undefined && untouched.isControlTowerSet(setName)) return true;
    if (principalType === 'USER') return false;
    const group = this.#groupNames.get(principalId) ?? (await this.ports.directory.group(principalId))?.name;
    if (group === undefined) return false;
    this.#groupNames.set(principalId, group);
    return untouched.isControlTowerGroup(group);
  }

  /** Takes a listing of groups for what it shows: they are there. */
  groupsAreAlive(groups: readonly { readonly id: string; readonly name: string }[]): void {
    for (const { id, name } of groups) {
      this.#groupNames.set(id, name);
      this.#looked.set(principalName({ principalType: 'GROUP', principalId: id }), false);
    }
  }

  /** Whether a user or group is not in the identity store; asked once a walk. Whose is gone has their claims ended. */
  async isGone(principal: Assignee): Promise<boolean> {
    const name = principalName(principal);
    await this.#recall();
    const known = this.#looked.get(name);
    if (known !== undefined) return known;
    const { principalType, principalId } = principal;
    const { directory } = this.ports;
    const entry = await (principalType === 'USER'
      ? directory.user(principalId)
      : directory.group(principalId));
    const isGone = entry === undefined;
    if (isGone) {
      await this.ports.principalIsGone(principalType, principalId);
      this.isWorkPlanned = true;
    } else if (principalType === 'GROUP') this.#groupNames.set(principalId, entry.name);
    this.#looked.set(name, isGone);
    this.#unkept[isGone ? 'gone' : 'alive'].push(principal);
    return isGone;
  }

  /** Whether the walk has found a user or group gone. */
  async wasFoundGone(principal: Assignee): Promise<boolean> {
    await this.#recall();
    return this.#looked.get(principalName(principal)) === true;
  }

  /** What the walk has noted before this step. */
  notes(): Promise<WalkNotes> {
    this.#notes ??= this.ports.drift.notes(this.run.walk);
    return this.#notes;
  }

  /** Keeps what was gathered. */
  async keep({
    principals,
    permissionSets,
  }: Pick<WalkNotes, 'principals' | 'permissionSets'>): Promise<void> {
    for (let from = 0; from < Math.max(principals.length, permissionSets.length); from += NOTES_A_PART)
      await this.#keepPart({
        ...NO_NOTES,
        principals: principals.slice(from, from + NOTES_A_PART),
        permissionSets: permissionSets.slice(from, from + NOTES_A_PART),
      });
    this.#notes = undefined;
  }

  /** Keeps whom the step has looked up; a part at the end of a step. */
  async keepLookedUp(): Promise<void> {
    const { alive, gone } = this.#unkept;
    if (alive.length + gone.length === 0) return;
    await this.#keepPart({ ...NO_NOTES, alive: [...alive], gone: [...gone] });
    this.#unkept.alive = [];
    this.#unkept.gone = [];
  }

  async #keepPart(notes: WalkNotes): Promise<void> {
    await this.ports.drift.keepNotes(this.run.walk, this.run.parts, notes);
    this.run = { ...this.run, parts: this.run.parts + 1 };
  }

  async #recall(): Promise<void> {
    if (this.#isRecalled) return;
    const { alive, gone } = await this.notes();
    this.#isRecalled = true;
    for (const each of alive) this.#looked.set(principalName(each), false);
    for (const each of gone) this.#looked.set(principalName(each), true);
  }

  #accounts() {
    this.#states ??= this.#readAccounts();
    return this.#states;
  }

  async #readAccounts() {
    const { found, at, isStale } = await this.ports.pictures.picture(
      this.#isFresh ? FRESH_PICTURE_MS : PICTURE_YOUNGER_THAN_MS,
    );
    return { states: new Map(found.accounts.map(({ id, state }) => [id, state])), at, isStale };
  }
}

/** How a principal is written in a key. */
export function principalOf({
  principalType,
  principalId,
}: {
  readonly principalType: PrincipalType;
  readonly principalId: string;
}): Assignee {
  return { principalType, principalId };
}
