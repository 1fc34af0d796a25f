import { AccessFileError, type LineOf, withLines } from '../policy/access-file-error';
import { reportSchemaIssues } from '../policy/schema-issues';
import { readTarget } from '../targets/grammar';
import { collectProblems, fieldPath, type Report } from '../tickets/field-problem';
import { type JsonObject, member } from '../tickets/field-reading';
import { readPrincipal } from '../tickets/references';
import type { Baseline, BaselinePrincipal, Baselines } from './baseline';
import { type BaselineContext, checkRules, rulesIn } from './baseline-rules';
import { type BaselinesFile, baselinesSchema } from './baselines-schema';

/** A file with its place, as its problems name it. */
export interface BaselinesSource {
  /** As messages should show it, such as `access/baselines.yaml`. */
  readonly fileName: string;
  /** Parsed from YAML. */
  readonly document: unknown;
  /** Where keys stand in the file, if that is known. */
  readonly lineOf?: LineOf;
}

/**
 * Reads a baselines file, and brings its rules, and the permission sets of each, into the order of their names.
 * @throws AccessFileError with every problem of the file, each with line, key path, value and remedy
 */
export function parseBaselines(
  { fileName, document, lineOf }: BaselinesSource,
  context: BaselineContext,
): Baselines {
  const { report, problems } = collectProblems();
  const result = baselinesSchema.safeParse(document);
  reportSchemaIssues(report, document, result.error?.issues ?? []);
  const references = rulesIn(document).map(({ path, rule }) => readReferences(report, path, rule));
  checkRules(report, document, context);
  const found = problems();
  if (!result.success || found.length > 0) throw new AccessFileError(fileName, withLines(found, lineOf));
  const { baselines, mode, guard } = result.data;
  return {
    baselines: baselines
      .flatMap((rule, index) => baselineOf(rule, mode, references[index]))
      .sort((left, right) => (left.name < right.name ? -1 : 1)),
    mode,
    guard,
  };
}

type References = Pick<Baseline, 'principal' | 'target'>;

/** What tickets and rules write in the same way; undefined after a problem was reported. */
function readReferences(report: Report, path: string, rule: JsonObject): References | undefined {
  const principal = readPrincipal(report, member(rule, 'principal'), fieldPath(path, 'principal'));
  const target = readTarget(report, fieldPath(path, 'target'), member(rule, 'target'));
  if (principal === undefined || target === undefined) return undefined;
  return { principal: { [principal.by]: principal.value } as unknown as BaselinePrincipal, target };
}

function baselineOf(
  { name, description, followsName, permissionSets, mode }: BaselinesFile['baselines'][number],
  fileMode: Baselines['mode'],
  references: References | undefined,
): Baseline[] {
  if (references === undefined) return [];
  const rest = { permissionSets: [...permissionSets].sort(), mode: mode ?? fileMode };
  return [{ name, description, followsName, ...references, ...rest }];
}
