import type { Context } from 'aws-lambda';
import { makeHandler } from '../../lambdas/runtime/make-handler';

/** A line in CloudWatch's embedded metric format. */
export interface MetricLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [key: string]: unknown;
}

/** What one invocation wrote, and the error that it ended with. */
export interface Invocation {
  readonly metrics: readonly MetricLine[];
  readonly logs: readonly Record<string, unknown>[];
  readonly error?: unknown;
}

/** Runs one invocation of a function that does `work`, as Lambda would, and keeps what it writes. */
export async function invoke(work: () => void): Promise<Invocation> {
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    }),
  );
  const error: unknown = await makeHandler((_input: unknown) => Promise.resolve().then(work))(
    {},
    {} as Context,
  )
    .then(
      () => undefined,
      (cause: unknown) => cause,
    )
    .finally(() => {
      for (const spy of spies) spy.mockRestore();
    });
  const lines = written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    metrics: lines.filter((line) => line._aws !== undefined) as unknown as MetricLine[],
    logs: lines.filter((line) => line._aws === undefined),
    error,
  };
}

/** All values of a metric, with the dimensions that they were written under. */
export function valuesOf(
  lines: readonly MetricLine[],
  name: string,
): readonly { readonly dimensions: Readonly<Record<string, unknown>>; readonly values: unknown }[] {
  return lines
    .filter((line) => line[name] !== undefined)
    .map((line) => ({
      dimensions: Object.fromEntries(
        (line._aws.CloudWatchMetrics[0]?.Dimensions[0] ?? []).map((key) => [key, line[key]]),
      ),
      values: line[name],
    }));
}
