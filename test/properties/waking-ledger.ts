import { type Call, type Outcome, textOf } from './replayed-actor';
import type { Shared } from './waking-moments';
import { machineStep, portsWith, sharedAfter } from './waking-ports';

/** What a call leaves, and what it is answered with. */
export interface Applied {
  readonly shared: Shared;
  readonly outcome: Outcome;
}

/** All the ledgers that an exploration has come to, equal ones once, and what calls make of them. */
export class KnownLedgers {
  readonly #known = new Map<string, Shared>();
  readonly #applied = new Map<string, Promise<Applied>>();

  /** The one that is equal to this. */
  known(shared: Omit<Shared, 'id'>): Shared {
    const { id: _any, ...rest } = { id: 0, ...shared };
    const text = textOf(rest);
    const known = this.#known.get(text) ?? { ...rest, id: this.#known.size };
    this.#known.set(text, known);
    return known;
  }

  /** What a call does and answers, worked out once for each ledger. */
  apply(shared: Shared, call: Call): Promise<Applied> {
    const id = `${shared.id} ${call.text}`;
    const known = this.#applied.get(id) ?? this.#applyAnew(shared, call);
    this.#applied.set(id, known);
    return known;
  }

  async #applyAnew(shared: Shared, { port, method, args }: Call): Promise<Applied> {
    if (port === 'machine') {
      if (method === 'waits') return { shared, outcome: { value: 'answered', text: 'answered' } };
      const { after, value } = machineStep(shared, method, args[0]);
      return { shared: this.known(after), outcome: { value, text: textOf([value]) } };
    }
    const ports = portsWith(shared);
    const target = ports[port.replace('own ', '') as keyof typeof ports] as Readonly<Record<string, unknown>>;
    const member = target[method];
    if (typeof member !== 'function') throw new Error(`no port has ${port}.${method}`);
    const outcome = await (Reflect.apply(member, target, args) as Promise<unknown>).then(
      (value: unknown) => ({ value }),
      (error: unknown) => ({ error }),
    );
    return {
      shared: this.known(sharedAfter(shared, ports)),
      outcome: { ...outcome, text: textOf(outcome) },
    };
  }
}
