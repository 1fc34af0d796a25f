import { TestApp, ticket } from '../support/test-app';

const ACCOUNT = '412345678901';

describe('an access request, from ticket to revoke', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start();
  });

  afterEach(async () => {
    await app.stop();
  });

  test('is granted, followed to SUCCEEDED, ends on time and is taken away', async () => {
    const id = await app.ask();
    await app.advance('PT1M');
    const active = await app.request(id);
    const hadAccess = app.has('alice', 'ReadOnlyAccess', ACCOUNT);
    await app.advance('PT4H');
    const ended = await app.request(id);

    expect(active).toMatchObject({ status: 'active' });
    expect(hadAccess).toBe(true);
    expect(ended).toMatchObject({
      status: 'ended',
      accounts: {
        items: [
          {
            status: 'ended',
            endedAs: 'revoked',
            creation: { status: 'SUCCEEDED' },
            deletion: { status: 'SUCCEEDED' },
          },
        ],
      },
    });
    expect(app.has('alice', 'ReadOnlyAccess', ACCOUNT)).toBe(false);
  });

  test('tells its story in words, with Identity Center’s request ids', async () => {
    const id = await app.ask();
    await app.advance('PT4H5M');

    const { timeline, accounts } = await app.request(id);

    const story = timeline.map(({ text }) => text).join('\n');
    expect(story).toMatch(
      /received from servicenow RITM0012345[^]*resolved[^]*allowed by[^]*granting[^]*active[^]*ending[^]*ended/,
    );
    expect(story).toContain(accounts.items[0]?.creation?.requestId ?? 'no create');
    expect(story).toContain(accounts.items[0]?.deletion?.requestId ?? 'no delete');
  });

  test('is not ended early by the first of two overlapping leases', async () => {
    const short = await app.ask({ duration: 'PT2H' });
    const long = await app.ask({ duration: 'PT6H', ticket: { system: 'jira', id: 'PAY-1' } });
    await app.advance('PT2H10M');
    const afterShort = { short: await app.request(short), has: app.has('alice', 'ReadOnlyAccess', ACCOUNT) };
    await app.advance('PT4H');

    expect(afterShort).toMatchObject({ has: true, short: { status: 'ended' } });
    expect(await app.request(long)).toMatchObject({ status: 'ended' });
    expect(app.has('alice', 'ReadOnlyAccess', ACCOUNT)).toBe(false);
  });

  test('on top of a standing assignment leaves it standing', async () => {
    const account = standingAccount(app);
    const id = await app.ask({
      principal: { user: 'bob@example.com' },
      requestedBy: { user: 'bob@example.com' },
      target: { account },
    });

    await app.advance('PT5H');

    expect(await app.request(id)).toMatchObject({
      status: 'ended',
      accounts: { items: [{ endedAs: 'kept' }] },
    });
    expect(app.has('bob', 'ReadOnlyAccess', account)).toBe(true);
    expect(app.runtime.simulator.counts()['sso:DeleteAccountAssignment']).toBeUndefined();
  });

  test('does not create a standing assignment again that somebody removed by hand', async () => {
    const account = standingAccount(app);
    await app.ask({
      principal: { user: 'bob@example.com' },
      requestedBy: { user: 'bob@example.com' },
      target: { account },
    });
    await app.advance('PT1H');

    removeByHand(app, 'bob', account);
    await app.advance('PT5H');

    expect(app.has('bob', 'ReadOnlyAccess', account)).toBe(false);
    expect(app.runtime.simulator.counts()['sso:CreateAccountAssignment']).toBeUndefined();
  });

  test('that is revoked while its create is under way ends without access', async () => {
    const id = await app.ask();
    await app.advance('PT1S');
    const wasCreating = app.runtime.simulator.counts()['sso:CreateAccountAssignment'];

    const answer = await app.post(`/requests/${id}/revocation`, { reason: 'not needed any more' });
    await app.advance('PT2M');

    expect(wasCreating).toBe(1);
    expect(answer.status).toBe(202);
    expect(await app.request(id)).toMatchObject({ status: 'ended' });
    expect(app.has('alice', 'ReadOnlyAccess', ACCOUNT)).toBe(false);
  });

  test('that is revoked while it is active ends at once', async () => {
    const id = await app.ask();
    await app.advance('PT1H');

    await app.post(`/requests/${id}/revocation`, '');
    await app.advance('PT1M');

    expect(await app.request(id)).toMatchObject({ status: 'ended' });
    expect(app.has('alice', 'ReadOnlyAccess', ACCOUNT)).toBe(false);
  });

  test('for several accounts grants those that can be, and says why the others cannot', async () => {
    const suspended = app.organization.accounts.find(({ state }) => state === 'SUSPENDED')?.id ?? '';

    const id = await app.ask({
      target: [{ account: ACCOUNT }, { account: suspended }, { account: '999999999999' }],
    });
    await app.advance('PT1M');

    const { status, accounts } = await app.request(id);
    expect(status).toBe('active');
    expect(accounts.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ account: ACCOUNT, status: 'granted' }),
        expect.objectContaining({
          account: suspended,
          status: 'skipped',
          reason: 'the account is SUSPENDED',
        }),
        expect.objectContaining({
          account: '999999999999',
          status: 'skipped',
          reason: 'the account is not in the organization',
        }),
      ]),
    );
  });

  test('with no account that can be granted ends as failed', async () => {
    const suspended = app.organization.accounts.find(({ state }) => state === 'SUSPENDED')?.id ?? '';

    const id = await app.ask({ target: { account: suspended } });
    await app.advance('PT1M');

    expect(await app.request(id)).toMatchObject({ status: 'failed' });
  });

  test('that no rule permits ends as denied, with the rule or its absence named', async () => {
    const forbidden = await app.ask({ permissionSet: 'AdministratorAccess' });
    const unheardOf = await app.ask({
      permissionSet: 'ReadOnlyAccess',
      target: { account: app.organization.managementAccountId },
    });

    await app.advance('PT1M');

    expect(await app.request(forbidden)).toMatchObject({
      status: 'denied',
      reason: expect.stringContaining('rule') as string,
    });
    expect(await app.request(unheardOf)).toMatchObject({
      status: 'denied',
      reason: expect.stringContaining('management') as string,
    });
  });

  test('for a misspelled address ends as failed, with the field and the remedy', async () => {
    const id = await app.ask({ principal: { user: 'alcie@example.com' } });

    await app.advance('PT1M');

    expect(await app.request(id)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/principal.*alcie@example.com.*check the spelling/) as string,
    });
  });

  test('that starts later is granted when its time has come, not before', async () => {
    const id = await app.ask({ startsAt: '2026-12-02T08:00:00Z', duration: 'PT1H' });
    await app.advance('PT23H');
    const before = {
      status: (await app.request(id)).status,
      has: app.has('alice', 'ReadOnlyAccess', ACCOUNT),
    };
    await app.advance('PT1H1M');
    const during = {
      status: (await app.request(id)).status,
      has: app.has('alice', 'ReadOnlyAccess', ACCOUNT),
    };
    await app.advance('PT1H1M');

    expect(before).toEqual({ status: 'pending', has: false });
    expect(during).toEqual({ status: 'active', has: true });
    expect((await app.request(id)).status).toBe('ended');
  });

  test('announces its result on the bus, once', async () => {
    const types: string[] = [];
    app.runtime.events.events.onEvent(({ event }) => types.push(event['detail-type']));

    await app.ask();
    await app.advance('PT4H5M');

    expect(types).toEqual(['AccessRequested', 'AccessGranted', 'AccessRevoked']);
  });

  test('costs few state transitions and calls, whatever its length', async () => {
    await app.ask({ duration: 'P7D' });
    await app.advance('P7DT1H');

    expect(app.runtime.states.transitions).toBeLessThanOrEqual(40);
    expect(app.runtime.simulator.counts()).toMatchObject({
      'sso:CreateAccountAssignment': 1,
      'sso:DeleteAccountAssignment': 1,
    });
  });
});

function standingAccount(app: TestApp): string {
  const row = app.runtime.simulator
    .assignments()
    .find(
      ({ principalName, permissionSetName }) =>
        principalName === 'bob' && permissionSetName === 'ReadOnlyAccess',
    );
  if (row === undefined) throw new Error(`bob has no standing assignment: ${JSON.stringify(ticket())}`);
  return row.accountId;
}

function removeByHand(app: TestApp, user: string, account: string): void {
  const { simulator } = app.runtime;
  for (const row of simulator.assignments()) {
    if (row.principalName === user && row.accountId === account) simulator.removeAssignmentByHand(row);
  }
}
