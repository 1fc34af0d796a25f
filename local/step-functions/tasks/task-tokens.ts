import { AwsError } from '../../aws-api/json-service';

/** The receiver of what is sent with a token. */
export interface TokenHolder {
  /** The state machine that waits: permission to answer is on it. */
  readonly machineArn: string;
  /** The output is JSON text. */
  succeed(output: string): void;
  /** Either may be absent; what there is reaches the catcher as it was sent. */
  fail(error: string | undefined, cause: string | undefined): void;
  /** The next one is due anew. */
  heartbeat(): void;
}

/** How every token begins, so that one of another runtime can be told from no token at all. */
const PREFIX = 'AQCEAAAAKgAAAAMAAAAAAAAAA';
const TOKEN = new RegExp(`^${PREFIX}[A-Za-z0-9+/=]+$`, 'u');

/** The task tokens of a runtime: those that are open, and those that were. */
export class TaskTokens {
  readonly #uuid: () => string;
  readonly #open = new Map<string, TokenHolder>();
  /** Kept for the life of the runtime: a late answer must be told apart from a wrong one. The value is the machine's ARN. */
  readonly #closed = new Map<string, string>();

  constructor(uuid: () => string) {
    this.#uuid = uuid;
  }

  /** Makes a token, open until it is answered or closed. */
  open(holder: TokenHolder): string {
    const token = `${PREFIX}${Buffer.from(`${this.#uuid()}${this.#uuid()}`).toString('base64')}`;
    this.#open.set(token, holder);
    return token;
  }

  /** The task no longer waits: an answer from now on is `TaskTimedOut`. */
  close(token: string): void {
    const holder = this.#open.get(token);
    if (holder === undefined) return;
    this.#open.delete(token);
    this.#closed.set(token, holder.machineArn);
  }

  /** The machine whose task gave a token, open or not; undefined for one that this runtime never gave. */
  machineOf(token: string): string | undefined {
    return this.#open.get(token)?.machineArn ?? this.#closed.get(token);
  }

  /** Answers an open token, which closes it. Throws as {@link TaskTokens.holder}. */
  answer(token: string, answer: (holder: TokenHolder) => void): void {
    const holder = this.holder(token);
    this.close(token);
    answer(holder);
  }

  /**
   * Who waits on a token. Throws `AwsError`: `InvalidToken` for what is no token, `TaskDoesNotExist` for one that this runtime
   * never gave, `TaskTimedOut` for one that was answered or whose task no longer waits.
   */
  holder(token: string): TokenHolder {
    const holder = this.#open.get(token);
    if (holder !== undefined) return holder;
    if (this.#closed.has(token)) {
      throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    }
    if (!TOKEN.test(token)) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    throw new AwsError('TaskDoesNotExist', "Task does not exist: 'Provided task does not exist'");
  }
}
