import type { OperationEvent } from '../../local/identity-center/listeners';
import type { LocalRuntime } from '../../local/server/local-runtime';
import type { TransitionEvent } from '../../local/step-functions/api/executions';
import type { RequestClient } from '../request-client';
import type { DemoPrinter, RequestOutcome, StoryLine } from './demo-printer';

const OVER = new Set(['ended', 'denied', 'failed']);
const GRANTED = new Set([...OVER, 'active', 'ending']);

/** A request that the demo sent. */
interface Sent {
  readonly id: string;
  readonly ticket: string;
  /** How much of its timeline has been told, by text. */
  readonly told: Set<string>;
  status: string;
}

/** Somebody who waits. */
interface Awaited {
  readonly resolve: (release: () => void) => void;
  /** @param ended - ARN of the execution that has just ended, if that is what happened */
  readonly hasCome: (ended: string | undefined) => boolean;
}

/**
 * Watches a running app from outside (its request API, the events of its executions, the simulator's operations) and tells what
 * happens, in the order of virtual time.
 */
export class Story {
  readonly #sent: Sent[] = [];
  readonly #waiting: StoryLine[] = [];
  #runtime: LocalRuntime | undefined;
  #client: RequestClient | undefined;
  #looks: Promise<void> = Promise.resolve();
  #isLookDue = false;
  #running = 0;
  #whenQuiet: (() => void) | undefined;
  /** What somebody waits for: whether it has come is asked at each event, and time stands still from then on. */
  readonly #awaited: Awaited[] = [];

  constructor(private readonly printer: DemoPrinter) {}

  /** Begins to listen; answers how to stop. */
  follow(runtime: LocalRuntime, client: RequestClient): () => void {
    this.#runtime = runtime;
    this.#client = client;
    return runtime.simulator.onOperation((event) => {
      this.#waiting.push(operationLine(event));
    });
  }

  /** Sends one ticket. */
  async send(file: string, text: string): Promise<void> {
    const { status, body } = await this.#api().send('POST', '/requests', text);
    const ticket = (JSON.parse(text) as { ticket?: { id?: string } }).ticket?.id ?? file;
    if (status !== 202) throw new Error(`ticket ${file} was answered ${status}: ${JSON.stringify(body)}`);
    this.#sent.push({ id: String(body.id), ticket, told: new Set(), status: 'pending' });
  }

  /** Hears of every event of every execution; each state that ends is worth a look. */
  transition({ event, executionArn }: TransitionEvent): void {
    if (event.type === 'ExecutionStarted') this.#running += 1;
    if (/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(event.type)) this.#running -= 1;
    if (event.type === 'ExecutionSucceeded') this.#tellWhoWaits(executionArn);
    if (event.type === 'TaskStateExited' || this.#running === 0) this.#lookSoon();
  }

  /** Resolves when all requests are over and no execution runs. */
  async ended(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#whenQuiet = resolve;
      this.#lookSoon();
    });
  }

  /** Resolves when each request that was sent is granted, or over. Time stands still from then on, until the answer is called. */
  granted(): Promise<() => void> {
    return new Promise((resolve) => {
      this.#awaited.push({ resolve, hasCome: () => this.#sent.every(({ status }) => GRANTED.has(status)) });
      this.#lookSoon();
    });
  }

  /** Resolves when an execution of this machine ends. Time stands still from then on, until the answer is called. */
  executionEnded(machine: string): Promise<() => void> {
    return new Promise((resolve) => {
      this.#awaited.push({ resolve, hasCome: (ended) => ended?.includes(`:${machine}:`) === true });
    });
  }

  /** Tells something that was heard elsewhere, in its turn. */
  tell(line: StoryLine): void {
    this.#waiting.push({ ...line, text: this.#named(line.text) });
    this.#lookSoon();
  }

  /** How each request ended, by the request API. */
  async outcomes(): Promise<RequestOutcome[]> {
    return Promise.all(
      this.#sent.map(async ({ id, ticket }) => {
        const { body } = await this.#api().send('GET', `/requests/${id}`);
        const reason = typeof body.reason === 'string' ? body.reason : undefined;
        return { ticket, id, status: String(body.status), reason: this.#named(reason ?? lastWords(body)) };
      }),
    );
  }

  #tellWhoWaits(endedExecution?: string): void {
    for (const each of [...this.#awaited]) {
      if (this.#runtime === undefined || !each.hasCome(endedExecution)) continue;
      this.#awaited.splice(this.#awaited.indexOf(each), 1);
      each.resolve(this.#runtime.clock.hold('the demo goes on'));
    }
  }

  /** Looks are made one after the other; many events at one instant are one look. Virtual time stands still meanwhile. */
  #lookSoon(): void {
    if (this.#isLookDue || this.#runtime === undefined) return;
    this.#isLookDue = true;
    const leave = this.#runtime.clock.enter('the demo looks');
    this.#looks = this.#looks
      .then(() => {
        this.#isLookDue = false;
        return this.#look();
      })
      .finally(leave);
  }

  async #look(): Promise<void> {
    const open = this.#sent.filter(({ status }) => !OVER.has(status));
    for (const request of open) await this.#lookAt(request);
    this.#waiting.sort((a, b) => a.at - b.at);
    for (const line of this.#waiting.splice(0)) this.printer.line(line);
    this.#tellWhoWaits();
    if (this.#running === 0 && this.#sent.every(({ status }) => OVER.has(status))) this.#whenQuiet?.();
  }

  async #lookAt(request: Sent): Promise<void> {
    const { body } = await this.#api().send('GET', `/requests/${request.id}`);
    request.status = String(body.status);
    const timeline = body.timeline as readonly { at: string; text: string }[];
    for (const { at, text } of timeline) {
      if (request.told.has(text)) continue;
      request.told.add(text);
      this.#waiting.push({ at: Date.parse(at), from: request.ticket, text: this.#named(text) });
    }
  }

  /** Account ids followed by their names, but for those in ARNs. */
  #named(text: string): string {
    return text.replace(/(?<!:)\b\d{12}\b/g, (id) => {
      const name = this.#runtime?.simulator.world.account(id)?.name;
      return name === undefined ? id : `${id} (${name})`;
    });
  }

  #api(): RequestClient {
    if (this.#client === undefined) throw new Error('the story follows no runtime yet: call follow first');
    return this.#client;
  }
}

/** The last line of the story, without the status that the table shows beside it. */
function lastWords(body: Readonly<Record<string, unknown>>): string {
  const timeline = body.timeline as readonly { text: string }[];
  return (timeline.at(-1)?.text ?? '').replace(/^ended: /, '');
}

function operationLine(event: OperationEvent): StoryLine {
  const { status, failureReason, at } = event;
  const what = operationText(event);
  const reason = failureReason === undefined ? '' : `: ${failureReason}`;
  return { at, from: 'Identity Center', text: `${what}: ${status}${reason}` };
}

/** What an operation is about: who, what, where; for a provision, what and where. */
function operationText(event: OperationEvent): string {
  const set = event.permissionSet.name ?? event.permissionSet.arn;
  const nameOf = ({ id, name }: { readonly id: string; readonly name?: string }): string => name ?? id;
  if (event.kind !== 'provision')
    return `${event.kind} ${nameOf(event.principal)} / ${set} / ${nameOf(event.account)}`;
  const [only, ...others] = event.accounts;
  const where =
    only !== undefined && others.length === 0 ? nameOf(only) : `${event.accounts.length} accounts`;
  return `provision ${set} / ${where}`;
}
