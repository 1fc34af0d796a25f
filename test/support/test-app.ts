import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RequestAnswer, RequestClient } from '../../cli/request-client';
import { STATE_MACHINE_NAMES } from '../../lambdas/runtime/contract';
import type { Organization } from '../../local/identity-center/organization';
import { readOrganization } from '../../local/identity-center/organization-file';
import { type LocalRuntime, type LocalRuntimeOptions, startRuntime } from '../../local/server/local-runtime';
import { milliseconds } from '../../local/server/clock-front';
import { AccessFolder, type AccessTexts } from './access-folder';

const FILE = join(__dirname, '..', '..', 'examples', 'organization.yaml');

/** A body of a ticket, as a test changes it. */
export type TicketBody = Readonly<Record<string, unknown>>;

/** A ticket that is allowed: alice, read, one account, four hours. */
export function ticket(change: TicketBody = {}): TicketBody {
  return {
    ticket: { system: 'servicenow', id: 'RITM0012345' },
    requestedBy: { user: 'alice@example.com' },
    principal: { user: 'alice@example.com' },
    permissionSet: 'ReadOnlyAccess',
    target: { account: '412345678901' },
    duration: 'PT4H',
    justification: 'Investigating payment failures',
    ...change,
  };
}

/** What a test reads of a request. */
export interface SeenRequest {
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
  readonly accounts: {
    readonly items: readonly {
      readonly account: string;
      readonly status: string;
      readonly reason?: string;
      readonly grantedAt?: string;
      readonly endedAt?: string;
      readonly endedAs?: string;
      readonly creation?: { readonly requestId?: string; readonly status: string };
      readonly deletion?: { readonly requestId?: string; readonly status: string };
    }[];
  };
  readonly timeline: readonly { readonly at: string; readonly text: string }[];
  readonly until?: string;
}

/** What a test app is started with. */
export interface TestAppOptions extends Partial<LocalRuntimeOptions> {
  /**
   * Access definitions of its own. The stack tells at the start that it was created, unless `announceDeploy` says otherwise; without
   * these it tells nobody.
   * @default - `access/policy.yaml`, and no permission sets
   */
  readonly access?: AccessTexts;
}

/** The synthesized app on the local runtime, as whole-workflow tests drive it: over HTTP, in virtual time. */
export class TestApp {
  private constructor(
    readonly runtime: LocalRuntime,
    readonly organization: Organization,
    private readonly access: AccessFolder,
  ) {}

  /** With a clock that only `advance` moves, unless told otherwise. */
  static async start({ access, ...options }: TestAppOptions = {}): Promise<TestApp> {
    const organization = readOrganization(readFileSync(FILE, 'utf8'), FILE);
    const folder = new AccessFolder();
    try {
      const runtime = await startRuntime({
        assembly: JSON.parse(process.env.LATCHKEY_TEST_ASSEMBLY ?? '') as LocalRuntimeOptions['assembly'],
        organization,
        clock: 'manual',
        startAt: Date.parse('2026-12-01T08:00:00Z'),
        announceDeploy: access !== undefined,
        ...(access === undefined ? {} : { layerFolder: folder.compile(access) }),
        ...options,
      });
      return new TestApp(runtime, organization, folder);
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  /** The request API as one of the callers of the organization file. */
  as(caller: string): RequestClient {
    const { endpoint } = this.runtime;
    const { region } = this.organization.instance;
    return new RequestClient({ endpoint, region, accessKeyId: caller, secretAccessKey: caller });
  }

  post(path: string, body: unknown, caller = 'test'): Promise<RequestAnswer> {
    return this.as(caller).send('POST', path, typeof body === 'string' ? body : JSON.stringify(body));
  }

  get(path: string, caller = 'test'): Promise<RequestAnswer> {
    return this.as(caller).send('GET', path);
  }

  /** Sends a ticket that has to be taken; answers the request's id. */
  async ask(change: TicketBody = {}): Promise<string> {
    const { status, body } = await this.post('/requests', ticket(change));
    if (status !== 202) throw new Error(`the ticket was answered ${status}: ${JSON.stringify(body)}`);
    return String(body.id);
  }

  async request(id: string): Promise<SeenRequest> {
    const { body } = await this.get(`/requests/${id}`);
    return body as unknown as SeenRequest;
  }

  /** Moves virtual time; everything that falls due on the way happens. */
  async advance(duration: string): Promise<void> {
    await this.runtime.clock.advance(milliseconds(duration) ?? 0);
  }

  /** Whether somebody has a permission set in an account, in Identity Center itself. */
  has(user: string, permissionSet: string, accountId: string): boolean {
    return this.runtime.simulator
      .assignments()
      .some(
        (row) =>
          row.principalName === user &&
          row.permissionSetName === permissionSet &&
          row.accountId === accountId,
      );
  }

  /** Names of executions that run, of all machines. */
  async running(): Promise<{ readonly name: string; readonly arn: string }[]> {
    const { region } = this.organization.instance;
    const found: { name: string; arn: string }[] = [];
    for (const machine of Object.values(STATE_MACHINE_NAMES)) {
      const { executions } = await this.runtime.states.call({
        operation: 'ListExecutions',
        requestId: 'test',
        input: {
          stateMachineArn: `arn:aws:states:${region}:${this.runtime.assembly.accountId}:stateMachine:${machine}`,
          statusFilter: 'RUNNING',
        },
      });
      for (const { name, executionArn } of executions as { name: string; executionArn: string }[]) {
        found.push({ name, arn: executionArn });
      }
    }
    return found;
  }

  /** Stops every execution, as an operator with a wrong filter would. */
  async stopAllExecutions(): Promise<number> {
    const running = await this.running();
    for (const { arn } of running) {
      await this.runtime.states.call({
        operation: 'StopExecution',
        requestId: 'test',
        input: { executionArn: arn },
      });
    }
    return running.length;
  }

  /** Deploys anew with these permission sets, by the names of their files, and no others; the policy stays unless one is given. */
  deploy(permissionSets: AccessTexts['permissionSets'], policy?: string): void {
    const texts = { permissionSets, ...(policy === undefined ? {} : { policy }) };
    this.runtime.deploy({ layerFolder: this.access.compile(texts) });
  }

  async stop(): Promise<void> {
    await this.runtime.stop();
    this.access.remove();
  }
}
