import type { AccountReport } from '../../../core/assignments/report';
import { ACCOUNTS_PER_PAGE, summarize, viewRequest } from '../../../core/requests/view';
import { keyOf } from '../../support/dispatcher-world';
import { FIRST, HOUR, MINUTE, NOW, decided, pending, report } from './requests';

const creation = { requestId: 'r-1', status: 'SUCCEEDED', at: NOW } as const;
const deletion = { requestId: 'r-2', status: 'SUCCEEDED', at: NOW + HOUR } as const;

/** What the story says of one account. */
function lines(changes: Partial<AccountReport>): string[] {
  const { timeline } = viewRequest(decided([FIRST], { timeline: [] }), [report(FIRST, changes)]);
  return (timeline as { text: string }[]).map(({ text }) => text);
}

describe('the story of an account', () => {
  test.each<[string, Partial<AccountReport>, RegExp]>([
    ['granted', { creation }, /access granted \(Identity Center create r-1 SUCCEEDED\)$/],
    ['there before', {}, /access was there already$/],
    [
      'adopted',
      { creation: { status: 'ADOPTED', at: NOW } },
      /the reply to the create was lost; its effect was seen/,
    ],
    [
      'taken away',
      { creation, deletion, status: 'ended', endedAt: NOW + HOUR, endedAs: 'revoked' },
      /access taken away \(Identity Center delete r-2 SUCCEEDED\)$/,
    ],
    ['gone already', { status: 'ended', endedAt: NOW, endedAs: 'revoked' }, /access was gone already$/],
    [
      'nothing to delete',
      { status: 'ended', endedAt: NOW, endedAs: 'revoked', deletion: { ...deletion, status: 'UNCHANGED' } },
      /delete r-2 had nothing to do/,
    ],
    [
      'removed',
      { status: 'removed', endedAt: NOW, reason: 'somebody else removed the assignment' },
      /somebody else removed/,
    ],
  ])('%s', (_case, changes, text) => {
    expect(lines(changes).join('\n')).toMatch(text);
    expect(lines(changes).every((line) => line.startsWith(`account ${FIRST}: `))).toBe(true);
  });

  test('says why it was not granted, in Identity Center’s words', () => {
    const { timeline } = viewRequest(decided([FIRST], { timeline: [] }), [
      {
        accountId: FIRST,
        status: 'failed',
        endedAt: NOW,
        reason: 'Not supported policy',
        assignmentVersion: 1,
      },
    ]);

    expect(timeline).toEqual([
      { at: '2026-11-24T08:00:00.000Z', text: `account ${FIRST}: not granted: Not supported policy` },
    ]);
  });

  test('is told in the order of time, between the lines of the request', () => {
    const request = decided([FIRST], {
      timeline: [
        { at: NOW, text: 'received' },
        { at: NOW + 2 * HOUR, text: 'ended: access is gone' },
      ],
    });
    const ended = report(FIRST, {
      creation,
      deletion,
      status: 'ended',
      endedAt: NOW + HOUR,
      endedAs: 'revoked',
    });

    const texts = (viewRequest(request, [ended]).timeline as { text: string }[]).map(({ text }) => text);

    expect(texts.map((text) => text.replace(/^account \d+: | \(.*$/g, ''))).toEqual([
      'received',
      'access granted',
      'access taken away',
      'ended: access is gone',
    ]);
  });
});

describe('a request as the API shows it', () => {
  test('shows the names of the ticket until they are resolved, then what they mean', () => {
    expect(summarize(pending())).toMatchObject({
      principal: { user: 'alice@example.com' },
      permissionSet: { name: 'ReadOnlyAccess' },
      startsAt: '2026-11-24T08:00:00.000Z',
    });
    expect(summarize(decided())).toMatchObject({
      principal: { id: keyOf().principalId },
      permissionSet: { arn: keyOf().permissionSetArn },
      from: '2026-11-24T08:00:00.000Z',
      until: '2026-11-24T12:00:00.000Z',
    });
  });

  test('says until when sessions may last: a session longer than the access, counted from an early end', () => {
    const revocation = { at: NOW + MINUTE, by: 'somebody' };

    expect(summarize(decided())).toMatchObject({ sessionsMayLastUntil: '2026-11-24T13:00:00.000Z' });
    expect(summarize(decided([FIRST], { revocation }))).toMatchObject({
      sessionsMayLastUntil: '2026-11-24T09:01:00.000Z',
    });
  });

  test('shows each account with its outcome, and the request ids of Identity Center', () => {
    const { accounts } = viewRequest(decided(), [report(FIRST, { creation })]);

    expect(accounts).toMatchObject({
      total: 1,
      byStatus: { granted: 1 },
      items: [{ account: FIRST, status: 'granted', creation: { requestId: 'r-1', status: 'SUCCEEDED' } }],
    });
  });

  test('pages the accounts in the order of their ids, each once', () => {
    const ids = Array.from({ length: 2 * ACCOUNTS_PER_PAGE + 1 }, (_, n) => keyOf(n).accountId);
    const reports = [...ids].reverse().map((id) => report(id));
    const seen: string[] = [];
    let after: string | undefined;
    let pages = 0;

    do {
      const { accounts } = viewRequest(decided(ids), reports, after);
      const page = accounts as { items: { account: string }[]; next?: string };
      seen.push(...page.items.map(({ account }) => account));
      after = page.next;
      pages += 1;
    } while (after !== undefined && pages < 10);

    expect(seen).toEqual(ids);
    expect(pages).toBe(3);
  });
});
