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
  /** What the service answered, also where the answer was lost; absent for a call that never reached it. */
  readonly reply?: CallReply;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** An answer, or a refusal. */
export type CallReply =
  | { readonly output: Readonly<Record<string, unknown>> }
  | { readonly errorCode: string; readonly errorMessage: string };

/**
 * Something became of an account that no call's answer tells. `at` is epoch milliseconds; `requestedAt` is when the call came
 * that asked for it.
 */
export type OrganizationChange = { readonly at: number } & (
  | {
      readonly kind: 'account-created';
      /** `car-…` */
      readonly requestId: string;
      readonly accountId: string;
      readonly accountName: string;
      readonly requestedAt: number;
    }
  | {
      readonly kind: 'account-creation-failed';
      readonly requestId: string;
      readonly accountName: string;
      /** As `FailureReason` names it: `EMAIL_ALREADY_EXISTS`. */
      readonly reason: string;
      readonly requestedAt: number;
    }
  | { readonly kind: 'account-activated'; readonly accountId: string }
  | { readonly kind: 'account-closed'; readonly accountId: string; readonly requestedAt: number }
  | { readonly kind: 'account-joined'; readonly accountId: string; readonly method: 'Created' | 'Invited' }
  | {
      readonly kind: 'account-departed';
      readonly accountId: string;
      readonly method: 'Left' | 'Removed' | 'Cleaned';
    }
  | {
      readonly kind: 'account-moved';
      readonly accountId: string;
      readonly sourceParentId: string;
      readonly destinationParentId: string;
    }
  | {
      readonly kind: 'account-tagged';
      readonly accountId: string;
      /** Keys that were added, got another value, or were taken away. */
      readonly changedKeys: readonly string[];
      /** All that the account has now. */
      readonly tags: Readonly<Record<string, string>>;
      /** How many changes there were, with this one. */
      readonly version: number;
    }
);

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

  /** Whether nobody listens: then an event need not even be made. */
  public get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  public tell(event: T): void {
    for (const listener of this.#listeners) listener(event);
  }
}
