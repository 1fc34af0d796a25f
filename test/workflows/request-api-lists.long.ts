import { problemsOf, sendCall } from '../support/signed-call';
import { TestApp, type TicketBody } from '../support/test-app';

interface Page {
  readonly requests: readonly { readonly id: string; readonly createdAt: string }[];
  readonly next?: string;
}

const KENJI = '5d1e0a10-1c2b-4a3d-8e4f-0a1b2c3d4e07';

describe('the request API, looking', () => {
  let app: TestApp;

  /** More than a page of one ticket's and one principal's requests; they fail, since nobody has this name. */
  let many: readonly string[];

  beforeAll(async () => {
    app = await TestApp.start();
    many = await askMany(27, {
      principal: { user: 'many@example.com' },
      ticket: { system: 'jira', id: 'MANY-1' },
    });
    await app.advance('PT1M');
  });

  afterAll(async () => {
    await app.stop();
  });

  const get = (path: string) => sendCall(app, { method: 'GET', path });
  async function idsBy(query: string): Promise<readonly string[]> {
    const { status, body } = await get(`/requests?${query}`);
    expect(status).toBe(200);
    return (body as Page).requests.map(({ id }) => id);
  }

  /** All pages of a list, as a client that follows `next` sees them. */
  async function pagesOf(query: string): Promise<Page[]> {
    const pages: Page[] = [];
    for (let next: string | undefined = ''; next !== undefined; next = pages.at(-1)?.next) {
      const { status, body } = await get(`/requests?${query}${next === '' ? '' : `&next=${next}`}`);
      expect(status).toBe(200);
      pages.push(body as Page);
    }
    return pages;
  }

  async function askMany(count: number, change: TicketBody): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) ids.push(await app.ask(change));
    return ids;
  }

  describe('at one request', () => {
    test('answers 404 as problem+json for an id that there is not', async () => {
      const reply = await get('/requests/req-00000000000000000000000000');

      expect(reply).toMatchObject({
        status: 404,
        type: 'application/problem+json',
        body: {
          type: 'urn:latchkey:problem:not-found',
          status: 404,
          detail: expect.stringContaining('no such request') as string,
        },
      });
    });

    test('pages over more than a hundred accounts, each once, in order', async () => {
      const accounts = Array.from({ length: 129 }, (_, n) => String(700_000_000_000 + n * 7));
      const id = await app.ask({
        target: [{ account: '534567890124' }, ...accounts.map((account) => ({ account }))],
        principal: { user: 'zofia' },
      });
      await app.advance('PT1M');

      interface Accounts {
        readonly items: readonly { readonly account: string }[];
        readonly next?: string;
      }
      const pages: Accounts[] = [];
      for (let after: string | undefined = ''; after !== undefined; after = pages.at(-1)?.next) {
        const { body } = await get(`/requests/${id}${after === '' ? '' : `?accountsAfter=${after}`}`);
        expect(body).toMatchObject({ accounts: { total: 130, byStatus: { granted: 1, skipped: 129 } } });
        pages.push((body as { accounts: Accounts }).accounts);
      }

      expect(pages.map(({ items }) => items.length)).toEqual([100, 30]);
      expect(pages.flatMap(({ items }) => items.map(({ account }) => account))).toEqual([
        '534567890124',
        ...accounts,
      ]);
    });

    test.each([
      ['accountsAfter=1', 'accountsAfter'],
      ['accountsAfter=', 'accountsAfter'],
      ['accountsAfter=111122223333&accountsAfter=111122223334', 'accountsAfter'],
      ['after=111122223333', 'after'],
    ])('refuses ?%s, with the parameter named', async (query, field) => {
      const id = await app.ask({ principal: { user: 'nobody' } });

      const reply = await get(`/requests/${id}?${query}`);

      expect(reply.status).toBe(400);
      expect(problemsOf(reply)).toMatchObject([{ field, remedy: expect.stringMatching(/./) as string }]);
    });
  });

  describe('at a list', () => {
    test('finds by a ticket, with its system and without, in any case', async () => {
      const one = await app.ask({
        ticket: { system: 'ServiceNow', id: 'CHG:0007' },
        principal: { user: 'nobody' },
      });
      const other = await app.ask({
        ticket: { system: '3rd.desk-x', id: 'CHG:0007' },
        principal: { user: 'nobody' },
      });

      expect(await idsBy('ticket=servicenow:chg:0007')).toEqual([one]);
      expect(await idsBy('ticket=3RD.desk-x:CHG:0007')).toEqual([other]);
      expect(await idsBy('ticket=jira:CHG:0007')).toEqual([]);
    });

    test('finds by a ticket’s id alone what all systems have under it, newest first', async () => {
      const one = await app.ask({
        ticket: { system: 'servicenow', id: 'RITM77' },
        principal: { user: 'nobody' },
      });
      await app.advance('PT1S');
      const other = await app.ask({
        ticket: { system: 'jira', id: 'RITM77' },
        principal: { user: 'nobody' },
      });

      expect(await idsBy('ticket=RITM77')).toEqual([other, one]);
    });

    test.each([
      ['the name in the ticket', 'kenji@example.com'],
      ['the same in upper case', 'KENJI@EXAMPLE.COM'],
      ['the user name', 'kenji'],
      ['the id', KENJI],
      ['the id in upper case', KENJI.toUpperCase()],
    ])('finds by %s of a principal', async (_case, name) => {
      const id = await app.ask({ principal: { user: 'kenji@example.com' }, duration: 'P14DT1H' });
      await app.advance('PT1M');

      expect(await idsBy(`principal=${encodeURIComponent(name)}`)).toContain(id);
    });

    test('finds by status, and no longer by the status before', async () => {
      const id = await app.ask({ principal: { user: 'carol' }, duration: 'PT10M' });
      await app.advance('PT1M');
      const [active, ended] = [await idsBy('status=active'), await idsBy('status=ended')];
      await app.advance('PT15M');

      expect(active).toContain(id);
      expect(ended).not.toContain(id);
      expect(await idsBy('status=active')).not.toContain(id);
      expect(await idsBy('status=ended')).toContain(id);
    });

    test('takes filters together as all of them', async () => {
      const denied = {
        principal: { user: 'dave' },
        ticket: { system: 'jira', id: 'BOTH-1' },
        duration: 'P14DT1H',
      };
      const granted = { ...denied, duration: 'PT1H' };
      const [no, yes, others] = [
        await app.ask(denied),
        await app.ask(granted),
        await app.ask({ ...denied, principal: { user: 'erin' } }),
      ];
      await app.advance('PT1M');

      expect(new Set(await idsBy('ticket=BOTH-1'))).toEqual(new Set([no, yes, others]));
      expect(new Set(await idsBy('ticket=BOTH-1&principal=DAVE'))).toEqual(new Set([no, yes]));
      expect(await idsBy('ticket=BOTH-1&principal=dave@example.com&status=denied')).toEqual([no]);
      expect(await idsBy('principal=dave&status=active')).toEqual([yes]);
      expect(await idsBy('ticket=jira:BOTH-1&principal=zofia')).toEqual([]);
    });

    test.each([
      ['a ticket', 'ticket=jira:MANY-1'],
      ['a principal', 'principal=many@example.com'],
      ['a status, where the other filter leaves gaps', 'status=failed&principal=many@example.com'],
    ])('pages by %s to the end, each request once, newest first', async (_case, query) => {
      const pages = await pagesOf(query);

      const found = pages.flatMap(({ requests }) => requests);
      const times = found.map(({ createdAt }) => createdAt);
      expect(pages.map(({ requests }) => requests.length)).toEqual([25, 2]);
      expect(found.map(({ id }) => id).sort()).toEqual([...many].sort());
      expect(times).toEqual([...times].sort().reverse());
    });

    test('pages by status alone to the end, whoever they are for', async () => {
      const wanted = await app.ask({ principal: { user: 'first@example.com' } });
      await app.advance('PT1M');

      const byStatus = (await pagesOf('status=failed')).flatMap(({ requests }) =>
        requests.map(({ id }) => id),
      );

      expect(byStatus).toEqual(expect.arrayContaining([wanted, ...many]));
      expect(new Set(byStatus).size).toBe(byStatus.length);
    });

    test('refuses a page token of another list', async () => {
      const { body } = await get('/requests?ticket=MANY-1');
      const { next = '' } = body as Page;

      for (const query of ['ticket=MANY-2', 'principal=many@example.com', 'status=failed']) {
        const reply = await get(`/requests?${query}&next=${next}`);

        expect(reply.status).toBe(400);
        expect(problemsOf(reply)).toMatchObject([
          { field: 'next', problem: 'is not a token of this query', remedy: 'give next of the page before' },
        ]);
      }
    });

    test.each([
      ['no filter', '', '(query)', /give one of ticket, principal, status/],
      ['only a page token', '?next=x', '(query)', /give one of/],
      [
        'an unknown parameter',
        '?status=active&pricipal=bob',
        'pricipal',
        /use ticket, principal, status, next/,
      ],
      [
        'an unknown status',
        '?status=done',
        'status',
        /use one of pending, awaiting_approval, granting, active/,
      ],
      ['an empty filter', '?ticket=', 'ticket', /leave it out/],
      ['a filter that is given twice', '?ticket=A-1&ticket=A-2', 'ticket', /give it once/],
      ['a filter that is too long', `?principal=${'x'.repeat(1_025)}`, 'principal', /at most 1024/],
    ])('refuses %s, with the parameter and the remedy', async (_case, query, field, remedy) => {
      const reply = await get(`/requests${query}`);

      expect(reply).toMatchObject({ status: 400, type: 'application/problem+json' });
      expect(problemsOf(reply).find((problem) => problem.field === field)?.remedy).toMatch(remedy);
    });
  });
});
