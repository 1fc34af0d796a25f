import type { FieldProblem } from '../tickets/field-problem';

/** A problem of an access file. */
export interface FileProblem extends FieldProblem {
  /** Of the key, from 1; undefined where it is not known. */
  readonly line?: number;
}

/** The line of a key path such as `rules[0].longest`, from 1; that of the nearest key above it where there is none. */
export type LineOf = (field: string) => number | undefined;

/** Adds to each problem where it stands in its file, and brings them in the order of the lines. */
export function withLines(problems: readonly FieldProblem[], lineOf?: LineOf): FileProblem[] {
  return problems
    .map((problem): FileProblem => {
      const line = lineOf?.(problem.field);
      return line === undefined ? problem : { ...problem, line };
    })
    .sort((left, right) => (left.line ?? 0) - (right.line ?? 0));
}

/** An access file that cannot be used, with everything that is wrong in it. */
export class AccessFileError extends Error {
  /**
   * @param fileName as it should be shown, such as `access/policy.yaml`
   * @param problems at least one
   */
  constructor(
    readonly fileName: string,
    readonly problems: readonly FileProblem[],
  ) {
    super(describe(fileName, problems));
    this.name = 'AccessFileError';
  }
}

/** Several access files that cannot be used: each with all its problems. */
export class AccessFilesError extends Error {
  constructor(readonly errors: readonly AccessFileError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.name = 'AccessFilesError';
  }
}

/** The message that `npm start` prints: it stands alone, without a stack. */
function describe(fileName: string, problems: readonly FileProblem[]): string {
  const sentence = ({ field, value, problem, remedy }: FileProblem): string =>
    `${field} ${value} ${problem}; ${remedy}`;
  const [only, another] = problems;
  // One problem is one sentence; several are a list, because a person works through them.
  if (only !== undefined && another === undefined) {
    return `${fileName}${only.line === undefined ? '' : `, line ${only.line}`}: ${sentence(only)}`;
  }
  const lines = problems.map(
    (each) => `  ${each.line === undefined ? '' : `line ${each.line}: `}${sentence(each)}`,
  );
  return `${fileName} has ${problems.length} problems:\n${lines.join('\n')}`;
}
