import { LATENCY_MODELS, type LatencyName } from '../service/latency-models';
import { median, quantile, total } from '../runs/figures';
import type { RunResult, TicketResult } from '../runs/run-result';
import type { DesignName, RunSpec } from '../runs/run-spec';
import { dollars, percent, seconds, thousands } from './markdown';

/** Runs that differ in their seed only. */
export class Group {
  constructor(readonly runs: readonly RunResult[]) {}

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }

  get operations(): number {
    return this.#sum(({ operations }) => operations);
  }

  get lost(): number {
    return this.#sum(({ lost }) => lost);
  }

  get wrong(): number {
    return this.#sum(({ wrong }) => wrong);
  }

  get crashes(): number {
    return this.#sum(({ crashes }) => crashes);
  }

  get repeated(): number {
    return this.#sum(({ repeated }) => repeated);
  }

  get transitions(): number {
    return this.#sum(({ transitions }) => transitions);
  }

  get makespan(): number {
    return median(this.runs.map(({ makespan }) => makespan));
  }

  get limit(): number {
    return median(this.runs.map(({ limit }) => limit));
  }

  /** How much of the limit was reached: the median over the seeds, each against its own limit. */
  get shareOfLimit(): number {
    return median(this.runs.map(({ limit, makespan }) => limit / makespan));
  }

  /** Calls per operation, without looks at assignments. */
  get callsEach(): number {
    return this.#sum(({ calls }) => calls) / this.operations;
  }

  get looksEach(): number {
    return this.#sum(({ looks }) => looks) / this.operations;
  }

  /** Share of all calls that were throttled. */
  get throttled(): number {
    return this.#sum(({ throttled }) => throttled) / this.#sum(({ calls, looks }) => calls + looks);
  }

  get tickets(): readonly TicketResult[] {
    return this.runs.flatMap(({ tickets }) => tickets);
  }

  /** Makespan with its range; of a design that lost work it is the time of the rest. */
  makespanText(): string {
    const all = this.runs.map(({ makespan }) => makespan);
    const range = all.length > 1 ? ` (${seconds(Math.min(...all))} – ${seconds(Math.max(...all))})` : '';
    return `${seconds(this.makespan)}${range}`;
  }

  /** How much of the limit; nothing for a design that left work undone. */
  shareText(): string {
    return this.lost > 0 ? '–' : percent(this.shareOfLimit);
  }

  grantText(): string {
    const middle = median(this.runs.map(({ grant }) => grant.median));
    const late = median(this.runs.map(({ grant }) => grant.p95));
    return `${seconds(middle)} / ${seconds(late)}`;
  }

  /** Wait of a ticket for its slot: median and 95th percentile over all tickets. */
  slotWaitText(): string {
    return quantilesText(this.tickets.map(({ slotWait }) => slotWait));
  }

  /** Requests behind the bulk work: from the proof of the last account until the answer. */
  requestTellText(): string {
    return quantilesText(this.runs.flatMap(({ requests }) => requests?.tells ?? []));
  }

  /** Of a thousand operations. */
  transitionsText(): string {
    return thousands((1000 * this.transitions) / this.operations);
  }

  costText(): string {
    const costs = this.runs.map((run) => run.dollars);
    const known = costs.filter((each) => each !== undefined);
    return known.length < costs.length ? '–' : dollars((1000 * total(known)) / this.operations);
  }

  #sum(of: (run: RunResult) => number): number {
    return total(this.runs.map(of));
  }
}

/** All results of a plan, to be asked for groups. */
export class Results {
  constructor(readonly all: readonly RunResult[]) {}

  of(design: DesignName, size: RunSpec['size'], latency: LatencyName): Group {
    return this.where(({ spec }) => spec.design === design && spec.size === size && spec.latency === latency);
  }

  where(holds: (run: RunResult) => boolean): Group {
    return new Group(this.all.filter(holds));
  }
}

/** Median and 95th percentile of seconds. */
export function quantilesText(values: readonly number[]): string {
  if (values.length === 0) return '–';
  return `${seconds(quantile(values, 0.5))} / ${seconds(quantile(values, 0.95))}`;
}

/** A latency model as tables name it. */
export function latencyTitle(name: LatencyName): string {
  return LATENCY_MODELS[name].title;
}
