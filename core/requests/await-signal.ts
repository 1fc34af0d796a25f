import { type AccessRequest, SIGNALS, type Waiting } from './access-request';
import type { RequestPorts } from './ports';
import { wakeRequest } from './wake';

/**
 * An *Await* state: stores the token, then looks whether what it waits for is there already, and answers itself. The other side
 * (dispatcher, revocation) writes first and reads the token then, so one of the two always sees the other.
 * One write, two reads.
 */
export async function awaitSignal(
  ports: Pick<RequestPorts, 'requests' | 'workflows' | 'clock'>,
  { requestId: id, attempt }: { readonly requestId: string; readonly attempt: number },
  { signal, token }: Pick<Waiting, 'signal' | 'token'>,
): Promise<void> {
  const waiting = { signal, token, attempt };
  await ports.requests.change(id, (present) =>
    isLate(waiting, present) ? present : { ...present, waiting },
  );
  await wakeRequest(ports, id);
}

/**
 * Whether a step comes late: that of an execution that was stopped, or of an *Await* that was over before its function came that
 * far, as one of a second may be. Its token is dead, and must not take the place of a living one.
 */
function isLate(
  { attempt, signal }: Required<Waiting>,
  { attempt: present, waiting }: AccessRequest,
): boolean {
  if (present > attempt) return true;
  if (waiting?.attempt !== attempt) return false;
  return SIGNALS.indexOf(waiting.signal) > SIGNALS.indexOf(signal);
}
