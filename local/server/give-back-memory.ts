import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage once, and gives what is free back to the system: loading a large file leaves several times its size behind,
 * which Node.js would keep until it needs it.
 */
export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
