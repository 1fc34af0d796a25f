import type { LatencyName } from '../service/latency-models';
import type { ServiceSettings } from '../service/service-settings';
import type { Size } from '../workload/layout';

/** The designs that are compared, in the order of the tables; `ours` runs the production dispatcher. */
export const DESIGN_NAMES = [
  'ours',
  'codepipeline-auto-assignment',
  'step-functions-map',
  'terraform',
  'identity-center-extensions',
  'org-formation',
  'unlimited-fan-out',
] as const;

/** See {@link DESIGN_NAMES}. */
export type DesignName = (typeof DESIGN_NAMES)[number];

/** What `ours` is told and what befalls it. */
export interface OursSettings {
  /** Slots that its settings allow. @default - as many as the service does */
  readonly slots?: number;
  /** A pass is killed at a random instant, on the average after so many seconds of work. @default - never */
  readonly secondsBetweenCrashes?: number;
}

/**
 * What the bulk work is for ours: claims of a `baseline` rule, whose grants are believed by the status alone, or `leases` of requests,
 * each for one permission set and group in all accounts, whose grants are read back before they are told. Peers know no difference.
 */
export type BulkClaims = 'baseline' | 'leases';

/** One run: all that its result depends on, so that it can be made in any process. */
export interface RunSpec {
  readonly design: DesignName;
  /** 0: no bulk work, only tickets. */
  readonly size: Size | 0;
  readonly claims: BulkClaims;
  readonly latency: LatencyName;
  readonly seed: number;
  /** Tickets that arrive amid the bulk work or, without any, one after the other at an idle system. */
  readonly tickets: number;
  readonly service: Partial<Omit<ServiceSettings, 'latency'>>;
  readonly ours: OursSettings;
  /** Whether the slots in use over time are wanted. */
  readonly isTraced?: boolean;
}

/** A run with nothing special about it. */
export function plainRun(
  design: DesignName,
  size: RunSpec['size'],
  latency: LatencyName,
  seed: number,
): RunSpec {
  return { design, size, claims: 'baseline', latency, seed, tickets: 0, service: {}, ours: {} };
}
