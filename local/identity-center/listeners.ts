import type { AssignmentView, OperationProgress, ProvisionView } from './operation-views';

/** An asynchronous operation was accepted, or ended. */
export type OperationEvent = (AssignmentView | ProvisionView) &
  OperationProgress & {
    /** Epoch milliseconds. */
    readonly at: number;
  };

/** A call was answered (or deliberately not). */
export interface CallEvent {
  /** `sso`, `identitystore` or `organizations`. */
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
  readonly accessKeyId?: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** `ok`, the code of the error that was answered, or `no reply` for one that was lost on purpose. */
  readonly outcome: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Those who want to hear of something. A listener that throws is a defect of the listener, and stops the call it heard of. */
export class Listeners<T> {
  readonly #listeners = new Set<(event: T) => void>();

  /** Answers a function that ends the subscription. */
  public add(listener: (event: T) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  public tell(event: T): void {
    for (const listener of this.#listeners) listener(event);
  }
}
