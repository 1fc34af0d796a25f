import { accountNumber } from '../support/organizations';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Organization } from '../../local/identity-center/organization';
import { readOrganization } from '../../local/identity-center/organization-file';
import { problemsOf, sendCall } from '../support/signed-call';
import { TestApp, type TicketBody, ticket } from '../support/test-app';

const FILE = join(__dirname, '..', '..', 'examples', 'organization.yaml');

/** Accounts beside those of the example organization, by what is special about them. */
const MORE = {
  deep: { name: 'deep', ou: 'Workloads/Prod/Analytics/Lake' },
  retailProd: { name: 'retail', ou: 'Retail/Prod' },
  banksProd: { name: 'banks', ou: 'Banks/Prod' },
  twin: { name: 'twin', ou: 'Retail' },
  otherTwin: { name: 'twin', ou: 'Banks' },
  tagged: { name: 'tagged', ou: 'Retail', tags: { 'équipe:région': 'Zürich – süd' } },
} as const satisfies Readonly<
  Record<string, { name: string; ou: string; tags?: Readonly<Record<string, string>> }>
>;
const ID = Object.fromEntries(Object.keys(MORE).map((key, index) => [key, accountNumber(index)])) as Readonly<
  Record<keyof typeof MORE, string>
>;

function organization(): Organization {
  const file = parse(readFileSync(FILE, 'utf8')) as { accounts: object[] };
  const more = Object.entries(MORE).map(([key, account], index) => ({
    id: ID[key as keyof typeof MORE],
    email: `aws+more-${index}@example.com`,
    ...account,
  }));
  // A page of a listing has twenty accounts.
  const onSecondPage = Array.from({ length: 5 }, (_, index) => ({
    id: accountNumber(100 + index),
    name: `spare-${index}`,
    email: `aws+spare-${index}@example.com`,
    ou: 'Spare',
  }));
  return readOrganization(
    stringify({ ...file, accounts: [...file.accounts, ...more, ...onSecondPage] }),
    FILE,
  );
}

const PROD = ['412345678901', '423456789012', '434567890123'];
const SUSPENDED = '645678901236';

describe('requests by target, from ticket to access', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({ organization: organization(), report: () => undefined });
  });

  afterEach(async () => {
    await app.stop();
  });

  /** Sends a ticket and lets its workflow come to its grant, or to its end. */
  async function outcomeOf(
    target: unknown,
    change: TicketBody = {},
  ): Promise<{
    readonly status: string;
    readonly reason: string | undefined;
    readonly organization: unknown;
    /** Account ids by status. */
    readonly accounts: Readonly<Record<string, readonly string[]>>;
    readonly story: string;
  }> {
    const id = await app.ask({ target, ...change });
    await app.advance('PT25S');
    const seen = await app.request(id);
    const accounts: Record<string, string[]> = {};
    for (const { account, status } of seen.accounts.items) (accounts[status] ??= []).push(account);
    return {
      status: seen.status,
      reason: seen.reason,
      organization: (seen as unknown as { organization?: unknown }).organization,
      accounts,
      story: seen.timeline.map(({ text }) => text).join('\n'),
    };
  }

  /** Organizations cannot list any more. */
  function organizationsIsDown(): void {
    app.runtime.simulator.faults.add({
      operation: 'ListAccounts',
      effect: { error: 'ServiceException', message: 'down', statusCode: 500 },
      times: 1_000,
    });
  }

  test('a unit means the accounts of three levels below it, but for suspended ones, which say why', async () => {
    const { status, accounts, story } = await outcomeOf({ ou: 'Workloads/Prod' });

    expect(status).toBe('active');
    expect(accounts).toEqual({ granted: [...PROD, ID.deep], skipped: [SUSPENDED] });
    expect(story).toContain(`account ${SUSPENDED}: not asked for: the account is SUSPENDED`);
  });

  test('a unit without those below it, and an exception, mean fewer', async () => {
    const target = [{ ou: 'Workloads/Prod', direct: true, except: { accountName: 'orders-*' } }];

    const { accounts } = await outcomeOf(target);
    expect(accounts).toEqual({ granted: ['412345678901'], skipped: [SUSPENDED] });
  });

  test('two units of one name are told apart by what they are in', async () => {
    const first = await outcomeOf({ ou: 'Retail/Prod' });
    const second = await outcomeOf({ ou: '/Banks/Prod' });
    const neither = await outcomeOf({ ou: 'Prod' });

    expect([first.accounts, second.accounts]).toEqual([
      { granted: [ID.retailProd] },
      { granted: [ID.banksProd] },
    ]);
    expect(neither).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('there is no organizational unit Prod below the root') as string,
    });
  });

  test('an account name that two accounts have is refused with their ids', async () => {
    const { status, reason } = await outcomeOf({ accountName: 'twin' });

    expect(status).toBe('failed');
    expect(reason).toBe(
      `target: the account name twin is ambiguous (${[ID.twin, ID.otherTwin].sort().join(', ')}), name the one that is meant by its id`,
    );
  });

  test('a tag with a colon and letters beyond ASCII is found, and tags are read only where it depends on them', async () => {
    const before = app.runtime.simulator.counts();
    const { accounts } = await outcomeOf({
      ou: 'Retail',
      except: [{ accountName: 't*n' }, { ou: 'Retail/Prod' }, { tag: { 'équipe:région': 'Genève*' } }],
    });
    const counts = app.runtime.simulator.counts();
    const whole = await outcomeOf({ tag: { 'équipe:région': 'Zürich – *' } });

    expect(accounts).toEqual({ granted: [ID.tagged] });
    expect(counts['organizations:ListTagsForResource'] ?? 0).toBe(
      (before['organizations:ListTagsForResource'] ?? 0) + 1,
    );
    expect(whole.accounts).toEqual({ granted: [ID.tagged] });
  });

  test('all means neither the management account nor the one that Latchkey runs in', async () => {
    const granted = await outcomeOf({ all: true, except: [{ ou: 'Workloads' }] });

    expect(granted.status).toBe('active');
    expect(granted.story).toContain('account 111122223333: not asked for: it is the management account');
    expect(granted.story).toContain(
      'account 222233334444: not asked for: it is the account that Latchkey runs in',
    );
    expect(app.has('alice', 'ReadOnlyAccess', '111122223333')).toBe(false);
    expect(app.has('alice', 'ReadOnlyAccess', '222233334444')).toBe(false);
  });

  test('a list of ids is resolved without any listing', async () => {
    await outcomeOf([{ account: '412345678901' }, { account: SUSPENDED }]);

    expect(app.runtime.simulator.counts()['organizations:ListAccounts']).toBeUndefined();
  });

  test('one listing serves the requests of a quarter of an hour', async () => {
    await outcomeOf({ ou: 'Retail' });
    const first = app.runtime.simulator.counts()['organizations:ListRoots'];
    await outcomeOf({ ou: 'Banks' });
    const second = app.runtime.simulator.counts()['organizations:ListRoots'];
    await app.advance('PT15M');
    await outcomeOf({ ou: 'Workloads/Dev' });

    expect([first, second]).toEqual([1, 1]);
    expect(app.runtime.simulator.counts()['organizations:ListRoots']).toBe(2);
  });

  test('while Organizations is down the last picture is used for a day, and marked as stale', async () => {
    await outcomeOf({ ou: 'Banks' });
    organizationsIsDown();
    await app.advance('PT1H');
    const { status, organization: look, story } = await outcomeOf({ ou: 'Retail/Prod' });
    await app.advance('P1D');
    const later = await outcomeOf({ ou: 'Retail/Prod' });

    expect(status).toBe('active');
    expect(look).toEqual({ asOf: expect.stringMatching(/^2026-12-01T08:00/) as string, stale: true });
    expect(story).toContain('Organizations could not be reached since');
    expect(later).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('nothing is known of them from the last 24 hours') as string,
    });
  });

  test('where a page is missing nothing is granted by the others', async () => {
    // The first page is answered, the second never.
    app.runtime.simulator.onCall(({ operation, input }) => {
      if (operation === 'ListAccounts' && input.NextToken === undefined) organizationsIsDown();
    });

    const { status, reason, accounts } = await outcomeOf({ ou: 'Workloads/Prod' });
    expect({ status, accounts }).toEqual({ status: 'failed', accounts: {} });
    expect(reason).toMatch(
      /^target: the accounts of the organization could not be read, .* send the request again later$/,
    );
  });

  test('what a target meant is pinned: an account that comes later is not granted', async () => {
    const startsAt = new Date(app.runtime.clock.now() + 3_600_000).toISOString();
    const id = await app.ask({ target: { ou: 'Retail/Prod' }, startsAt });
    await app.advance('PT1M');
    const unit = app.organization.organizationalUnits.find(({ path }) => path === 'Retail/Prod');
    app.runtime.simulator.world.tree.moveAccount(ID.banksProd, unit?.id ?? '');
    await app.advance('PT61M');

    expect((await app.request(id)).accounts.items.map(({ account }) => account)).toEqual([ID.retailProd]);
  });

  test('a wrong target is answered at once, with its place', async () => {
    const target = [{ ou: 'Workloads', direct: 'yes' }, { tag: {} }, { account: '412345678901', all: true }];
    const answer = await sendCall(app, { body: JSON.stringify(ticket({ target })) });

    expect(answer.status).toBe(400);
    expect(problemsOf(answer).map(({ field }) => field)).toEqual([
      'target[0].direct',
      'target[1].tag',
      'target[2].all',
    ]);
  });
});
