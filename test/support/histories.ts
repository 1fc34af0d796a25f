import type { TransitionEvent } from '../../local/step-functions/api/executions';

/** What one execution may grow to, and what its payloads may be. */
export const MOST_EVENTS = 5_000;
export const MOST_BYTES = 8 * 1024;

/** Measures every event of every execution while it happens, so that one whose history was dropped counts too. */
export class Histories {
  /** The most events of one execution, by machine. */
  readonly longest = new Map<string, number>();
  /** The largest payload that any event carries, in bytes, and where. */
  largest = { bytes: 0, where: 'nowhere' };

  readonly hear = ({ machine, event }: TransitionEvent): void => {
    this.longest.set(machine, Math.max(this.longest.get(machine) ?? 0, event.id));
    for (const [details, members] of Object.entries(event.details)) {
      for (const [member, value] of Object.entries(members)) {
        // Payloads are texts; the objects beside them only say whether they were cut.
        const bytes = typeof value === 'string' ? Buffer.byteLength(value) : 0;
        if (bytes > this.largest.bytes) this.largest = { bytes, where: `${machine} ${details}.${member}` };
      }
    }
  };
}
