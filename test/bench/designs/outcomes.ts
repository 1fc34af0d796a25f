import type { AssignmentKey } from '../../../core/assignments/assignment';
import type { VirtualTime } from '../engine/virtual-time';
import { type AcceptedOperation, type ServiceModel, subjectOf } from '../service/service-model';

/** What is known of one assignment that was to be made. Milliseconds since the run's beginning. */
export interface Outcome {
  readonly key: AssignmentKey;
  readonly isTicket: boolean;
  readonly askedAt: number;
  /** When the service accepted its first create. */
  acceptedAt?: number;
  /** Latency of the first accepted create. */
  latencyMs?: number;
  /** How often a create of it was accepted. */
  timesAccepted: number;
  /** What the design said, and when; undefined as long as it has not said anything. */
  said?: 'done' | 'failed';
  saidAt?: number;
  /** When the design first knew that it exists, which is before it is said to who waits. */
  provedAt?: number;
  /** Lists of its place that were read before it was accepted. */
  ownLooks: number;
}

/** Keeps what a design says of each assignment, and holds it against the truth at the end. */
export class Outcomes {
  readonly all = new Map<string, Outcome>();
  #open: number;
  readonly #allSaid: Promise<void>;
  #resolveAllSaid: () => void = () => undefined;

  constructor(
    private readonly time: VirtualTime,
    private readonly service: ServiceModel,
    bulk: readonly AssignmentKey[],
    tickets: readonly { readonly key: AssignmentKey; readonly afterMs: number }[],
  ) {
    for (const key of bulk) this.#expect(key, false, 0);
    for (const { key, afterMs } of tickets) this.#expect(key, true, afterMs);
    this.#open = this.all.size;
    this.#allSaid = new Promise((resolve) => {
      this.#resolveAllSaid = resolve;
    });
    service.onAccepted = (operation) => {
      this.#accepted(operation);
    };
  }

  /** Resolves when the design has said something of every assignment. */
  get allSaid(): Promise<void> {
    return this.#allSaid;
  }

  get isAllSaid(): boolean {
    return this.#open === 0;
  }

  done(key: AssignmentKey): void {
    this.#say(key, 'done');
  }

  failed(key: AssignmentKey): void {
    this.#say(key, 'failed');
  }

  /** The design has the proof that the assignment exists. */
  proved(key: AssignmentKey): void {
    const outcome = this.all.get(subjectOf(key));
    if (outcome !== undefined) outcome.provedAt ??= this.time.elapsed();
  }

  /** A list of the assignment's place was read for it. */
  looked(key: AssignmentKey): void {
    const outcome = this.all.get(subjectOf(key));
    if (outcome?.acceptedAt === undefined && outcome !== undefined) outcome.ownLooks += 1;
  }

  /** Lost: not there at the end of the run and nobody says that it is, or nobody ever says what became of it. */
  get lost(): number {
    return this.#count(
      ({ key, said }) => said === undefined || (said === 'failed' && !this.service.rows.exists(key)),
    );
  }

  /** Wrong: said to be done and not there, or given up and there all the same. */
  get wrong(): number {
    return this.#count(
      ({ key, said }) => said !== undefined && (said === 'done') !== this.service.rows.exists(key),
    );
  }

  #count(holds: (outcome: Outcome) => boolean): number {
    return [...this.all.values()].filter(holds).length;
  }

  #expect(key: AssignmentKey, isTicket: boolean, askedAt: number): void {
    this.all.set(subjectOf(key), { key, isTicket, askedAt, timesAccepted: 0, ownLooks: 0 });
  }

  /** The first word counts for the time, the last one for the truth. */
  #say(key: AssignmentKey, word: 'done' | 'failed'): void {
    const outcome = this.all.get(subjectOf(key));
    if (outcome === undefined || outcome.said === word) return;
    if (outcome.said === undefined) {
      this.#open -= 1;
      if (this.#open === 0) this.#resolveAllSaid();
    }
    outcome.said = word;
    outcome.saidAt = this.time.elapsed();
  }

  #accepted({ key, call, acceptedAt, endsAt }: AcceptedOperation): void {
    const outcome = key === undefined || call !== 'create' ? undefined : this.all.get(subjectOf(key));
    if (outcome === undefined) return;
    outcome.timesAccepted += 1;
    outcome.acceptedAt ??= this.time.elapsed();
    outcome.latencyMs ??= endsAt - acceptedAt;
  }
}
