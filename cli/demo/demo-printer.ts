import type { AssignmentRow } from '../../local/identity-center/operation-views';
import type { AccountOutcome } from './new-account';
import type { SetOutcome } from './permission-sets';
import { type AssignmentDifference, describeAssignment } from './summary';

/** One thing that happened: at an instant (epoch milliseconds), to a ticket or in Identity Center. */
export interface StoryLine {
  readonly at: number;
  readonly from: string;
  readonly text: string;
}

/** How a request ended. */
export interface RequestOutcome {
  readonly ticket: string;
  readonly id: string;
  readonly status: string;
  readonly reason: string;
}

/** What the run cost. */
export interface DemoCounts {
  readonly calls: Readonly<Record<string, number>>;
  readonly transitions: number;
  readonly virtualMs: number;
  readonly realMs: number;
}

/** Where the demo's story goes. */
export interface DemoPrinter {
  line(line: StoryLine): void;
  assignments(title: string, rows: readonly AssignmentRow[]): void;
  requests(outcomes: readonly RequestOutcome[]): void;
  permissionSets(outcomes: readonly SetOutcome[]): void;
  verdict(difference: AssignmentDifference): void;
  account(outcome: AccountOutcome): void;
  counts(counts: DemoCounts): void;
}

/** Terminals are at least this wide. */
const COLUMNS = 80;
/** `HH:MM:SS  Identity Center  `. */
const INDENT = 27;

/** For people, in 80 columns. */
export function textPrinter(write: (line: string) => void): DemoPrinter {
  let day = '';
  const row = (name: string, status: string, remark: string): void => {
    const [first = '', ...rest] = wrapped(remark, COLUMNS - INDENT);
    write(`  ${name.padEnd(13)} ${status.padEnd(10)} ${first}`);
    for (const line of rest) write(`${' '.repeat(INDENT)}${line}`);
  };
  return {
    line: ({ at, from, text }) => {
      const [date = '', time = ''] = new Date(at).toISOString().split('T');
      if (date !== day) {
        write(`\n${date}`);
        day = date;
      }
      const [first = '', ...rest] = wrapped(text, COLUMNS - INDENT);
      write(`${time.slice(0, 8)}  ${from.padEnd(INDENT - 12)}  ${first}`);
      for (const line of rest) write(`${' '.repeat(INDENT)}${line}`);
    },
    assignments: (title, rows) => {
      write(`\n${title} (${rows.length})`);
      for (const row of rows) write(`  ${describeAssignment(row)}`);
    },
    requests: (outcomes) => {
      write('\nRequests');
      for (const { ticket, status, reason } of outcomes) row(ticket, status, reason);
    },
    permissionSets: (outcomes) => {
      write('\nPermission sets');
      for (const { name, status, remark } of outcomes) row(name, status, remark);
    },
    verdict: ({ missing, left }) => {
      if (missing.length + left.length === 0)
        write('\nAs before: what was granted is gone, what stood before stands.');
      for (const row of left) write(`\nSHOULD BE GONE: ${describeAssignment(row)}`);
      for (const row of missing) write(`\nSHOULD BE THERE: ${describeAssignment(row)}`);
    },
    account: ({ access, findings }) => {
      write('\nThe new account');
      for (const each of access) write(`  group ${each}`);
      write(`  reconciliation: ${findings.length === 0 ? 'nothing found' : `found ${findings.join(', ')}`}`);
    },
    counts: ({ calls, transitions, virtualMs, realMs }) => {
      write('\nCalls of AWS APIs');
      for (const [operation, count] of Object.entries(calls).sort())
        write(`  ${String(count).padStart(4)}  ${operation}`);
      write(
        `\n${transitions} state transitions, ${hours(virtualMs)} of virtual time in ${(realMs / 1000).toFixed(1)} s`,
      );
    },
  };
}

/** For programs: one JSON object a line, told apart by `kind`. */
export function jsonPrinter(write: (line: string) => void): DemoPrinter {
  const print = (value: object): void => {
    write(JSON.stringify(value));
  };
  return {
    line: ({ at, from, text }) => {
      print({ kind: 'event', at: new Date(at).toISOString(), from, text });
    },
    assignments: (title, assignments) => {
      print({ kind: 'assignments', title, assignments });
    },
    requests: (requests) => {
      print({ kind: 'requests', requests });
    },
    permissionSets: (permissionSets) => {
      print({ kind: 'permission-sets', permissionSets });
    },
    verdict: ({ missing, left }) => {
      print({ kind: 'verdict', ok: missing.length + left.length === 0, missing, left });
    },
    account: (account) => {
      print({ kind: 'account', ...account });
    },
    counts: (counts) => {
      print({ kind: 'counts', ...counts });
    },
  };
}

/** Lines of at most `width` characters, broken at blanks; a longer word stands alone. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function hours(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
