import { type LocalApp, startLocalApp } from './local-app';
import { CLOCKS, oneOf, untilInterrupted, wholeNumber } from './option-values';

/** Options of `npm start`, as commander reads them. */
export interface StartOptions {
  readonly port: string;
  readonly organization?: string;
  readonly access?: string;
  readonly clock: string;
  readonly latency?: string;
  readonly ticks: string;
  readonly seed: string;
  readonly logs?: boolean;
}

/** `npm start`: runs the app until Ctrl-C. */
export async function start(options: StartOptions, output: (line: string) => void): Promise<void> {
  const startedAt = Date.now();
  const interrupted = untilInterrupted();
  const app = await startLocalApp({
    organization: options.organization,
    access: options.access,
    clock: oneOf('--clock', options.clock, CLOCKS),
    latency: options.latency,
    runtime: {
      port: wholeNumber('--port', options.port, 65_535),
      ticks: oneOf('--ticks', options.ticks, ['thinned', 'all'] as const),
      seed: wholeNumber('--seed', options.seed, Number.MAX_SAFE_INTEGER),
      onLog: ({ functionName, line }) => {
        if (options.logs === true) output(`${functionName}  ${line}`);
      },
    },
  });
  for (const line of welcome(app, Date.now() - startedAt)) output(line);
  // The first ticket should not wait for eight cold starts.
  app.runtime.lambda.prewarm().catch((error: unknown) => {
    output(`a function does not start: ${String(error)}`);
  });
  await interrupted;
  await app.stop();
  output('stopped');
}

/** What a person needs to go on: where it is, who one may be, how to send a ticket, how to move time. */
export function welcome({ runtime, organization }: LocalApp, tookMs: number): string[] {
  const { endpoint } = runtime;
  const { region } = organization.instance;
  const [caller] = organization.callers;
  const user = caller === undefined ? 'test:test' : `${caller.accessKeyId}:${caller.secretAccessKey}`;
  return [
    `Latchkey runs (ready in ${(tookMs / 1000).toFixed(1)} s). Ctrl-C stops it.`,
    '',
    `  Request API   ${endpoint}/v1/requests`,
    `  AWS APIs      ${endpoint}   (any SDK or CLI: --endpoint-url)`,
    `  Region        ${region}`,
    ...organization.callers.map(
      ({ accessKeyId, secretAccessKey, roleArn }) =>
        `  Credentials   ${`${accessKeyId} / ${secretAccessKey}`.padEnd(21)} ${roleArn.split('/').at(-1) ?? roleArn}`,
    ),
    '',
    'Send a ticket, and look at it:',
    '',
    `  curl -s --aws-sigv4 aws:amz:${region}:execute-api --user ${user} \\`,
    "    -H 'content-type: application/json' \\",
    '    -d @examples/tickets/1-read-payments-for-four-hours.json \\',
    `    ${endpoint}/v1/requests`,
    `  curl -s --aws-sigv4 aws:amz:${region}:execute-api --user ${user} \\`,
    `    ${endpoint}/v1/requests/<id>`,
    '',
    'Move the clock:',
    '',
    `  curl -s -d '{"advance": "PT4H"}' ${endpoint}/_local/clock`,
    '',
    'Make the simulated Identity Center slow, or faulty (docs/guide.md says what there is):',
    '',
    `  curl -s -d '{"createLatency": 30}' ${endpoint}/_simulator/settings`,
    '',
  ];
}
