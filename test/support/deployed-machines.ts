import jsonata from 'jsonata';
import { machineDefinitions } from '../../cli/machine-diagram';
import { synthesizeTemplate } from './stack-template';

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
  readonly JitterStrategy?: string;
}

/** A state of a deployed definition, as far as tests read it. */
export interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName: string; readonly Payload: Readonly<Record<string, unknown>> };
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Output?: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number | string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly Assign?: Readonly<Record<string, unknown>>;
  }[];
  readonly Cause?: string;
}

/** A deployed definition. */
export interface Machine {
  readonly StartAt: string;
  readonly QueryLanguage: string;
  readonly States: Readonly<Record<string, State>>;
}

/** The template of the main stack. */
export const template = synthesizeTemplate();
/** Its machines, by name. */
export const machines = machineDefinitions(template) as unknown as Readonly<Record<string, Machine>>;
/** The names of all of them. */
export const NAMES = [
  'latchkey-access-request',
  'latchkey-dispatcher',
  'latchkey-permission-set-rollout',
  'latchkey-account-baseline',
  'latchkey-reconcile',
] as const;

/** One of them. */
export function machine(name: (typeof NAMES)[number]): Machine {
  const found = machines[name];
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
}

/** A state of one. */
export function state(of: Machine, name: string): State {
  const found = of.States[name];
  if (found === undefined) throw new Error(`no state ${name} among ${Object.keys(of.States).join(', ')}`);
  return found;
}

/** The target of the first choice whose condition holds, as Step Functions would evaluate it. */
export async function firstThatHolds(
  choices: readonly { readonly Condition: string; readonly Next: string }[],
  { rounds = 0, pass = 0, steps = 0, ...input }: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  for (const { Condition, Next } of choices) {
    const expression = jsonata(Condition.replace(/^\{%|%\}$/g, ''));
    if ((await expression.evaluate({}, { states: { input }, rounds, pass, steps })) === true) return Next;
  }
  return undefined;
}
