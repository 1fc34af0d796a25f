import type { Assignment, AssignmentKey, Claim } from '../../../core/assignments/assignment';
import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import type { World } from '../designs/design';
import { subjectOf } from '../service/service-model';
import type { RequestResults } from '../runs/run-result';
import type { OursPlatform } from './ours-ports';
import { grantingRequest } from './people';

/** Id of the claim that a rule has on each of its assignments. */
const BASELINE = 'baseline';

/** A rule's claims, before the run begins: what is measured is the dispatcher, not who writes its work. */
export async function openBaseline({ bulk, time }: World, { assignments }: OursPlatform): Promise<void> {
  const accounts = new Set(bulk.map(({ key }) => key.accountId)).size;
  const now = time.now();
  for (const { key, rank } of bulk) {
    const claim: Claim = {
      id: BASELINE,
      kind: 'baseline',
      from: now,
      until: null,
      openedAt: now,
      accounts,
      rank,
    };
    await changeAssignment({ assignments, clock: time }, key, (present) => openClaim(present, claim));
  }
}

/** A request for one permission set and group in many accounts. Milliseconds since the run's beginning. */
interface BulkRequest {
  readonly id: string;
  readonly keys: readonly AssignmentKey[];
  /** Accounts that were proved so far, and when the last one was. */
  proved: number;
  provedAt: number;
  isAnswered: boolean;
}

/** The bulk work as leases of requests that wait for their grant, one for each permission set and group. */
export class BulkRequests {
  readonly #world: World;
  readonly #requests: ReadonlyMap<string, BulkRequest>;
  readonly #tells: number[] = [];
  #open: number;
  readonly #allAnswered: Promise<void>;
  #resolveAllAnswered: () => void = () => undefined;

  constructor(world: World) {
    this.#world = world;
    const requests = new Map<string, BulkRequest>();
    for (const { key } of world.bulk) {
      const id = `bulk ${key.permissionSetArn} ${key.principalId}`;
      const keys = [...(requests.get(id)?.keys ?? []), key];
      requests.set(id, { id, keys, proved: 0, provedAt: 0, isAnswered: false });
    }
    this.#requests = requests;
    this.#open = requests.size;
    this.#allAnswered = new Promise((resolve) => {
      this.#resolveAllAnswered = resolve;
    });
  }

  /** Resolves when every request was answered. */
  get allAnswered(): Promise<void> {
    return this.#open === 0 ? Promise.resolve() : this.#allAnswered;
  }

  /** What *Open leases* writes for each request, before the run begins. */
  async write({ requests, assignments }: OursPlatform): Promise<void> {
    const clock = this.#world.time;
    const now = clock.now();
    for (const { id, keys } of this.#requests.values()) {
      const request = grantingRequest(id, keys, now);
      await requests.create(request);
      const lease = request.decision?.lease ?? { from: now, until: now };
      const claim = { id, kind: 'lease', ...lease, openedAt: now, accounts: keys.length } as const;
      for (const key of keys)
        await changeAssignment({ assignments, clock }, key, (present) => openClaim(present, claim));
    }
  }

  /** An account of the request, if it is one of these, was proved. */
  proved(id: string): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    request.proved += 1;
    request.provedAt = this.#world.time.elapsed();
  }

  /**
   * The waiting request with this token (its id) was answered. One that takes longer than a quarter of an hour is active before all its
   * accounts are granted, and answered then: there is no last proof from which its telling could be counted.
   */
  answered(token: string): void {
    const request = this.#requests.get(token);
    if (request === undefined || request.isAnswered) return;
    request.isAnswered = true;
    if (request.proved === request.keys.length)
      this.#tells.push((this.#world.time.elapsed() - request.provedAt) / 1000);
    this.#open -= 1;
    if (this.#open === 0) this.#resolveAllAnswered();
  }

  get results(): RequestResults {
    const asked = this.#requests.size;
    return { asked, answered: asked - this.#open, tells: this.#tells };
  }
}

/**
 * What the dispatcher says of an assignment by what it writes. Bulk work is said to be done as soon as the ledger has it, whoever is told
 * of it later; of a ticket that is only the proof, and its word is the answer to the waiting request.
 */
export function tellOutcome(
  { outcomes }: World,
  { key, claims }: Assignment,
  requests: BulkRequests | undefined,
): void {
  for (const { id, kind, grantedAt, lostBy } of Object.values(claims)) {
    const isTicket = kind === 'lease' && id === key.principalId;
    if (lostBy === 'failure' && !isTicket) outcomes.failed(key);
    if (grantedAt === undefined || lostBy === 'failure') continue;
    outcomes.proved(key);
    if (isTicket) continue;
    if (outcomes.all.get(subjectOf(key))?.said === undefined) requests?.proved(id);
    outcomes.done(key);
  }
}
