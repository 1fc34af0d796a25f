import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { Outcome } from '../conformance';

const run = promisify(execFile);
/** One call, which is a process of Python. */
const CALL_TIMEOUT_MS = 60_000;
const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

type Json = Readonly<Record<string, unknown>>;

/** The simulator as the AWS CLI of this machine sees it: every call is a process of its own. */
class Cli {
  readonly instance: string[] = [];
  readonly set: string[] = [];
  readonly assignment: string[] = [];
  store = '';
  user = '';
  request = '';

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  async call(service: string, operation: string, ...options: readonly string[]): Promise<Json> {
    const { stdout } = await run('aws', [service, operation, '--output', 'json', ...options], {
      env: this.environment,
      timeout: CALL_TIMEOUT_MS,
    });
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Json);
  }

  sso(operation: string, ...options: readonly string[]): Promise<Json> {
    return this.call('sso-admin', operation, ...options);
  }

  /** What the CLI prints about a call that must be refused with this error. */
  async refused(code: string, operation: string, ...options: readonly string[]): Promise<void> {
    const told = await this.sso(operation, ...options).then(
      () => 'the call was answered',
      (error: unknown) => String((error as { readonly stderr?: string }).stderr ?? error),
    );
    if (!told.includes(`(${code})`)) throw new Error(`expected ${code}: ${told.trim()}`);
  }

  async start(kind: 'create' | 'delete'): Promise<string> {
    const noun = kind === 'create' ? 'Creation' : 'Deletion';
    const output = await this.sso(`${kind}-account-assignment`, ...this.assignment);
    return String((output[`AccountAssignment${noun}Status`] as Json).RequestId);
  }

  /** Polls an operation to its end. */
  async end(kind: 'creation' | 'deletion', requestId: string): Promise<Json> {
    const noun = kind === 'creation' ? 'Creation' : 'Deletion';
    const id = [`--account-assignment-${kind}-request-id`, requestId];
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const output = await this.sso(`describe-account-assignment-${kind}-status`, ...this.instance, ...id);
      const status = output[`AccountAssignment${noun}Status`] as Json;
      if (status.Status !== 'IN_PROGRESS') return status;
      await sleep(100);
    }
    throw new Error(`${requestId} is IN_PROGRESS after 30 looks`);
  }

  async control(what: string, body: unknown): Promise<void> {
    const answer = await fetch(`${String(this.environment.AWS_ENDPOINT_URL)}/_simulator/${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`POST /_simulator/${what} was answered ${await answer.text()}`);
  }
}

function expectEqual(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected))
    throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

const CHECKS: readonly (readonly [check: string, (cli: Cli) => Promise<void>])[] = [
  [
    'list instances',
    async (cli) => {
      const [instance] = (await cli.sso('list-instances')).Instances as Json[];
      cli.instance.push('--instance-arn', String(instance?.InstanceArn));
      cli.store = String(instance?.IdentityStoreId);
    },
  ],
  [
    'create a permission set with tags',
    async (cli) => {
      const options = ['--name', 'AwsCli', '--tags', 'Key=owner,Value=cli'];
      const made = (await cli.sso('create-permission-set', ...cli.instance, ...options))
        .PermissionSet as Json;
      const arn = String(made.PermissionSetArn);
      cli.set.push(...cli.instance, '--permission-set-arn', arn);
      const { Tags } = await cli.sso('list-tags-for-resource', ...cli.instance, '--resource-arn', arn);
      expectEqual(Tags, [{ Key: 'owner', Value: 'cli' }]);
    },
  ],
  [
    'attach and detach a managed policy',
    async (cli) => {
      const policy = [...cli.set, '--managed-policy-arn', POLICY];
      await cli.sso('attach-managed-policy-to-permission-set', ...policy);
      await cli.sso('detach-managed-policy-from-permission-set', ...policy);
      expectEqual(
        (await cli.sso('list-managed-policies-in-permission-set', ...cli.set)).AttachedManagedPolicies,
        [],
      );
    },
  ],
  [
    'inline policy',
    async (cli) => {
      const policy = '{"Version":"2012-10-17","Statement":[]}';
      await cli.sso('put-inline-policy-to-permission-set', ...cli.set, '--inline-policy', policy);
      const { InlinePolicy } = await cli.sso('get-inline-policy-for-permission-set', ...cli.set);
      expectEqual(InlinePolicy, policy);
    },
  ],
  [
    'identity store: list users, get user id',
    async (cli) => {
      const store = ['--identity-store-id', cli.store];
      const [user] = (await cli.call('identitystore', 'list-users', ...store)).Users as Json[];
      const name = { AttributePath: 'userName', AttributeValue: user?.UserName };
      const alternate = ['--alternate-identifier', JSON.stringify({ UniqueAttribute: name })];
      cli.user = String((await cli.call('identitystore', 'get-user-id', ...store, ...alternate)).UserId);
      expectEqual(cli.user, user?.UserId);
    },
  ],
  [
    'organizations: list and describe accounts',
    async (cli) => {
      const accounts = (await cli.call('organizations', 'list-accounts')).Accounts as Json[];
      const { Organization } = await cli.call('organizations', 'describe-organization');
      const owner = (Organization as Json).MasterAccountId;
      const id = String(accounts.find(({ Id }) => Id !== owner)?.Id);
      const found = await cli.call('organizations', 'describe-account', '--account-id', id);
      expectEqual((found.Account as Json).Id, id);
      cli.assignment.push(...cli.set, '--target-id', id, '--target-type', 'AWS_ACCOUNT');
      cli.assignment.push('--principal-type', 'USER', '--principal-id', cli.user);
    },
  ],
  [
    'conflicting create',
    async (cli) => {
      // Two processes are slower than an operation of half a second.
      await cli.control('settings', { createLatency: 'fixed:10' });
      cli.request = await cli.start('create');
      await cli.control('settings', { createLatency: 'fixed:0.5' });
      await cli.refused('ConflictException', 'create-account-assignment', ...cli.assignment);
    },
  ],
  [
    'create an assignment, poll to SUCCEEDED',
    async (cli) => {
      expectEqual((await cli.end('creation', cli.request)).Status, 'SUCCEEDED');
    },
  ],
  [
    'create it again',
    async (cli) => {
      expectEqual((await cli.end('creation', await cli.start('create'))).Status, 'SUCCEEDED');
    },
  ],
  [
    'paginators, with short and empty pages',
    async (cli) => {
      const lists = ['list-permission-sets', 'list-account-assignment-creation-status'];
      for (const list of lists) {
        const whole = await cli.sso(list, ...cli.instance);
        await cli.control('settings', { pages: 'sometimes-empty' });
        const parts = await cli.sso(list, ...cli.instance, '--page-size', '2');
        await cli.control('settings', { pages: 'full' });
        expectEqual(parts, whole);
      }
    },
  ],
  [
    'delete it, poll to SUCCEEDED',
    async (cli) => {
      expectEqual((await cli.end('deletion', await cli.start('delete'))).Status, 'SUCCEEDED');
    },
  ],
  [
    'delete it again: FAILED, 404',
    async (cli) => {
      const { Status, FailureReason } = await cli.end('deletion', await cli.start('delete'));
      expectEqual([Status, String(FailureReason).includes('404')], ['FAILED', true]);
    },
  ],
  [
    'throttling error',
    async (cli) => {
      await cli.control('faults', { operation: 'ListInstances', effect: 'throttle' });
      await cli.refused('ThrottlingException', 'list-instances');
    },
  ],
  [
    'validation error',
    async (cli) => {
      const bad = [...cli.instance, '--permission-set-arn', 'arn:aws:sso:::nonsense'];
      await cli.refused('ValidationException', 'describe-permission-set', ...bad);
    },
  ],
];

/** Runs every check with the AWS CLI. */
export async function runAwsCli(environment: NodeJS.ProcessEnv): Promise<Outcome[]> {
  const cli = new Cli(environment);
  const outcomes: Outcome[] = [];
  for (const [check, carryOut] of CHECKS) {
    const outcome = await carryOut(cli).then(
      () => 'ok',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    outcomes.push({ check, outcome });
  }
  return outcomes;
}
