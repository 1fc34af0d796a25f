import type { Waiting } from './access-request';
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
  waiting: Waiting,
): Promise<void> {
  // A step of an execution that was stopped may come late: its token is dead, and must not take the place of a living one.
  await ports.requests.change(id, (present) =>
    present.attempt > attempt ? present : { ...present, waiting },
  );
  await wakeRequest(ports, id);
}
