import type { RequestAnswer } from '../../cli/request-client';
import { OWNER_TAG } from '../../core/permission-sets/definition';
import type { CallEvent } from '../../local/identity-center/listeners';
import type { Organization, PermissionSet } from '../../local/identity-center/organization';
import { accountNumber, organizationWithAccounts } from './organizations';
import { TestApp, type TestAppOptions } from './test-app';

/** What `GET /permission-sets/{name}` tells, as far as a test reads it. */
export interface SeenSet {
  readonly name: string;
  readonly status: string;
  readonly arn?: string;
  readonly wanted?: string;
  readonly applied?: string;
  readonly last?: { readonly outcome: string; readonly reason?: string };
  readonly accounts?: {
    readonly current: number;
    readonly stale: number;
    readonly failed: readonly { readonly accountId: string; readonly reason: string }[];
  };
  readonly drift?: { readonly changes: readonly string[] };
  readonly rollout?: { readonly running?: object; readonly waiting?: object };
}

/** One set of the answer of `POST /permission-sets/plan`. */
export interface SeenPlan {
  readonly name: string;
  readonly action: string;
  readonly reason?: string;
  readonly changes?: readonly string[];
  readonly provision?: { readonly accounts: number };
}

/** What the owner of a set writes onto it. */
export const OWNED: Readonly<Record<string, string>> = { [OWNER_TAG.key]: OWNER_TAG.value };

/** A set as an organization file would have it; the n-th, from 0. */
export function setOf(n: number, change: Partial<PermissionSet> & { readonly name: string }): PermissionSet {
  return {
    arn: `arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-${String(n).padStart(16, '0')}`,
    sessionDuration: 'PT1H',
    tags: OWNED,
    managedPolicies: [],
    customerManagedPolicies: [],
    ...change,
  };
}

/** The example organization with sets of a test, each of which alice has in so many accounts of {@link accountNumber}. */
export function organizationWithSets(
  sets: readonly { readonly set: PermissionSet; readonly accounts: number }[],
): Organization {
  const most = Math.max(0, ...sets.map(({ accounts }) => accounts));
  const organization = organizationWithAccounts(most);
  const { id: principalId = '' } = organization.users.find(({ userName }) => userName === 'alice') ?? {};
  return {
    ...organization,
    permissionSets: [...organization.permissionSets, ...sets.map(({ set }) => set)],
    assignments: [
      ...organization.assignments,
      ...sets.flatMap(({ set, accounts }) =>
        Array.from({ length: accounts }, (_, index) => ({
          accountId: accountNumber(index),
          permissionSetArn: set.arn,
          principalType: 'USER' as const,
          principalId,
        })),
      ),
    ],
  };
}

/** A call of the admin API by one of the stack's functions. */
export interface FunctionCall extends CallEvent {
  /** The function's name, as the stack has it. */
  readonly by: string;
}

/** Writes that change what sets are made of. */
const WRITE = /^(Create|Update|Attach|Detach|Put|Delete|Tag|Untag)/;

/** An app whose rollouts a test watches: what it calls, and what it tells. */
export class RolloutApp {
  /** Every call of the admin API that a function made, in the order of their answers. */
  readonly calls: FunctionCall[] = [];
  /** Events of Latchkey's, in their order. */
  readonly events: { readonly type: string; readonly detail: Readonly<Record<string, unknown>> }[] = [];

  private constructor(readonly app: TestApp) {
    const { simulator, lambda, authorization, events } = app.runtime;
    const nameOf = new Map(
      lambda
        .functions()
        .map(({ arn, name }) => [authorization.sessionOf(arn)?.credentials.accessKeyId ?? '', name]),
    );
    simulator.onCall((call) => {
      const by = nameOf.get(call.accessKeyId ?? '');
      if (by !== undefined && call.service === 'sso') this.calls.push({ ...call, by });
    });
    events.events.onEvent(({ event }) => {
      if (event.source.includes('latchkey'))
        this.events.push({ type: event['detail-type'], detail: event.detail });
    });
  }

  static async start(options: TestAppOptions): Promise<RolloutApp> {
    return new RolloutApp(await TestApp.start(options));
  }

  async set(name: string): Promise<SeenSet> {
    return (await this.app.get(`/permission-sets/${name}`)).body as unknown as SeenSet;
  }

  /** The set in Identity Center itself. */
  inService(name: string): PermissionSet | undefined {
    return this.app.runtime.simulator.world.permissionSets().find((each) => each.name === name);
  }

  /** Accounts whose role of the set has its present version, and others. */
  roles(name: string): { readonly current: readonly string[]; readonly stale: readonly string[] } {
    const { world } = this.app.runtime.simulator;
    const set = world.permissionSets().find((each) => each.name === name);
    const all = set === undefined ? [] : [...world.provisioning.ofPermissionSet(set.arn)];
    const ids = (isCurrent: boolean): string[] =>
      all.filter(({ version }) => (version === set?.version) === isCurrent).map((role) => role.accountId);
    return { current: ids(true).sort(), stale: ids(false).sort() };
  }

  /** Sends a call, and lets time pass until it is answered, as it does for whoever waits: calls of the admin API take their turns. */
  async answered(call: Promise<RequestAnswer>): Promise<RequestAnswer> {
    const state = { isAnswered: false };
    const settled = call.finally(() => {
      state.isAnswered = true;
    });
    while (!state.isAnswered) await this.app.advance('PT1S');
    return settled;
  }

  /** What a rollout would do. */
  async plan(question: object = {}): Promise<readonly SeenPlan[]> {
    const { status, body } = await this.answered(this.app.post('/permission-sets/plan', question));
    if (status !== 200) throw new Error(`the plan was answered ${status}: ${JSON.stringify(body)}`);
    return body.permissionSets as SeenPlan[];
  }

  /** Asks for a rollout: of one set, or as the body says. */
  async rollOut(asked: string | object = {}): Promise<void> {
    const path = typeof asked === 'string' ? `/permission-sets/${asked}/rollout` : '/permission-sets/rollout';
    const { status, body } = await this.app.post(path, typeof asked === 'string' ? '' : asked);
    if (status !== 202) throw new Error(`the rollout was answered ${status}: ${JSON.stringify(body)}`);
  }

  /** Operations that were called, in their order; writes alone, unless told otherwise. */
  operations(which: RegExp = WRITE): string[] {
    return this.calls.map(({ operation }) => operation).filter((operation) => which.test(operation));
  }

  /** Forgets what was called and told so far. */
  forget(): void {
    this.calls.length = 0;
    this.events.length = 0;
  }

  /** The last time that an event of a type told of a set. */
  told(type: string, permissionSet: string): readonly Readonly<Record<string, unknown>>[] {
    return this.events
      .filter((each) => each.type === type && each.detail.permissionSet === permissionSet)
      .map(({ detail }) => detail);
  }

  /** ARNs of the executions of rollouts that run. */
  async running(): Promise<string[]> {
    const { states, assembly } = this.app.runtime;
    const { region } = this.app.organization.instance;
    const { executions } = await states.call({
      operation: 'ListExecutions',
      requestId: 'test',
      input: {
        stateMachineArn: `arn:aws:states:${region}:${assembly.accountId}:stateMachine:latchkey-permission-set-rollout`,
        statusFilter: 'RUNNING',
      },
    });
    return (executions as { executionArn: string }[]).map(({ executionArn }) => executionArn);
  }

  async stop(): Promise<void> {
    await this.app.stop();
  }
}
