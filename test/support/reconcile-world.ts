import { type AssignmentKey, type PrincipalType, describeKey } from '../../core/assignments/assignment';
import { changeAssignment } from '../../core/assignments/change';
import { closeClaim, isOver, openClaim } from '../../core/assignments/claims';
import {
  type Baseline,
  type DeployedBaselines,
  type DriftMode,
  type ResolvedBaselines,
  baselineClaimId,
} from '../../core/baselines/baseline';
import { wakeDispatcher } from '../../core/dispatcher/control';
import type { ResultEvent } from '../../core/ports/announcer';
import {
  type AssignmentLister,
  type ListedGroup,
  ListingByPrincipalRefusedError,
} from '../../core/ports/assignment-lister';
import type { Assignee, Place } from '../../core/ports/identity-center';
import { AdminCallError, type AdminCallFault } from '../../core/ports/permission-sets';
import { type NextReconcileStep, advanceReconciliation } from '../../core/reconcile/advance';
import { askForReconciliation, replaceDeadReconciliation } from '../../core/reconcile/ask';
import type { FindingKind } from '../../core/reconcile/finding';
import type { ReconcilePorts } from '../../core/reconcile/ports';
import { restoreRuleClaims } from '../../core/reconcile/restore';
import type { ReconcileScope } from '../../core/reconcile/scope';
import { DispatcherWorld, FakeWorkflows } from './dispatcher-world';
import { FakePictures, pictureOf } from './fake-pictures';
import { MemoryDrift, MemoryFinder, MemoryReconciliations } from './memory-drift';

const PREFIX = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-';

export const MANAGEMENT = '100000000000';
export const HOST = '100000000009';
export const SUSPENDED = '100000000008';
export const ACCOUNTS = ['100000000001', '100000000002', '100000000003'] as const;
/** Names of permission sets; what is protected, and what is Control Tower's. */
export const SETS = ['Admin', 'Reader', 'Writer', 'Guarded', 'AWSControlTowerAdmin'] as const;

/** ARN of one of {@link SETS}. */
export function setArn(name: string): string {
  return `${PREFIX}${name.toLowerCase()}`;
}

/** An assignment of a group, or of a user whose id begins with `user`. */
export function assigned(accountId: string, set: string, principalId: string): AssignmentKey {
  const principalType: PrincipalType = principalId.startsWith('user') ? 'USER' : 'GROUP';
  return { accountId, permissionSetArn: setArn(set), principalType, principalId };
}

/** What ends a function in the middle of its work: nobody catches it. */
export class KilledError extends Error {}

/** Identity Center's listings over the rows of the world, in pages, each of which can be the one that breaks off. */
class FakeLister implements AssignmentLister {
  isRefusedByPrincipal = false;
  pageSize = 100;
  /** Calls by their name. */
  readonly calls: string[] = [];
  /** The number of the page, from 1, that is refused, with the fault and how often in a row. */
  breaksAt: { page: number; fault: AdminCallFault; times: number } | undefined;
  /** Before a page is answered. */
  onPage: (operation: string) => void = () => undefined;
  #pages = 0;

  constructor(private readonly world: ReconcileWorld) {}

  permissionSets(): Promise<readonly string[]> {
    return this.#listed('permissionSets', () => SETS.map(setArn).reverse());
  }

  async nameOf(arn: string): Promise<string | undefined> {
    const [name] = await this.#listed('nameOf', () => SETS.filter((each) => setArn(each) === arn));
    return name;
  }

  accountsOf(arn: string): Promise<readonly string[]> {
    return this.#listed('accountsOf', () => {
      const there = this.world.keys().filter((key) => key.permissionSetArn === arn);
      return [...new Set(there.map(({ accountId }) => accountId))].reverse();
    });
  }

  assignees({ accountId, permissionSetArn }: Place): Promise<readonly Assignee[]> {
    return this.#listed('assignees', () =>
      this.world
        .keys()
        .filter((key) => key.accountId === accountId && key.permissionSetArn === permissionSetArn),
    );
  }

  ofPrincipal(type: PrincipalType, id: string): Promise<readonly Place[]> {
    if (this.isRefusedByPrincipal) {
      this.calls.push('ofPrincipal');
      return Promise.reject(new ListingByPrincipalRefusedError('not permitted'));
    }
    return this.#listed('ofPrincipal', () =>
      this.world.keys().filter((key) => key.principalType === type && key.principalId === id),
    );
  }

  groups(): Promise<readonly ListedGroup[]> {
    return Promise.resolve(
      [...this.world.principals].filter(([id]) => !id.startsWith('user')).map(([id, name]) => ({ id, name })),
    );
  }

  /** What is there once the first page is asked for. */
  #listed<Row>(operation: string, list: () => readonly Row[]): Promise<readonly Row[]> {
    let rows: readonly Row[] = [];
    for (let page = 0; page === 0 || page * this.pageSize < rows.length; page += 1) {
      this.#pages += 1;
      this.calls.push(operation);
      this.world.pace.turns += 1;
      this.world.clock.advance(1000 / this.world.pace.perSecond);
      this.onPage(operation);
      const broken = this.breaksAt;
      if (broken !== undefined && this.#pages >= broken.page && broken.times > 0) {
        broken.times -= 1;
        return Promise.reject(new AdminCallError(broken.fault, operation, 'the listing broke off'));
      }
      if (page === 0) rows = list();
    }
    return Promise.resolve(rows);
  }
}

/** Reconciliations over the dispatcher's world, whose rows are what is assigned, with rules that a test sets. */
export class ReconcileWorld extends DispatcherWorld {
  readonly reconciliations = new MemoryReconciliations();
  readonly drift = new MemoryDrift();
  readonly finder = new MemoryFinder(this.assignments);
  readonly lister = new FakeLister(this);
  readonly pace = { perSecond: 3, turns: 0 };
  readonly pictures = new FakePictures();
  readonly events: ResultEvent[] = [];
  /** Ids and names of those who are in the identity store. */
  readonly principals = new Map([
    ['group-ops', 'Ops'],
    ['group-dev', 'Dev'],
    ['group-tower', 'AWSControlTowerAdmins'],
    ['user-ann', 'ann'],
    ['user-bob', 'bob'],
  ]);
  readonly gone: string[] = [];
  rules: { readonly name: string; readonly mode: DriftMode; readonly set: string; readonly group: string }[] =
    [];
  problems: string[] = [];
  mode: DriftMode = 'report';
  mostEndings = 100;
  /** Whether the rules as they are were applied everywhere. */
  isApplied = true;
  /** Assignments that some rule may want, by {@link describeKey}. */
  readonly mayBeWanted = new Set<string>();
  readonly reserved: number[] = [];
  readonly started: number[] = [];
  names: ReadonlyMap<string, string> = new Map();
  /** Hears of each call of a port, before it is made, and after. */
  onCall: (when: 'before' | 'after') => void = () => undefined;

  constructor() {
    super();
    this.pictures.at = this.clock.now();
    this.pictures.found = pictureOf([
      { id: MANAGEMENT },
      { id: HOST },
      { id: SUSPENDED, state: 'SUSPENDED' },
      ...ACCOUNTS.map((id) => ({ id })),
    ]);
  }

  /** What is assigned. */
  keys(): AssignmentKey[] {
    return [...this.identityCenter.rows].map((row) => {
      const [accountId = '', set = '', principalType, principalId = ''] = row.split('/');
      return {
        accountId,
        permissionSetArn: `${PREFIX}${set.replace('ps-', '')}`,
        principalType: principalType === 'GROUP' ? 'GROUP' : 'USER',
        principalId,
      };
    });
  }

  /** Somebody assigns, or takes away, by hand. */
  add(key: AssignmentKey): void {
    this.identityCenter.rows.add(describeKey(key));
  }

  remove(key: AssignmentKey): void {
    this.identityCenter.rows.delete(describeKey(key));
  }

  /** Gives a principal what a rule wants. */
  async grant(rule: string, key: AssignmentKey): Promise<void> {
    await changeAssignment(this, key, (present, now) =>
      openClaim(present, {
        id: baselineClaimId(rule),
        kind: 'baseline',
        from: now,
        until: null,
        openedAt: now,
      }),
    );
    await wakeDispatcher(this, this.clock.now());
    await this.drain();
    this.settle();
  }

  /** Lets so much time go by that no own operation explains a difference. */
  settle(): void {
    this.clock.advance(11 * 60_000);
    this.pictures.at = this.clock.now();
  }

  async ask(scope: ReconcileScope): Promise<number> {
    return (await askForReconciliation(this.reconcilePorts, scope)).number;
  }

  /** A whole reconciliation, as its state machine would make it; then the dispatcher's work. */
  async reconcile(scope: ReconcileScope = { walk: 'complete' }): Promise<void> {
    await this.run(await this.ask(scope));
    await this.dispatch();
  }

  async dispatch(): Promise<void> {
    if (this.dispatcher.record.running) await this.drain();
  }

  async run(number: number, ports: ReconcilePorts = this.reconcilePorts): Promise<void> {
    for (let steps = 0; steps < 400; steps += 1) {
      const { next, seconds } = await this.step(number, steps, ports);
      if (next === 'done') return;
      this.clock.advance(seconds * 1000);
    }
    throw new Error('the reconciliation does not come to an end');
  }

  step(number: number, steps = 0, ports: ReconcilePorts = this.reconcilePorts): Promise<NextReconcileStep> {
    return advanceReconciliation(ports, number, steps);
  }

  /** What the sweep does once the execution is dead. */
  async replaceDead(): Promise<number> {
    this.clock.advance(200_000);
    return (await replaceDeadReconciliation(this.reconcilePorts)).number;
  }

  findings(kind?: FindingKind): string[] {
    return this.drift.opened
      .filter((each) => kind === undefined || each.kind === kind)
      .map((each) => `${each.kind} ${describeKey(each.key)}`);
  }

  get deployed(): DeployedBaselines {
    const baselines = this.rules.map(({ name, mode, set, group }): Baseline => ({
      name,
      description: name,
      principal: { groupId: group },
      followsName: false,
      permissionSets: [set],
      target: [],
      mode,
    }));
    const guard = { most: this.mostEndings, percent: 100 };
    return { baselines, mode: this.mode, guard, hash: 'rules', isPresent: true };
  }

  get reconcilePorts(): ReconcilePorts {
    const ports: ReconcilePorts = {
      assignments: this.assignments,
      dispatcher: this.dispatcher,
      clock: this.clock,
      observer: this.observer,
      reconciliations: this.reconciliations,
      finder: this.finder,
      drift: this.drift,
      lister: this.lister,
      pace: this.pace,
      directory: {
        user: (id) => this.#entry(id),
        group: (id) => this.#entry(id),
      },
      pictures: this.pictures,
      names: {
        read: () => Promise.resolve(this.names),
        write: (names) => {
          this.names = new Map(names);
          return Promise.resolve();
        },
      },
      deployed: this.deployed,
      untouched: {
        managementAccountId: MANAGEMENT,
        hostAccountId: HOST,
        protectedPermissionSets: ['Guard*'],
        isControlTowerSet: (name) => name.startsWith('AWSControlTower'),
        isControlTowerGroup: (name) => name.startsWith('AWSControlTower'),
      },
      baselines: {
        applyEverywhere: () => Promise.resolve('done'),
        reserveEndings: (count) => {
          this.reserved.push(count);
          return Promise.resolve(count <= this.mostEndings ? 'granted' : 'held');
        },
        restore: (key) => restoreRuleClaims(this, key),
        mayBeWanted: (key) => Promise.resolve(this.mayBeWanted.has(describeKey(key))),
        isApplied: () => Promise.resolve(this.isApplied),
        knownAccounts: () => Promise.resolve(this.#accountsOfLedger()),
        rules: () => Promise.resolve(this.#resolved()),
      },
      principalIsGone: (type, id) => this.#heal(type, id),
      workflows: Object.assign(new FakeWorkflows(), {
        startReconciliation: (number: number) => {
          this.started.push(number);
          return Promise.resolve();
        },
      }),
      announcer: {
        publish: (event) => {
          this.events.push(event);
          return Promise.resolve();
        },
      },
    };
    return watched(ports, (when) => {
      this.onCall(when);
    });
  }

  #entry(id: string): Promise<{ id: string; name: string } | undefined> {
    const name = this.principals.get(id);
    return Promise.resolve(name === undefined ? undefined : { id, name });
  }

  #accountsOfLedger(): string[] {
    return [...new Set([...this.assignments.items.values()].map(({ key }) => key.accountId))];
  }

  #resolved(): ResolvedBaselines {
    const rules = this.deployed.baselines.flatMap((baseline, index) => {
      const rule = this.rules[index];
      if (rule === undefined || this.problems.includes(rule.name)) return [];
      const permissionSets = [{ name: rule.set, arn: setArn(rule.set) }];
      return [
        { baseline, principal: { type: 'GROUP' as const, id: rule.group, name: rule.group }, permissionSets },
      ];
    });
    const problems = this.problems.map((name) => ({ baseline: name, problem: 'there is no such group' }));
    return { hash: 'rules', rules, problems };
  }

  async #heal(type: PrincipalType, id: string): Promise<void> {
    this.gone.push(id);
    for (const key of await this.finder.ofPrincipal(type, id))
      await changeAssignment(this, key, (present, now) => {
        const open = Object.values(present.claims).filter((claim) => !isOver(claim, now));
        return open.reduce(
          (each, claim) => closeClaim(each, claim.id, now, 'the principal is gone'),
          present,
        );
      });
  }
}

/** The ports, with every call of their methods heard before and after it is made. */
function watched(ports: ReconcilePorts, hear: (when: 'before' | 'after') => void): ReconcilePorts {
  const unwatched = new Set(['clock', 'observer', 'pace', 'untouched', 'deployed']);
  const heard = Object.entries(ports).map(([name, port]: [string, unknown]) => [
    name,
    unwatched.has(name) ? port : hearing(port, hear),
  ]);
  return Object.fromEntries(heard) as ReconcilePorts;
}

function hearing(port: unknown, hear: (when: 'before' | 'after') => void): unknown {
  const calling =
    (method: (...args: unknown[]) => unknown, self: unknown) =>
    async (...args: unknown[]): Promise<unknown> => {
      hear('before');
      const answer = await method.apply(self, args);
      hear('after');
      return answer;
    };
  if (typeof port === 'function') return calling(port as (...args: unknown[]) => unknown, undefined);
  return new Proxy(port as object, {
    get(target, name): unknown {
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function'
        ? calling(member as (...args: unknown[]) => unknown, target)
        : member;
    },
  });
}
