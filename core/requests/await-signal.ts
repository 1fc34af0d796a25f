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
  id: string,
  waiting: Waiting,
): Promise<void> {
  await ports.requests.change(id, (present) => ({ ...present, waiting }));
  await wakeRequest(ports, id);
}
