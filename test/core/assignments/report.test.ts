import type { Claim } from '../../../core/assignments/assignment';
import { type AccountStatus, isFinal, reportOf } from '../../../core/assignments/report';
import { HOUR, NOW, assignment, lease, operation } from './assignments';

describe('the report of an account', () => {
  test.each<[AccountStatus, Partial<Claim>]>([
    ['waiting', {}],
    ['waiting', { from: NOW + 1 }],
    ['granted', { grantedAt: NOW }],
    ['ending', { grantedAt: NOW, closedAt: NOW }],
    ['ending', { grantedAt: NOW, from: NOW - HOUR, until: NOW }],
    ['ended', { grantedAt: NOW, closedAt: NOW, endedAt: NOW, endedAs: 'revoked' }],
    ['failed', { closedAt: NOW, lostBy: 'failure' }],
    ['failed', { closedAt: NOW, lostBy: 'failure', endedAt: NOW }],
    ['removed', { grantedAt: NOW, closedAt: NOW, lostBy: 'removal', endedAt: NOW }],
  ])('says %s of %j', (status, claim) => {
    expect(reportOf(assignment([lease('a', claim)]), 'a', NOW)?.status).toBe(status);
  });

  test('is not there for a request that the assignment does not know', () => {
    expect(reportOf(assignment([lease('a')]), 'b', NOW)).toBeUndefined();
  });

  test('gives the words of what it waits for, until the claim has ended', () => {
    const busy = operation({ reason: 'ConflictException: busy' });

    expect(reportOf(assignment([lease('a')], { operation: busy }), 'a', NOW)?.reason).toBe(
      'ConflictException: busy',
    );
    expect(
      reportOf(assignment([lease('a', { closedAt: NOW, endedAt: NOW })], { operation: busy }), 'a', NOW)
        ?.reason,
    ).toBeUndefined();
  });

  test('gives the reason of the close before anything else', () => {
    const item = assignment([lease('a', { closedAt: NOW, closedBecause: 'no such user' })], {
      operation: operation({ reason: 'busy' }),
    });

    expect(reportOf(item, 'a', NOW)?.reason).toBe('no such user');
  });

  test('carries the version that it was made from, and is final only with an end', () => {
    const granted = reportOf(assignment([lease('a', { grantedAt: NOW })], { version: 7 }), 'a', NOW);
    const ended = reportOf(assignment([lease('a', { closedAt: NOW, endedAt: NOW })]), 'a', NOW);

    expect(granted?.assignmentVersion).toBe(7);
    expect(granted && isFinal(granted)).toBe(false);
    expect(ended && isFinal(ended)).toBe(true);
  });
});
