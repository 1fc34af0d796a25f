import type { Clock } from '../ports/clock';
import type { RequestLedger } from '../ports/ledger';
import type { Workflows } from '../ports/workflows';
import { isAnswered } from './progress';

/** What waking needs. */
export interface WakePorts {
  readonly requests: Pick<RequestLedger, 'read' | 'reports'>;
  readonly workflows: Pick<Workflows, 'answer'>;
  readonly clock: Clock;
}

/**
 * Answers the *Await* state of a request, if it is open and what it waits for is there. Both sides write first and read
 * strongly then, so that at least one of them sees the other; answering twice does no harm.
 */
export async function wakeRequest({ requests, workflows, clock }: WakePorts, id: string): Promise<boolean> {
  const request = await requests.read(id);
  const waiting = request?.waiting;
  if (request === undefined || waiting === undefined) return false;
  const reports = await requests.reports(id);
  if (!isAnswered(waiting.signal, request, reports, clock.now())) return false;
  await workflows.answer(waiting.token, { signal: waiting.signal });
  return true;
}
