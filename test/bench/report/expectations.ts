import type { RunResult } from '../runs/run-result';
import { SERVICE } from '../service/service-settings';

/** Throttled calls that are taken for normal where nobody else calls. */
const MOST_THROTTLED = 0.02;

/**
 * What has to hold in every run of ours, in counts: nothing lost, nothing wrong, everybody answered, and few throttles where neither other clients nor the
 * service's whims nor wrong settings cause them. Answers a sentence for each that does not hold.
 */
export function broken(results: readonly RunResult[]): string[] {
  return results.filter(({ spec }) => spec.design === 'ours').flatMap(brokenBy);
}

function brokenBy(run: RunResult): string[] {
  const { lost, wrong, throttled, calls, looks, requests, spec } = run;
  const said: string[] = [];
  const where = JSON.stringify(spec);
  if (lost > 0) said.push(`${lost} operations were lost in ${where}`);
  if (wrong > 0) said.push(`${wrong} operations were told wrong in ${where}`);
  const unanswered = requests === undefined ? 0 : requests.asked - requests.answered;
  if (unanswered > 0) said.push(`${unanswered} requests were never answered in ${where}`);
  const share = throttled / Math.max(1, calls + looks);
  if (isCalm(run) && share > MOST_THROTTLED)
    said.push(`${throttled} of ${calls + looks} calls were throttled in ${where}`);
  return said;
}

/** Nobody else takes from the rate, nothing is throttled by whim, and the settings are right. */
function isCalm({ spec: { service, ours } }: RunResult): boolean {
  const { otherCallsPerSecond = 0, faults, burst = SERVICE.burst } = service;
  return (
    otherCallsPerSecond === 0 &&
    (faults?.throttled ?? 0) === 0 &&
    burst === SERVICE.burst &&
    ours.slots === undefined
  );
}
