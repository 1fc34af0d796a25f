import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Claim } from '../../core/assignments/assignment';
import { changeAssignment } from '../../core/assignments/change';
import { openClaim } from '../../core/assignments/claims';
import { learnedAtFirst } from '../../core/dispatcher/learned';
import { changeProvision } from '../../core/provisions/ask';
import { askFor, endedProvision, submittingProvision } from '../../core/provisions/provision';
import { Environment } from '../../lambdas/runtime/contract';
import { findingName } from '../../core/reconcile/finding';
import { AssignmentItems } from '../../lambdas/runtime/ledger/assignment-items';
import { DispatcherItem } from '../../lambdas/runtime/ledger/dispatcher-item';
import { DriftItems } from '../../lambdas/runtime/ledger/drift-items';
import { ProvisionItems } from '../../lambdas/runtime/ledger/provision-items';
import { BadPageTokenError } from '../../lambdas/runtime/ledger/page-token';
import { LedgerTable } from '../../lambdas/runtime/ledger/table';
import { keyOf } from '../support/dispatcher-world';
import { ledgerTableName } from '../support/ledger-scan';
import { TestApp } from '../support/test-app';

const NOW = Date.parse('2026-12-01T08:00:00Z');
const HOUR = 60 * 60_000;
const OTHER_SET = 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-ffffffffffffffff';

describe('the ledger in DynamoDB', () => {
  const before = { ...process.env };
  let app: TestApp;
  let table: LedgerTable;
  let dispatcher: DispatcherItem;
  let assignments: AssignmentItems;

  beforeAll(async () => {
    app = await TestApp.start();
    Object.assign(process.env, {
      [Environment.ledgerTable]: ledgerTableName(app),
      AWS_ENDPOINT_URL: app.runtime.endpoint,
      AWS_REGION: app.organization.instance.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    table = new LedgerTable();
    dispatcher = new DispatcherItem(table);
    assignments = new AssignmentItems(table);
  });

  afterAll(async () => {
    process.env = before;
    await app.stop();
  });

  async function open(n: number, at: number, claim: Partial<Claim>): Promise<void> {
    const clock = { ...app.runtime.clock, now: () => at };
    await changeAssignment({ assignments, clock }, keyOf(n), (present) =>
      openClaim(present, {
        id: `claim-${n}`,
        kind: 'lease',
        from: at,
        until: at + HOUR,
        openedAt: at,
        ...claim,
      }),
    );
  }

  test('pages over open findings, each once, in the order of their names', async () => {
    const drift = new DriftItems(table);
    for (let n = 0; n < 7; n += 1) {
      await drift.write({
        kind: 'unknown',
        key: keyOf(n),
        mode: 'report',
        since: NOW,
        foundBy: 1,
        lastSeenAt: NOW,
        walk: 1,
        ...(n === 3 ? { closedAt: NOW } : {}),
      });
    }
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const { findings, next } = await drift.open(2, after);
      pages.push(findings.map(findingName));
      after = next;
    } while (after !== undefined);

    const open = [0, 1, 2, 4, 5, 6].map((n) => findingName({ kind: 'unknown', key: keyOf(n) }));
    expect(pages.map((page) => page.length)).toEqual([2, 2, 2]);
    expect(pages.flat()).toEqual(open.sort());
  });

  test('keeps what others register with the dispatcher’s record, each by itself', async () => {
    await dispatcher.register('rollout', 3, NOW + 1);
    await dispatcher.register('plan', 3, NOW + 2);
    await dispatcher.register('rollout', 2, NOW + 3);
    const { registered } = await dispatcher.read();

    await dispatcher.unregister('plan');
    await dispatcher.unregister('reconcile');
    const left = (await dispatcher.read()).registered;
    await dispatcher.unregister('rollout');

    expect(registered).toEqual({
      rollout: { perSecond: 2, until: NOW + 3 },
      plan: { perSecond: 3, until: NOW + 2 },
    });
    expect(left).toEqual({ rollout: { perSecond: 2, until: NOW + 3 } });
    expect((await dispatcher.read()).registered).toBeUndefined();
  });

  test('keeps the dispatcher’s record through its life: lease, what was learned, and a pause that was set by hand', async () => {
    const learned = {
      ...learnedAtFirst({ slots: 15, perSecond: 18 }, NOW),
      latencies: { create: [2_000, 2_500] },
    };
    await dispatcher.want(NOW);
    const { epoch = 0 } = (await dispatcher.nextEpoch(0, NOW, NOW + 20_000, 'nobody works')) ?? {};

    expect(await dispatcher.nextEpoch(epoch, NOW, NOW, 'nobody works')).toBeUndefined();
    await dispatcher.takeLease(epoch, NOW, NOW + 40_000, NOW + 60_000);
    expect(await dispatcher.nextEpoch(epoch, NOW + 1, NOW, 'no pass')).toBeUndefined();
    await DynamoDBDocumentClient.from(new DynamoDBClient({})).send(
      new UpdateCommand({
        TableName: ledgerTableName(app),
        Key: { pk: 'DISPATCHER', sk: 'STATE' },
        UpdateExpression: 'SET paused = :yes',
        ExpressionAttributeValues: { ':yes': true },
      }),
    );
    await dispatcher.releaseLease(epoch, NOW + 40_000, NOW + 5_000, NOW + 26_000, learned);

    expect(await dispatcher.read()).toMatchObject({ epoch, running: true, paused: true, learned });
    expect(await dispatcher.stop(epoch, 1, NOW + 4_999)).toBeUndefined();
    expect(await dispatcher.stop(epoch, 0, NOW + 5_000)).toBeUndefined();
    expect(await dispatcher.stop(epoch, 1, NOW + 5_000)).toMatchObject({ running: false, paused: true });
    expect(await dispatcher.nextEpoch(epoch, NOW + 6_000, NOW + 26_000, 'no pass')).toMatchObject({
      epoch: epoch + 1,
      learned,
    });
  });

  test('keeps the request ids that were accepted last', async () => {
    expect(await dispatcher.acceptedIds()).toEqual([]);

    await dispatcher.keepAcceptedIds(['a', 'b']);

    expect(await dispatcher.acceptedIds()).toEqual(['a', 'b']);
  });

  test('orders waiting work by class: people as they came, bulk by turns', async () => {
    await open(1, NOW + 20, {});
    await open(2, NOW + 10, {});
    const rule = { kind: 'baseline', until: null } as const;
    await open(3, NOW + 10, { ...rule, rank: 1 });
    await open(4, NOW + 30, { ...rule });
    await open(5, NOW + 40, { accounts: 200 });
    const waiting = async (workClass: 'people' | 'bulk' | 'revoke') =>
      (await assignments.waiting(workClass, NOW + HOUR, 10)).map(({ key }) => key.accountId);

    expect(await waiting('people')).toEqual([keyOf(2), keyOf(1)].map(({ accountId }) => accountId));
    expect(await waiting('bulk')).toEqual([keyOf(4), keyOf(5), keyOf(3)].map(({ accountId }) => accountId));
    expect(await waiting('revoke')).toEqual([]);
    expect((await assignments.waiting('people', NOW + HOUR, 10)).map(({ notBefore }) => notBefore)).toEqual([
      NOW + 10,
      NOW + 20,
    ]);
  });

  test('keeps provisions, one writer at a time, and shows those that are open', async () => {
    const provisions = new ProvisionItems(table);
    const ports = { provisions, clock: { ...app.runtime.clock, now: () => NOW } };
    const everywhere = { permissionSetArn: keyOf().permissionSetArn };
    const one = { ...everywhere, accountId: keyOf().accountId };
    const asked = await changeProvision(ports, everywhere, askFor);
    await changeProvision(ports, one, askFor);

    expect(await provisions.write({ ...asked, version: 0 })).toBeUndefined();
    await changeProvision(ports, one, (present) =>
      present.operation === undefined ? undefined : submittingProvision(present, present.operation, NOW),
    );
    expect(await provisions.open(10)).toEqual([
      { target: one, isWaiting: false, notBefore: NOW },
      { target: everywhere, isWaiting: true, notBefore: NOW },
    ]);
    await changeProvision(ports, one, (present) =>
      present.operation === undefined
        ? undefined
        : endedProvision(present, present.operation, 'SUCCEEDED', NOW),
    );
    expect((await provisions.open(10)).map(({ target }) => target)).toEqual([everywhere]);
    expect((await provisions.read(one))?.outcome).toMatchObject({ status: 'SUCCEEDED', serves: 1 });
  });

  test('finds assignments by account, principal and permission set, page by page, while they have something to tell', async () => {
    const set = `${keyOf().permissionSetArn}0`;
    const place = { accountId: '700000000001', permissionSetArn: set, principalType: 'GROUP' } as const;
    const keys = ['g-1', 'g-2', 'g-3'].map((principalId) => ({ ...place, principalId }));
    const elsewhere = { ...place, accountId: '700000000002', principalId: 'g-1' };
    const ports = { assignments, clock: { ...app.runtime.clock, now: () => NOW } };
    const claim: Claim = { id: 'baseline:x', kind: 'baseline', from: NOW, until: null, openedAt: NOW };
    for (const key of [...keys, elsewhere])
      await changeAssignment(ports, key, (present) => openClaim(present, claim));

    const first = await assignments.list({ permissionSetArn: set }, 3);
    const second = await assignments.list({ permissionSetArn: set }, 3, first.next);
    const inAccount = await assignments.list({ accountId: place.accountId, permissionSetArn: set }, 2);
    const afterTwo = await assignments.list(
      { accountId: place.accountId, permissionSetArn: set },
      2,
      inAccount.next,
    );
    const mine = { accountId: place.accountId, principal: { type: 'GROUP', id: 'g-2' } } as const;

    expect([...first.assignments, ...second.assignments].map(({ key }) => key)).toEqual([...keys, elsewhere]);
    expect(inAccount.assignments.map(({ key }) => key)).toEqual(keys.slice(0, 2));
    expect(afterTwo.assignments.map(({ key }) => key)).toEqual(keys.slice(2));
    expect((await assignments.list(mine, 100)).assignments.map(({ key }) => key)).toEqual([keys[1]]);
    expect(await assignments.ofPrincipal('GROUP', 'g-1')).toEqual([keys[0], elsewhere]);
    expect(await assignments.ofPermissionSet(set)).toHaveLength(4);
    expect((await assignments.inAccount(place.accountId, set)).map(({ key }) => key)).toEqual(keys);

    for (const key of [elsewhere, ...keys.slice(1), ...keys.slice(0, 1)]) {
      await changeAssignment(ports, key, (present) => ({ ...present, claims: {} }));
      const left = await assignments.ofPermissionSet(set);
      expect(left).not.toContainEqual(key);
    }

    expect(await assignments.ofPrincipal('GROUP', 'g-1')).toEqual([]);
    expect((await assignments.inAccount(place.accountId, set)).map(({ key }) => key)).toEqual(keys);
    await expect(assignments.list({ accountId: place.accountId }, 2, first.next)).rejects.toThrow(
      BadPageTokenError,
    );
    await expect(
      assignments.list({ accountId: place.accountId, permissionSetArn: OTHER_SET }, 2, inAccount.next),
    ).rejects.toThrow(BadPageTokenError);
  });
});
