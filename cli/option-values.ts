import type { ClockMode } from '../local/clock/local-clock';

/** How time passes in what is started. */
export const CLOCKS: readonly ClockMode[] = ['real', 'skips', 'manual'];

/**
 * One of the values that an option may have.
 * @throws Error that names the option, the value and what may be given
 */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined)
    throw new Error(`${option} is ${JSON.stringify(value)}: use ${allowed.join(', ')}`);
  return found;
}

/**
 * A whole number from 0 on.
 * @throws Error that names the option, the value and the range
 */
export function wholeNumber(option: string, value: string, largest: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > largest) {
    throw new Error(`${option} is ${JSON.stringify(value)}: give a whole number from 0 to ${largest}`);
  }
  return number;
}

/** Ends when somebody stops the process. */
export async function untilInterrupted(): Promise<void> {
  // A pending promise does not keep a process alive; the server does.
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}
