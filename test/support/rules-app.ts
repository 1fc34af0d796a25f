import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateGroupCommand,
  DeleteGroupCommand,
  DeleteUserCommand,
  IdentitystoreClient,
} from '@aws-sdk/client-identitystore';
import type { PrincipalType } from '../../core/assignments/assignment';
import { isOver } from '../../core/assignments/claims';
import { askForReconciliation } from '../../core/reconcile/ask';
import type { ReconcileRecord } from '../../core/reconcile/record';
import type { ReconcileScope } from '../../core/reconcile/scope';
import type { AccountBaseline } from '../../core/baselines/account-record';
import { BaselineItems } from '../../lambdas/runtime/ledger/baseline-items';
import { DriftItems } from '../../lambdas/runtime/ledger/drift-items';
import { ReconcileItem } from '../../lambdas/runtime/ledger/reconcile-item';
import { LedgerTable } from '../../lambdas/runtime/ledger/table';
import type { Assignment } from '../../local/identity-center/organization';
import type { SimulatorSettings } from '../../local/identity-center/settings';
import { Witness } from './adversary';
import { provisionPorts } from './provision-ports';
import { TestApp, type TestAppOptions } from './test-app';

/** Who has what where, by names: `Payments` for a group, `alice` for a user; the account by its id. */
export interface NamedAssignment {
  readonly who: string;
  readonly set: string;
  readonly account: string;
}

/** Complete walks of a small organization take minutes at two calls a second. */
const LONGEST_WALK_MINUTES = 60;

/** An app with rules, in which somebody else changes what there is. */
export class RulesApp {
  readonly witness: Witness;
  readonly #before = { ...process.env };
  readonly #drift: DriftItems;
  readonly #reconciliations: ReconcileItem;
  readonly #baselines: BaselineItems;
  readonly #ports: ReturnType<typeof provisionPorts>;

  private constructor(readonly app: TestApp) {
    this.witness = new Witness(app);
    this.#ports = provisionPorts(app);
    const table = new LedgerTable();
    this.#drift = new DriftItems(table);
    this.#reconciliations = new ReconcileItem(table);
    this.#baselines = new BaselineItems(table);
  }

  /**
   * Starts with rules, and lets them be applied to the accounts that there are, and the first walk come to its end.
   * @param baselines - YAML of `baselines.yaml`
   */
  static async start(
    baselines: string,
    simulator: Partial<SimulatorSettings> = {},
    options: Omit<TestAppOptions, 'access' | 'simulator'> = {},
  ): Promise<RulesApp> {
    const app = await TestApp.start({ access: { baselines }, simulator, ...options });
    const world = new RulesApp(app);
    await app.advance('PT2M');
    await world.untilQuiet();
    return world;
  }

  get simulator(): TestApp['runtime']['simulator'] {
    return this.app.runtime.simulator;
  }

  async stop(): Promise<void> {
    process.env = this.#before;
    await this.app.stop();
  }

  /** @throws Error for a name that the directory does not have */
  idOf(who: string): { readonly principalType: PrincipalType; readonly principalId: string } {
    const { directory } = this.simulator.world;
    const group =
      directory.groupsNamed(who)[0] ?? this.app.organization.groups.find((each) => each.displayName === who);
    if (group !== undefined) return { principalType: 'GROUP', principalId: group.id };
    const user = this.app.organization.users.find(({ userName }) => userName === who);
    if (user === undefined) throw new Error(`there is no group or user ${who}`);
    return { principalType: 'USER', principalId: user.id };
  }

  /** @throws Error for a permission set that is not there */
  arnOf(set: string): string {
    const found = this.simulator.world.permissionSets().find(({ name }) => name === set);
    if (found === undefined) throw new Error(`there is no permission set ${set}`);
    return found.arn;
  }

  key({ who, set, account }: NamedAssignment): Assignment {
    return { accountId: account, permissionSetArn: this.arnOf(set), ...this.idOf(who) };
  }

  addByHand(assignment: NamedAssignment): void {
    if (!this.simulator.addAssignmentByHand(this.key(assignment))) throw new Error('it is there already');
  }

  removeByHand(assignment: NamedAssignment): void {
    if (!this.simulator.removeAssignmentByHand(this.key(assignment))) throw new Error('it is not there');
  }

  has(assignment: NamedAssignment): boolean {
    const { accountId, permissionSetArn, principalId } = this.key(assignment);
    return this.simulator
      .assignments()
      .some(
        (row) =>
          row.accountId === accountId &&
          row.permissionSetArn === permissionSetArn &&
          row.principalId === principalId,
      );
  }

  /** Who has what in an account, sorted: `Payments PowerUserAccess`. */
  accessIn(account: string): string[] {
    return this.simulator
      .assignments()
      .filter(({ accountId }) => accountId === account)
      .map(
        ({ principalName, principalId, permissionSetName = '' }) =>
          `${principalName ?? principalId} ${permissionSetName}`,
      )
      .sort();
  }

  /** Open findings about somebody, or all, as `unknown ReadOnlyAccess 512345678902`. */
  async findings(who?: string): Promise<string[]> {
    const { findings } = await this.#drift.open(1_000);
    const names = new Map(this.simulator.world.permissionSets().map(({ arn, name }) => [arn, name]));
    return findings
      .filter(({ key }) => who === undefined || key.principalId === this.idOf(who).principalId)
      .map(({ kind, key }) => `${kind} ${names.get(key.permissionSetArn) ?? '?'} ${key.accountId}`)
      .sort();
  }

  /** Kinds of the claims on an assignment that count, sorted. */
  async claimsOn(assignment: NamedAssignment): Promise<string[]> {
    const { claims = {} } = (await this.#ports.assignments.read(this.key(assignment))) ?? {};
    const now = this.app.runtime.clock.now();
    return Object.values(claims)
      .filter((claim) => !isOver(claim, now))
      .map(({ kind }) => kind)
      .sort();
  }

  reconciliation(): Promise<ReconcileRecord> {
    return this.#reconciliations.read();
  }

  async account(accountId: string): Promise<AccountBaseline | undefined> {
    return (await this.#baselines.accounts()).find((each) => each.accountId === accountId);
  }

  /** Asks for a reconciliation and lets it come to its end. */
  async reconcile(scope: ReconcileScope): Promise<NonNullable<ReconcileRecord['last']>> {
    await askForReconciliation({ ...this.#ports, reconciliations: this.#reconciliations }, scope);
    await this.untilQuiet();
    const { last } = await this.reconciliation();
    if (last === undefined) throw new Error('no reconciliation came to its end');
    return last;
  }

  /** Lets minutes go by until no reconciliation is under way, and then half a minute for what it planned. */
  async untilQuiet(): Promise<void> {
    for (let minutes = 0; minutes < LONGEST_WALK_MINUTES; minutes += 1) {
      const { run, pending } = await this.reconciliation();
      if (run === undefined && pending === undefined) break;
      await this.app.advance('PT1M');
    }
    await this.app.advance('PT30S');
  }

  /** Deletes a group or a user by the Identity Store's API, as an identity provider does. */
  async deletePrincipal(who: string): Promise<void> {
    const { principalType, principalId } = this.idOf(who);
    const client = new IdentitystoreClient(this.#client());
    const { identityStoreId: IdentityStoreId } = this.app.organization.instance;
    if (principalType === 'GROUP')
      await client.send(new DeleteGroupCommand({ IdentityStoreId, GroupId: principalId }));
    else await client.send(new DeleteUserCommand({ IdentityStoreId, UserId: principalId }));
    client.destroy();
  }

  async createGroup(DisplayName: string): Promise<void> {
    const client = new IdentitystoreClient(this.#client());
    const { identityStoreId: IdentityStoreId } = this.app.organization.instance;
    await client.send(new CreateGroupCommand({ IdentityStoreId, DisplayName }));
    client.destroy();
  }

  /** Puts an event as an account's own program does; answers the error code of the entry, if it was refused. */
  async putEvent(
    source: string,
    detailType: string,
    detail: object,
    bus?: string,
  ): Promise<string | undefined> {
    const client = new EventBridgeClient(this.#client());
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: source,
            DetailType: detailType,
            Detail: JSON.stringify(detail),
            ...(bus === undefined ? {} : { EventBusName: bus }),
          },
        ],
      }),
    );
    client.destroy();
    return Entries[0]?.ErrorCode;
  }

  #client() {
    const { endpoint } = this.app.runtime;
    const { region } = this.app.organization.instance;
    return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  }
}
