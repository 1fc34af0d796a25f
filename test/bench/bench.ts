import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { makespanPlot } from './plots/makespan-plot';
import { slotsPlot } from './plots/slots-plot';
import { broken } from './report/expectations';
import { Results } from './report/group';
import { type Measured, report } from './report/report';
import { leaseTable } from './report/lease-table';
import { aloneTable, designTable, sensitivityTable } from './report/result-tables';
import { tellTable } from './report/tell-table';
import { DECISION_LAYOUTS, type DecisionCost, decisionCost } from './runs/decision-cost';
import { type Plan, fullPlan, quickPlan } from './runs/plan';
import { runAll } from './runs/run-all';
import { SERVICE } from './service/service-settings';
import { throughput } from './simulator/throughput';

const DOCS = join(__dirname, '..', '..', 'docs');
const PLOTS = join(DOCS, 'benchmarks');
const END_TO_END = join(PLOTS, 'end-to-end.md');
const ROLLOUTS = join(PLOTS, 'rollouts.md');
const RECONCILE = join(PLOTS, 'reconcile.md');

/** As many as the machine that the time limits are for has cores. */
const PROCESSES = 2;

const USAGE = `npm run bench                        everything, some two and a half minutes; writes docs/benchmarks.md and its plots
npm run bench -- --quick             a smoke test: exits 1 unless nothing is lost, nothing wrong, and few calls are throttled
npm run bench -- --simulator         the simulated Identity Center by itself over HTTP: exits 1 unless it keeps what is promised
npm run bench -- --rollouts          rollouts of permission sets in a large organization: exits 1 unless the calls are as few as asked
npm run bench -- --reconcile         walks of a large organization: exits 1 unless the calls are as few as asked
npm run bench -- --end-to-end [N]    N (200) requests through HTTP, state machines and bundles, in real time`;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

type Runs = Omit<Measured, 'decisions' | 'endToEnd' | 'rollouts' | 'reconcile' | 'simulator'>;

async function measure(plan: Plan): Promise<Runs> {
  const parts = ['bulk', 'amid', 'leases', 'alone', 'sensitivity'] as const;
  const results = await runAll(
    parts.flatMap((part) => plan[part]),
    PROCESSES,
  );
  let from = 0;
  const take = (part: (typeof parts)[number]): Results => {
    from += plan[part].length;
    return new Results(results.slice(from - plan[part].length, from));
  };
  return {
    bulk: take('bulk'),
    amid: take('amid'),
    leases: take('leases'),
    alone: take('alone'),
    sensitivity: take('sensitivity'),
  };
}

/** Answers whether all counts hold. */
function check(measured: Runs): boolean {
  const { bulk, amid, leases, alone, sensitivity } = measured;
  const all = [bulk, amid, leases, alone, sensitivity].flatMap((results) => results.all);
  const sentences = broken(all);
  for (const sentence of sentences) print(`does not hold: ${sentence}`);
  const ours = all.filter(({ spec }) => spec.design === 'ours');
  const operations = ours.reduce((sum, run) => sum + run.operations, 0);
  print(
    `${ours.length} runs of the dispatcher, ${operations} operations: ${sentences.length} counts do not hold`,
  );
  return sentences.length === 0;
}

async function quick(): Promise<boolean> {
  const measured = await measure(quickPlan());
  print(designTable(measured.bulk, measured.amid, 1200, 'ln4'));
  print(`\n${leaseTable(measured.bulk, measured.leases, 100)}\n\n${tellTable(measured.bulk, measured.amid)}`);
  print(`\n${aloneTable(measured.alone)}\n\n${sensitivityTable(measured.sensitivity)}\n`);
  return check(measured);
}

async function full(): Promise<boolean> {
  const startedAt = process.hrtime.bigint();
  // First and alone: it wants both cores.
  const simulator = await throughput();
  const measured = await measure(fullPlan());
  const decisions: DecisionCost[] = [];
  // Once for the compiler, whose work would otherwise be counted for the first.
  for (const layout of DECISION_LAYOUTS.slice(0, 1)) await decisionCost(layout);
  for (const layout of DECISION_LAYOUTS) decisions.push(await decisionCost(layout));
  const written = report({
    ...measured,
    decisions,
    endToEnd: lastOf(END_TO_END),
    rollouts: lastOf(ROLLOUTS),
    reconcile: lastOf(RECONCILE),
    simulator: simulator.section,
  });
  mkdirSync(PLOTS, { recursive: true });
  await writeMarkdown(join(DOCS, 'benchmarks.md'), written);
  writeFileSync(
    join(PLOTS, 'makespan.svg'),
    makespanPlot(measured.bulk, 'ln4', 'Makespan, latency lognormal with median 4 s (hollow: work was lost)'),
  );
  const traced = measured.bulk.all.filter(({ trace }) => trace !== undefined);
  const until = 1.05 * (traced.find(({ spec }) => spec.design === 'terraform')?.makespan ?? 1_000);
  writeFileSync(
    join(PLOTS, 'slots.svg'),
    slotsPlot(
      traced,
      SERVICE.slots,
      until,
      'Slots in use: 1,200 operations, lognormal with median 4 s, seed 1',
    ),
  );
  const took = Number(process.hrtime.bigint() - startedAt) / 1e9;
  print(`wrote docs/benchmarks.md and its plots after ${took.toFixed(0)} s`);
  if (!simulator.isGood) print('does not hold: what is promised of the simulator by itself');
  return check(measured) && simulator.isGood;
}

async function inRealTime(count: string): Promise<boolean> {
  if (!/^[1-9]\d{0,3}$/.test(count))
    throw new Error(`--end-to-end is ${count}: give a number from 1 to 9999`);
  // Imported here: the local runtime and the CDK take seconds to load, which the simulation does not need.
  const { endToEnd } = await import('./end-to-end/end-to-end.js');
  const { section, isGood } = await endToEnd(Number(count));
  mkdirSync(PLOTS, { recursive: true });
  await writeMarkdown(END_TO_END, section);
  print(section);
  return isGood;
}

async function ofRollouts(): Promise<boolean> {
  const { rollouts } = await import('./rollouts/rollouts.js');
  const { section, isGood } = await rollouts();
  mkdirSync(PLOTS, { recursive: true });
  await writeMarkdown(ROLLOUTS, section);
  print(section);
  return isGood;
}

async function ofReconcile(): Promise<boolean> {
  const { reconcile } = await import('./reconcile/reconcile.js');
  const { section, isGood } = await reconcile();
  mkdirSync(PLOTS, { recursive: true });
  await writeMarkdown(RECONCILE, section);
  print(section);
  return isGood;
}

async function writeMarkdown(file: string, written: string): Promise<void> {
  const options = (await prettier.resolveConfig(file)) ?? {};
  writeFileSync(file, await prettier.format(written, { ...options, parser: 'markdown' }));
}

function lastOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

async function main(args: readonly string[]): Promise<boolean> {
  const [flag, ...rest] = args;
  if (flag === undefined) return full();
  if (flag === '--quick' && rest.length === 0) return quick();
  if (flag === '--simulator' && rest.length === 0) {
    const { section, isGood } = await throughput();
    print(section);
    return isGood;
  }
  if (flag === '--rollouts' && rest.length === 0) return ofRollouts();
  if (flag === '--reconcile' && rest.length === 0) return ofReconcile();
  if (flag === '--end-to-end' && rest.length <= 1) return inRealTime(rest[0] ?? '200');
  print(`${args.join(' ')} is not known:\n${USAGE}`);
  return false;
}

main(process.argv.slice(2)).then(
  (isGood) => {
    process.exitCode = isGood ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
