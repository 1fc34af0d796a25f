import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClockMode, LocalClock } from '../../../local/clock/local-clock';
import { createSeededRandom } from '../../../local/clock/seeded-random';
import { createLocalClock } from '../../../local/clock/virtual-clock';
import type { LambdaFunctionDefinition } from '../../../local/lambda/lambda-function';
import { LambdaRuntime, type LambdaRuntimeOptions, type LogLine } from '../../../local/lambda/lambda-runtime';

export const START = Date.parse('2026-12-01T08:00:00Z');
export const ACCOUNT = '444455556666';

/** A function of a test: its code (a CommonJS module), and what of its definition matters there. */
export type TestFunction = Partial<LambdaFunctionDefinition> & { readonly code: string };

/** A Lambda runtime with functions written into a temporary folder. */
export interface LambdaWorld {
  readonly clock: LocalClock;
  readonly runtime: LambdaRuntime;
  readonly log: LogLine[];
  readonly folder: string;
  end(): Promise<void>;
  /** The payload of a successful invocation; throws for a failed one. */
  result(name: string, payload?: unknown): Promise<unknown>;
  /** The error of a failed invocation; throws for a successful one. */
  failure(
    name: string,
    payload?: unknown,
  ): Promise<{ errorType: string; errorMessage: string; trace?: string[] }>;
}

const worlds: LambdaWorld[] = [];

/** Ends what {@link createWorld} made; for `afterEach`. */
export async function endWorlds(): Promise<void> {
  await Promise.all(worlds.splice(0).map((world) => world.end()));
}

type WorldOptions = Partial<LambdaRuntimeOptions> & { readonly mode?: ClockMode };

/** A world for one test. */
export function createWorld(
  functions: Readonly<Record<string, TestFunction>>,
  options: WorldOptions = {},
): LambdaWorld {
  const world = buildWorld(functions, options);
  worlds.push(world);
  return world;
}

/** A world that several tests share, as each worker's start takes 50 ms; its maker ends it. */
export function buildWorld(
  functions: Readonly<Record<string, TestFunction>>,
  options: WorldOptions = {},
): LambdaWorld {
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-lambda-'));
  const clock = createLocalClock({ mode: options.mode ?? 'skips', startAt: START, patienceMs: 10_000 });
  const log: LogLine[] = [];
  const runtime = new LambdaRuntime({
    clock,
    endpoint: () => 'http://127.0.0.1:4600',
    region: 'us-east-1',
    accountId: ACCOUNT,
    onLog: (line) => log.push(line),
    random: createSeededRandom(1),
    functions: Object.entries(functions).map(([name, definition]) => define(folder, name, definition)),
    ...options,
  });
  return {
    clock,
    runtime,
    log,
    folder,
    async end() {
      await runtime.stop();
      clock.stop();
      rmSync(folder, { recursive: true });
    },
    async result(name, payload) {
      const invocation = await runtime.invoke(name, payload);
      if (invocation.functionError) throw new Error(JSON.stringify(invocation.payload));
      return invocation.payload;
    },
    async failure(name, payload) {
      const invocation = await runtime.invoke(name, payload);
      if (!invocation.functionError) throw new Error(`succeeded with ${JSON.stringify(invocation.payload)}`);
      return invocation.payload as { errorType: string; errorMessage: string; trace?: string[] };
    },
  };
}

function define(folder: string, name: string, { code, ...rest }: TestFunction): LambdaFunctionDefinition {
  const codePath = path.join(folder, name);
  mkdirSync(codePath);
  writeFileSync(path.join(codePath, 'index.js'), code);
  return {
    name,
    arn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`,
    codePath,
    handler: 'index.handler',
    timeoutSeconds: 30,
    memorySize: 128,
    environment: {},
    layers: [],
    ...rest,
  };
}
