import type { Assignment, AssignmentKey, PrincipalType } from '../../core/assignments/assignment';
import { describeKey } from '../../core/assignments/assignment';
import { tellsNothing } from '../../core/assignments/claims';
import type { AccountReport } from '../../core/assignments/report';
import { workPlace } from '../../core/assignments/work-class';
import type { Learned } from '../../core/dispatcher/learned';
import type {
  AssignmentFinder,
  AssignmentPage,
  AssignmentPages,
  AssignmentQuery,
} from '../../core/ports/assignment-finder';
import type { ProvisionTarget } from '../../core/ports/identity-center';
import type {
  AssignmentLedger,
  DispatcherLedger,
  DispatcherRecord,
  NextEpoch,
  OpenProvision,
  OpenRequest,
  ProvisionLedger,
  RateHolder,
  RequestLedger,
  RequestPage,
  RequestQuery,
  WaitingWork,
  WorkClass,
} from '../../core/ports/ledger';
import { type Provision, describeTarget } from '../../core/provisions/provision';
import { type AccessRequest, isOver } from '../../core/requests/access-request';

/** The assignments of the ledger in memory, with the same conditional writes. Its indexes do not lag. */
export class MemoryAssignments implements AssignmentLedger, AssignmentFinder, AssignmentPages {
  readonly items = new Map<string, Assignment>();

  read(key: AssignmentKey): Promise<Assignment | undefined> {
    return Promise.resolve(this.items.get(describeKey(key)));
  }

  write(next: Assignment): Promise<Assignment | undefined> {
    const id = describeKey(next.key);
    if ((this.items.get(id)?.version ?? 0) !== next.version) return Promise.resolve(undefined);
    const written = { ...next, version: next.version + 1 };
    this.items.set(id, written);
    return Promise.resolve(written);
  }

  underWay(): Promise<AssignmentKey[]> {
    const isUnderWay = ({ operation, toTell }: Assignment) =>
      toTell.length > 0 || (operation !== undefined && operation.state !== 'INTENT');
    return Promise.resolve(
      this.#all()
        .filter(isUnderWay)
        .map(({ key }) => key),
    );
  }

  waiting(workClass: WorkClass, until: number, limit: number): Promise<WaitingWork[]> {
    const found = this.#all().flatMap((assignment) => {
      const { key, operation, toTell } = assignment;
      if (operation?.state !== 'INTENT' || toTell.length > 0) return [];
      const place = workPlace(assignment, operation);
      if (place.class !== workClass || place.from > until) return [];
      return [{ key, notBefore: operation.notBefore, place }];
    });
    const sorted = found.sort((a, b) => a.place.from - b.place.from || a.place.rank - b.place.rank);
    return Promise.resolve(sorted.slice(0, limit));
  }

  due(now: number, limit: number): Promise<AssignmentKey[]> {
    const found = this.#all().filter(({ lookAt }) => lookAt !== undefined && lookAt <= now);
    const sorted = found.sort((a, b) => (a.lookAt ?? 0) - (b.lookAt ?? 0));
    return Promise.resolve(sorted.slice(0, limit).map(({ key }) => key));
  }

  inAccount(accountId: string, permissionSetArn?: string): Promise<Assignment[]> {
    const query = { accountId, ...(permissionSetArn === undefined ? {} : { permissionSetArn }) };
    return Promise.resolve(this.#sorted().filter(({ key }) => fits(key, query)));
  }

  ofPrincipal(type: PrincipalType, id: string): Promise<AssignmentKey[]> {
    return Promise.resolve(this.#indexed({ principal: { type, id } }).map(({ key }) => key));
  }

  ofPermissionSet(permissionSetArn: string): Promise<AssignmentKey[]> {
    return Promise.resolve(this.#indexed({ permissionSetArn }).map(({ key }) => key));
  }

  list(query: AssignmentQuery, limit: number, after = ''): Promise<AssignmentPage> {
    const rest = this.#indexed(query).filter(({ key }) => describeKey(key) > after);
    const assignments = rest.slice(0, limit);
    const last = rest.length > limit ? assignments.at(-1) : undefined;
    return Promise.resolve({ assignments, ...(last === undefined ? {} : { next: describeKey(last.key) }) });
  }

  #indexed(query: AssignmentQuery): Assignment[] {
    return this.#sorted().filter((each) => !tellsNothing(each) && fits(each.key, query));
  }

  #sorted(): Assignment[] {
    return this.#all().sort((one, other) => (describeKey(one.key) < describeKey(other.key) ? -1 : 1));
  }

  #all(): Assignment[] {
    return [...this.items.values()];
  }
}

function fits(key: AssignmentKey, { accountId, permissionSetArn, principal }: AssignmentQuery): boolean {
  const { type = key.principalType, id = key.principalId } = principal ?? {};
  return (
    key.accountId === (accountId ?? key.accountId) &&
    key.permissionSetArn === (permissionSetArn ?? key.permissionSetArn) &&
    key.principalType === type &&
    key.principalId === id
  );
}

/** The provisions of the ledger in memory. */
export class MemoryProvisions implements ProvisionLedger {
  readonly items = new Map<string, Provision>();

  read(target: ProvisionTarget): Promise<Provision | undefined> {
    return Promise.resolve(this.items.get(describeTarget(target)));
  }

  write(next: Provision): Promise<Provision | undefined> {
    const id = describeTarget(next.target);
    if ((this.items.get(id)?.version ?? 0) !== next.version) return Promise.resolve(undefined);
    const written = { ...next, version: next.version + 1 };
    this.items.set(id, written);
    return Promise.resolve(written);
  }

  open(limit: number): Promise<OpenProvision[]> {
    const open = [...this.items.values()].flatMap(({ target, operation }) =>
      operation === undefined
        ? []
        : [{ target, isWaiting: operation.state === 'INTENT', notBefore: operation.notBefore }],
    );
    return Promise.resolve(open.sort((a, b) => a.notBefore - b.notBefore).slice(0, limit));
  }
}

/** The requests of the ledger in memory. */
export class MemoryRequests implements RequestLedger {
  readonly items = new Map<string, AccessRequest>();
  readonly accounts = new Map<string, Map<string, AccountReport>>();

  read(id: string): Promise<AccessRequest | undefined> {
    return Promise.resolve(this.items.get(id));
  }

  create(request: AccessRequest): Promise<{ created: boolean; request: AccessRequest }> {
    const present = this.items.get(request.id);
    if (present !== undefined) return Promise.resolve({ created: false, request: present });
    const record = { ...request, version: 1 };
    this.items.set(request.id, record);
    return Promise.resolve({ created: true, request: record });
  }

  change(id: string, change: (request: AccessRequest) => AccessRequest): Promise<AccessRequest> {
    const present = this.items.get(id);
    if (present === undefined) return Promise.reject(new Error(`no request ${id}`));
    const next = change(present);
    if (next === present) return Promise.resolve(present);
    const record = { ...next, version: present.version + 1 };
    this.items.set(id, record);
    return Promise.resolve(record);
  }

  reports(id: string): Promise<AccountReport[]> {
    return Promise.resolve([...(this.accounts.get(id)?.values() ?? [])]);
  }

  report(id: string, report: AccountReport): Promise<void> {
    const reports = this.accounts.get(id) ?? new Map<string, AccountReport>();
    const present = reports.get(report.accountId);
    if ((present?.assignmentVersion ?? 0) <= report.assignmentVersion) reports.set(report.accountId, report);
    this.accounts.set(id, reports);
    return Promise.resolve();
  }

  find(query: RequestQuery, limit: number): Promise<RequestPage> {
    const found = [...this.items.values()].filter((request) => {
      switch (query.by) {
        case 'ticket':
          return request.ticket.ticket?.id === query.id;
        case 'principal':
          return request.ticket.principal.value === query.name;
        case 'status':
          return request.status === query.status;
      }
    });
    return Promise.resolve({ requests: found.slice(0, limit) });
  }

  rememberPrincipal(): Promise<void> {
    return Promise.resolve();
  }

  open(): Promise<OpenRequest[]> {
    const open = [...this.items.values()].filter(({ status }) => !isOver(status));
    return Promise.resolve(
      open.map(({ id, attempt, status, revocation }) => ({
        id,
        attempt,
        state: status === 'ending' ? 'ending' : revocation === undefined ? 'other' : 'wake',
      })),
    );
  }
}

/** The dispatcher's item in memory. */
export class MemoryDispatcher implements DispatcherLedger {
  record: DispatcherRecord = {
    epoch: 0,
    leaseUntil: 0,
    nextPassBy: 0,
    wanted: 0,
    wantedAt: 0,
    running: false,
  };
  #acceptedIds: readonly string[] = [];

  read(): Promise<DispatcherRecord> {
    return Promise.resolve(this.record);
  }

  want(now: number): Promise<DispatcherRecord> {
    return this.#set({ wanted: this.record.wanted + 1, wantedAt: now });
  }

  nextEpoch(
    from: number,
    now: number,
    nextPassBy: number,
    condition: NextEpoch,
  ): Promise<DispatcherRecord | undefined> {
    const { epoch, running, leaseUntil, nextPassBy: promised } = this.record;
    const isFree = {
      'nobody works': !running || (leaseUntil < now && promised < now),
      'no pass': !running || leaseUntil <= now,
      always: true,
    }[condition];
    if (epoch !== from || !isFree) return Promise.resolve(undefined);
    return this.#set({ epoch: from + 1, running: true, nextPassBy });
  }

  takeLease(
    epoch: number,
    now: number,
    leaseUntil: number,
    nextPassBy: number,
  ): Promise<DispatcherRecord | undefined> {
    const { record } = this;
    if (record.epoch !== epoch || record.leaseUntil > now || !record.running)
      return Promise.resolve(undefined);
    return this.#set({ leaseUntil, nextPassBy });
  }

  async releaseLease(
    epoch: number,
    leaseUntil: number,
    now: number,
    nextPassBy: number,
    learned: Learned,
  ): Promise<void> {
    if (this.record.epoch === epoch && this.record.leaseUntil === leaseUntil) {
      await this.#set({ leaseUntil: now, nextPassBy, learned });
    }
  }

  async register(holder: RateHolder, perSecond: number, until: number): Promise<void> {
    await this.#set({ registered: { ...this.record.registered, [holder]: { perSecond, until } } });
  }

  async unregister(holder: RateHolder): Promise<void> {
    const { [holder]: _over, ...registered } = this.record.registered ?? {};
    await this.#set({ registered });
  }

  acceptedIds(): Promise<readonly string[]> {
    return Promise.resolve(this.#acceptedIds);
  }

  keepAcceptedIds(ids: readonly string[]): Promise<void> {
    this.#acceptedIds = ids;
    return Promise.resolve();
  }

  stop(epoch: number, wanted: number, releasedAt: number): Promise<DispatcherRecord | undefined> {
    const { record } = this;
    const isSame = record.epoch === epoch && record.wanted === wanted && record.leaseUntil <= releasedAt;
    if (!isSame) return Promise.resolve(undefined);
    return this.#set({ running: false });
  }

  #set(change: Partial<DispatcherRecord>): Promise<DispatcherRecord> {
    this.record = { ...this.record, ...change };
    return Promise.resolve(this.record);
  }
}
