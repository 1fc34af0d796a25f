import type { FieldProblem } from '../tickets/field-problem';

/** An access file that cannot be used, with everything that is wrong in it. */
export class AccessFileError extends Error {
  /**
   * @param fileName as it should be shown, such as `access/policy.yaml`
   * @param problems at least one
   */
  constructor(
    readonly fileName: string,
    readonly problems: readonly FieldProblem[],
  ) {
    super(describe(fileName, problems));
    this.name = 'AccessFileError';
  }
}

/** The message that `npm start` prints: it stands alone, without a stack. */
function describe(fileName: string, problems: readonly FieldProblem[]): string {
  const lines = problems.map(
    ({ field, value, problem, remedy }) => `${field} ${value} ${problem}; ${remedy}`,
  );
  // One problem is one sentence; several are a list, because a person works through them.
  if (lines.length === 1) return `${fileName}: ${lines.join('')}`;
  return `${fileName} has ${lines.length} problems:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
