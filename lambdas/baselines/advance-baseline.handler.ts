import { advanceBaseline } from '../../core/baselines/account-run';
import type { NextBaselineStep } from '../../core/baselines/next-step';
import { BusAnnouncer } from '../runtime/announcer';
import { requireEnvironment } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import type { BaselineStepInput } from './contract';
import { rulePorts } from './rule-ports';

const ports = { ...rulePorts(), announcer: new BusAnnouncer(requireEnvironment('eventBus')) };

/** Every step of an account's baseline: *Await account ready*, *Work out claims*, *Await grant*, *Report*. */
export const handler = makeHandler((input: BaselineStepInput): Promise<NextBaselineStep> =>
  advanceBaseline(ports, input),
);
