import type { AccountReport, AccountStatus } from '../../../core/assignments/report';
import {
  MAX_TIMELINE,
  type AccessRequest,
  leaseIsOver,
  withEntry,
} from '../../../core/requests/access-request';
import { PARTLY_GRANTED_MS, allEnded, grantProgress, isAnswered } from '../../../core/requests/progress';
import { secondsUntil } from '../../../core/requests/seconds';
import { FIRST, HOUR, NOW, SECOND, decided, pending, report, ticket } from './requests';

const granting = decided([FIRST, SECOND], { status: 'granting', grantingSince: NOW });
const both = (first: AccountStatus, second: AccountStatus): AccountReport[] => [
  report(FIRST, { status: first }),
  report(SECOND, { status: second }),
];

describe('how the granting of a request stands', () => {
  test.each<[AccountStatus, AccountStatus, string]>([
    ['granted', 'granted', 'granted'],
    ['granted', 'failed', 'granted'],
    ['granted', 'waiting', 'waiting'],
    ['failed', 'waiting', 'waiting'],
    ['failed', 'failed', 'nothing'],
    ['failed', 'removed', 'nothing'],
    ['skipped', 'ended', 'nothing'],
  ])('%s and %s: %s', (first, second, progress) => {
    expect(grantProgress(granting, both(first, second), NOW)).toBe(progress);
  });

  test('counts an account without a report as waiting', () => {
    expect(grantProgress(granting, [report(FIRST)], NOW)).toBe('waiting');
  });

  test('is granted with accounts still waiting once fifteen minutes have gone', () => {
    const reports = both('granted', 'waiting');

    expect(grantProgress(granting, reports, NOW + PARTLY_GRANTED_MS - 1)).toBe('waiting');
    expect(grantProgress(granting, reports, NOW + PARTLY_GRANTED_MS)).toBe('granted');
    expect(grantProgress(granting, both('failed', 'waiting'), NOW + PARTLY_GRANTED_MS)).toBe('waiting');
  });

  test('does not look at accounts that were not pinned', () => {
    const one = decided([FIRST]);

    expect(grantProgress(one, both('granted', 'waiting'), NOW)).toBe('granted');
    expect(allEnded(one, [report(FIRST, { endedAt: NOW })])).toBe(true);
  });
});

describe('the end of a request', () => {
  test('has come for all accounts only when each of them has an end', () => {
    const first = report(FIRST, { endedAt: NOW });

    expect(allEnded(granting, [first])).toBe(false);
    expect(allEnded(granting, [first, report(SECOND)])).toBe(false);
    expect(allEnded(granting, [first, report(SECOND, { endedAt: NOW })])).toBe(true);
  });

  test('of its lease comes at its last instant, or when somebody asked for it', () => {
    const until = NOW + 4 * HOUR;

    expect(leaseIsOver(granting, until - 1)).toBe(false);
    expect(leaseIsOver(granting, until)).toBe(true);
    expect(leaseIsOver(pending(), until)).toBe(false);
    expect(leaseIsOver(pending({ revocation: { at: NOW, by: 'somebody' } }), NOW)).toBe(true);
  });
});

describe('what an Await state waits for', () => {
  const revoked: AccessRequest = { ...granting, revocation: { at: NOW, by: 'somebody' } };
  const ended = [report(FIRST, { endedAt: NOW }), report(SECOND, { endedAt: NOW })];

  test('is there for a start when its time has come, or a person has ended the request', () => {
    const later = pending({ ticket: ticket({ startsAt: NOW + HOUR }) });

    expect(isAnswered('start', later, [], NOW)).toBe(false);
    expect(isAnswered('start', later, [], NOW + HOUR)).toBe(true);
    expect(isAnswered('start', { ...later, revocation: { at: NOW, by: 'x' } }, [], NOW)).toBe(true);
  });

  test('is there for a grant when nothing waits any more, or the lease is over', () => {
    expect(isAnswered('grant', granting, both('granted', 'waiting'), NOW)).toBe(false);
    expect(isAnswered('grant', granting, both('granted', 'failed'), NOW)).toBe(true);
    expect(isAnswered('grant', granting, both('failed', 'failed'), NOW)).toBe(true);
    expect(isAnswered('grant', granting, both('waiting', 'waiting'), NOW + 4 * HOUR)).toBe(true);
    expect(isAnswered('grant', revoked, both('waiting', 'waiting'), NOW)).toBe(true);
  });

  test('is there for an end when the lease is over, or nothing is left to end', () => {
    expect(isAnswered('end', granting, both('granted', 'granted'), NOW)).toBe(false);
    expect(isAnswered('end', granting, both('granted', 'granted'), NOW + 4 * HOUR)).toBe(true);
    expect(isAnswered('end', revoked, both('granted', 'granted'), NOW)).toBe(true);
    expect(isAnswered('end', granting, ended, NOW)).toBe(true);
  });

  test('is there for a revoke only when the access is gone everywhere', () => {
    expect(isAnswered('revoke', revoked, [...ended.slice(1), report(FIRST)], NOW + 99 * HOUR)).toBe(false);
    expect(isAnswered('revoke', revoked, ended, NOW)).toBe(true);
  });
});

describe('the seconds that a state may wait', () => {
  test('are whole, at least one, and never end before the instant', () => {
    expect(secondsUntil(NOW + 1, NOW)).toBe(1);
    expect(secondsUntil(NOW + 1_001, NOW)).toBe(2);
    expect(secondsUntil(NOW - HOUR, NOW)).toBe(1);
    expect(secondsUntil(NOW + 1e15, NOW)).toBe(99_999_999);
  });
});

describe('the story of a request', () => {
  test('does not say the same thing twice in a row, since steps repeat', () => {
    const once = withEntry(pending(), NOW, 'granting');

    expect(withEntry(once, NOW + 1, 'granting')).toBe(once);
    expect(withEntry(once, NOW + 1, 'active').timeline).toHaveLength(3);
  });

  test('keeps its length and its last line when it grows too long', () => {
    let request = pending();
    for (let n = 0; n < MAX_TIMELINE + 10; n += 1) request = withEntry(request, NOW + n, `line ${n}`);

    expect(request.timeline).toHaveLength(MAX_TIMELINE);
    expect(request.timeline.at(-1)?.text).toMatch(/^line 209 \(earlier lines were dropped/);
  });
});
