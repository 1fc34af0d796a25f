import type { OperationEvent } from '../../local/identity-center/listeners';
import { TestApp } from '../support/test-app';

const READ = 'ReadOnlyAccess';
const HOUR = 3_600_000;

/** Each test has an account of its own, so that all can share one app and its clock. */
const accounts = [
  '412345678901',
  '423456789012',
  '434567890123',
  '512345678902',
  '523456789013',
  '534567890124',
  '612345678903',
  '623456789014',
  '345678901234',
  '234500012345',
] as const;

describe('an access request, from ticket to revoke', () => {
  let app: TestApp;
  let operations: OperationEvent[];
  let entered: string[];
  const unused = [...accounts];

  beforeAll(async () => {
    app = await TestApp.start({
      onTransition: ({ executionName, event }) => {
        if (event.type.endsWith('StateEntered')) entered.push(executionName);
      },
    });
    app.runtime.simulator.onOperation((event) => operations.push(event));
  });

  beforeEach(() => {
    operations = [];
    entered = [];
  });

  afterAll(async () => {
    await app.stop();
  });

  /** An account that no other test uses. */
  function ownAccount(): string {
    const account = unused.pop();
    if (account === undefined) throw new Error('there are more tests than accounts: add one to the list');
    return account;
  }

  function kindsIn(account: string): string[] {
    const inAccount = operations.filter(
      (event) => event.kind !== 'provision' && event.account.id === account && event.status === 'IN_PROGRESS',
    );
    return inAccount.map(({ kind }) => kind);
  }

  function suspendedAccount(): string {
    return app.organization.accounts.find(({ state }) => state === 'SUSPENDED')?.id ?? 'none';
  }

  /** Gives carol read access by hand, as it stood before Latchkey. */
  function standing(account: string): void {
    const { simulator } = app.runtime;
    simulator.addAssignmentByHand(simulator.world.resolve({ account, permissionSet: READ, user: 'carol' }));
  }

  function inHours(hours: number): string {
    return new Date(app.runtime.clock.now() + hours * HOUR).toISOString();
  }

  test('is granted, followed to SUCCEEDED, ends on time and is taken away', async () => {
    const account = ownAccount();
    const id = await app.ask({ target: { account } });
    await app.advance('PT1M');
    const active = await app.request(id);
    const hadAccess = app.has('alice', READ, account);
    await app.advance('PT4H');
    const ended = await app.request(id);

    expect(active).toMatchObject({ status: 'active' });
    expect(hadAccess).toBe(true);
    const proof = { status: 'SUCCEEDED' };
    expect(ended).toMatchObject({
      status: 'ended',
      accounts: { items: [{ status: 'ended', endedAs: 'revoked', creation: proof, deletion: proof }] },
    });
    expect(app.has('alice', READ, account)).toBe(false);
  });

  test('tells its story in words, with Identity Center’s request ids', async () => {
    const id = await app.ask({ target: { account: ownAccount() }, duration: 'PT10M' });
    await app.advance('PT15M');

    const { timeline, accounts: told } = await app.request(id);

    const story = timeline.map(({ text }) => text).join('\n');
    expect(story).toMatch(
      /received from servicenow RITM0012345[^]*resolved[^]*allowed by[^]*granting[^]*active[^]*ending[^]*ended/,
    );
    expect(story).toContain(told.items[0]?.creation?.requestId ?? 'no create');
    expect(story).toContain(told.items[0]?.deletion?.requestId ?? 'no delete');
  });

  test('is not ended early by the first of two overlapping leases', async () => {
    const target = { account: ownAccount() };
    const short = await app.ask({ target, duration: 'PT1H' });
    const long = await app.ask({ target, duration: 'PT2H', ticket: { system: 'jira', id: 'PAY-1' } });
    await app.advance('PT1H5M');
    const afterShort = { short: await app.request(short), has: app.has('alice', READ, target.account) };
    await app.advance('PT1H');

    expect(afterShort).toMatchObject({ has: true, short: { status: 'ended' } });
    expect(await app.request(long)).toMatchObject({ status: 'ended' });
    expect(app.has('alice', READ, target.account)).toBe(false);
  });

  test('on top of a standing assignment leaves it standing', async () => {
    const account = ownAccount();
    standing(account);
    const id = await app.ask({ principal: { user: 'carol' }, target: { account }, duration: 'PT10M' });

    await app.advance('PT20M');

    expect(await app.request(id)).toMatchObject({
      status: 'ended',
      accounts: { items: [{ endedAs: 'kept', keptBy: 'standing' }] },
    });
    expect(app.has('carol', READ, account)).toBe(true);
    expect(kindsIn(account)).toEqual([]);
  });

  test('does not create a standing assignment again that somebody removed by hand', async () => {
    const account = ownAccount();
    const { simulator } = app.runtime;
    standing(account);
    await app.ask({ principal: { user: 'carol' }, target: { account }, duration: 'PT1H' });
    await app.advance('PT10M');

    simulator.removeAssignmentByHand(
      simulator.world.resolve({ account, permissionSet: READ, user: 'carol' }),
    );
    await app.advance('PT2H');

    expect(app.has('carol', READ, account)).toBe(false);
    expect(kindsIn(account)).toEqual([]);
  });

  test('that is revoked while its create is under way ends without access', async () => {
    const account = ownAccount();
    const id = await app.ask({ target: { account } });
    await app.advance('PT1S');
    const wasCreating = kindsIn(account);

    const answer = await app.post(`/requests/${id}/revocation`, { reason: 'not needed any more' });
    await app.advance('PT2M');

    expect(wasCreating).toEqual(['create']);
    expect(answer.status).toBe(202);
    expect(await app.request(id)).toMatchObject({ status: 'ended' });
    expect(app.has('alice', READ, account)).toBe(false);
  });

  test('that is revoked while it is active ends at once', async () => {
    const account = ownAccount();
    const id = await app.ask({ target: { account } });
    await app.advance('PT10M');

    await app.post(`/requests/${id}/revocation`, '');
    await app.advance('PT1M');

    expect(await app.request(id)).toMatchObject({ status: 'ended' });
    expect(app.has('alice', READ, account)).toBe(false);
  });

  test('for several accounts grants those that can be, and says why the others cannot', async () => {
    const account = ownAccount();
    const suspended = suspendedAccount();

    const id = await app.ask({ target: [{ account }, { account: suspended }, { account: '999999999999' }] });
    await app.advance('PT1M');

    const { status, accounts: told } = await app.request(id);
    const skipped = (reason: string) => ({ status: 'skipped', reason });
    expect(status).toBe('active');
    expect(Object.fromEntries(told.items.map((item) => [item.account, item]))).toMatchObject({
      [account]: { status: 'granted' },
      [suspended]: skipped('the account is SUSPENDED'),
      '999999999999': skipped('the account is not in the organization'),
    });
  });

  test('with no account that can be granted ends as failed', async () => {
    const id = await app.ask({ target: { account: suspendedAccount() } });
    await app.advance('PT1M');

    expect(await app.request(id)).toMatchObject({ status: 'failed' });
  });

  test('that no rule permits ends as denied, with the rule or its absence named', async () => {
    const forbidden = await app.ask({ permissionSet: 'AdministratorAccess' });
    const guarded = await app.ask({ target: { account: app.organization.managementAccountId } });

    await app.advance('PT1M');

    expect((await app.request(forbidden)).reason).toContain('rule no-administrators-in-production');
    expect((await app.request(guarded)).reason).toContain('management account');
    expect((await app.request(guarded)).status).toBe('denied');
  });

  test('for a misspelled address ends as failed, with the field and the remedy', async () => {
    const id = await app.ask({ principal: { user: 'alcie@example.com' } });

    await app.advance('PT1M');

    const { status, reason } = await app.request(id);
    expect(status).toBe('failed');
    expect(reason).toMatch(/principal.*alcie@example.com.*check the spelling/);
  });

  test('that starts later is granted when its time has come, not before', async () => {
    const account = ownAccount();
    const seen = async () => ({
      status: (await app.request(id)).status,
      has: app.has('alice', READ, account),
    });
    const id = await app.ask({ target: { account }, startsAt: inHours(2), duration: 'PT1H' });
    await app.advance('PT1H55M');
    const before = await seen();
    await app.advance('PT6M');
    const during = await seen();
    await app.advance('PT1H1M');

    expect(before).toEqual({ status: 'pending', has: false });
    expect(during).toEqual({ status: 'active', has: true });
    expect(await seen()).toEqual({ status: 'ended', has: false });
  });

  test('costs few calls and state transitions whatever its length, and announces its result once', async () => {
    const account = ownAccount();
    const announced: string[] = [];
    app.runtime.events.events.onEvent(({ event }) => {
      announced.push(`${String(event.detail.requestId)} ${event['detail-type']}`);
    });

    const id = await app.ask({ target: { account }, duration: 'P2D' });
    await app.advance('P2DT10M');

    const results = announced.filter((each) => each.startsWith(id)).map((each) => each.split(' ')[1]);
    expect(await app.request(id)).toMatchObject({ status: 'ended' });
    expect(entered.filter((name) => name.startsWith(id)).length).toBeLessThanOrEqual(20);
    expect(kindsIn(account)).toEqual(['create', 'delete']);
    expect(results).toEqual(['AccessRequested', 'AccessGranted', 'AccessRevoked']);
  });
});
