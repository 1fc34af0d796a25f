import { awaitSignal } from '../../core/requests/await-signal';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import type { AwaitSignalInput } from './contract';

const ports = commonPorts();

/** *Await start*, *Await grant*, *Await end* and *Await revoke*: stores the token; the state goes on when it is answered. */
export const handler = makeHandler(
  async ({ signal, token, ...execution }: AwaitSignalInput): Promise<void> => {
    await awaitSignal(ports, execution, { signal, token });
  },
);
