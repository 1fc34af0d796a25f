import { STATES } from '../state-error';
import type { Compilation } from './compilation';
import { compileFinish } from './compile-flow';
import type { Fields } from './fields';
import type { Catcher, Retrier } from './machine';

/** Limits of the service: 99,999,999 attempts, delays below 31,622,400 s (366 days). */
const MOST_ATTEMPTS = 99_999_999;
const LONGEST_DELAY_SECONDS = 31_622_400;

/** The fields of a retrier. They are literals in both languages. */
const RETRIER = [
  'Comment',
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
];

/** Error names of the service; a name that begins with `States.` and is none of them is a slip of the pen. */
const RESERVED = new Set<string>([
  ...Object.values(STATES),
  'States.Permissions',
  'States.ParameterPathFailure',
  'States.ItemReaderFailed',
  'States.ResultWriterFailed',
  'States.Http.Socket',
]);

/** Compiles `Retry`. */
export function compileRetry(fields: Fields): readonly Retrier[] {
  const entries = fields.objects('Retry');
  return entries.map((entry, at) => {
    entry.allow(RETRIER, 'a retrier');
    const intervalSeconds = entry.number('IntervalSeconds', 1, LONGEST_DELAY_SECONDS, 1);
    const maxDelaySeconds = entry.number('MaxDelaySeconds', 1, LONGEST_DELAY_SECONDS - 1, Infinity);
    if (maxDelaySeconds <= intervalSeconds) {
      entry
        .at('MaxDelaySeconds')
        .refuse(`${maxDelaySeconds} must be greater than IntervalSeconds (${intervalSeconds})`);
    }
    const jitter = entry.optionalString('JitterStrategy') ?? 'NONE';
    if (jitter !== 'FULL' && jitter !== 'NONE') {
      return entry.at('JitterStrategy').refuse(`'${jitter}' is neither FULL nor NONE`);
    }
    return {
      errors: compileErrors(entry, at === entries.length - 1),
      intervalSeconds,
      maxAttempts: entry.number('MaxAttempts', 0, MOST_ATTEMPTS, 3),
      backoffRate: entry.number('BackoffRate', 1, Number.MAX_VALUE, 2, false),
      maxDelaySeconds,
      jitter,
    };
  });
}

/** Compiles `Catch`. */
export function compileCatch(fields: Fields, compilation: Compilation): readonly Catcher[] {
  const ownFields = compilation.language === 'JSONata' ? ['Output'] : ['ResultPath'];
  const entries = fields.objects('Catch');
  return entries.map((entry, at) => {
    entry.allow(
      ['Comment', 'ErrorEquals', 'Next', 'Assign', ...ownFields],
      `a ${compilation.language} catcher`,
    );
    return {
      errors: compileErrors(entry, at === entries.length - 1),
      next: entry.string('Next'),
      finish: compileFinish(entry, compilation, compilation.scope('errorOutput')),
    };
  });
}

/**
 * `States.ALL` alone and last, at least one name, and no `States.` name that the language does not have: a misspelt one
 * would never match, which only shows on the day that it should.
 */
function compileErrors(entry: Fields, isLast: boolean): readonly string[] {
  const errors = entry.strings('ErrorEquals');
  if (errors.length === 0) entry.place.refuse('ErrorEquals must name at least one error');
  if (errors.includes(STATES.all) && (errors.length > 1 || !isLast)) {
    entry.at('ErrorEquals').refuse('States.ALL must stand alone, in the last entry');
  }
  const unknown = errors.find((name) => name.startsWith('States.') && !RESERVED.has(name));
  if (unknown !== undefined)
    entry.at('ErrorEquals').refuse(`'${unknown}' is no error of the States language`);
  return errors;
}
