import { Metrics } from '@aws-lambda-powertools/metrics';
import { MEASURE_UNITS, type Measure } from '../../core/ports/observer';
import { OBSERVABILITY } from './contract';

/** Measures that count events: a hundred of one invocation are one value, their sum. All others are readings, each kept. */
const COUNTING: ReadonlySet<Measure> = new Set([
  'OperationsEnded',
  'OperationsRefused',
  'Calls',
  'Throttles',
  'Recoveries',
]);

/** What goes out as one line of the log: all measures with the same dimensions. */
interface Line {
  readonly metrics: Metrics;
  readonly sums: Map<Measure, number>;
}

/**
 * The measured values of an invocation, in CloudWatch's embedded metric format: one log line for each set of dimensions,
 * written when the invocation ends. A line holds at most 100 values of a metric; powertools begins another one then.
 *
 * A pass of the dispatcher makes some hundred calls of ten APIs and has a dozen sets of dimensions at most, so a dozen lines
 * of 300 bytes. What costs money is the number of metrics: each name with one set of dimensions is one.
 */
export class Measurements {
  readonly #lines = new Map<string, Line>();

  /** @param plain - has no dimension but the service; measures without one join its line */
  public constructor(plain: Metrics) {
    this.#lines.set(keyOf([]), { metrics: plain, sums: new Map() });
  }

  /** @param value - a finite number, in the unit of the measure */
  public add(name: Measure, value: number, dimensions: Readonly<Record<string, string>> = {}): void {
    const { metrics, sums } = this.#line(dimensions);
    if (COUNTING.has(name)) sums.set(name, (sums.get(name) ?? 0) + value);
    else metrics.addMetric(name, MEASURE_UNITS[name], value);
  }

  /** Writes what has come together, and begins anew. */
  public publish(): void {
    for (const { metrics, sums } of this.#lines.values()) {
      for (const [name, sum] of sums) metrics.addMetric(name, MEASURE_UNITS[name], sum);
      sums.clear();
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  }

  #line(dimensions: Readonly<Record<string, string>>): Line {
    const entries = Object.entries(dimensions).sort(([one], [other]) => (one < other ? -1 : 1));
    const known = this.#lines.get(keyOf(entries));
    if (known !== undefined) return known;
    const metrics = new Metrics({
      namespace: OBSERVABILITY.namespace,
      serviceName: OBSERVABILITY.service,
      // Default ones: others are forgotten with every line, also with one that is full in the middle of an invocation.
      defaultDimensions: Object.fromEntries(entries),
    });
    const line: Line = { metrics, sums: new Map() };
    this.#lines.set(keyOf(entries), line);
    return line;
  }
}

function keyOf(entries: readonly (readonly [string, string])[]): string {
  return JSON.stringify(entries);
}
