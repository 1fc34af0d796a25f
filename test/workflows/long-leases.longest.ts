import type { LocalRuntimeOptions } from '../../local/server/local-runtime';
import { Transitions } from '../support/adversary';
import { TestApp } from '../support/test-app';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What a story cost: that does not depend on the machine, as its real time does. */
interface Cost {
  sweeps: number;
  readonly calls: Map<string, number>;
}

/** An app whose time jumps over what only waits, with the count of what it runs. */
async function startSkipping(): Promise<{ app: TestApp; cost: Cost }> {
  const cost: Cost = { sweeps: 0, calls: new Map() };
  const transitions = new Transitions();
  const onLog: LocalRuntimeOptions['onLog'] = ({ line }) => {
    if (line.includes('"message":"sweep succeeded"')) cost.sweeps += 1;
  };
  const app = await TestApp.start({ clock: 'skips', onTransition: transitions.hear, onLog });
  transitions.on(({ machine, event: { type } }) => {
    if (type === 'TaskStarted') cost.calls.set(machine, (cost.calls.get(machine) ?? 0) + 1);
  });
  return { app, cost };
}

/** Resolves when an event of this type is on the bus: nobody moves time, it goes on by itself. */
function announced(app: TestApp, wanted: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = app.runtime.events.events.onEvent(({ event }) => {
      if (event['detail-type'] !== wanted) return;
      stop();
      resolve();
    });
  });
}

/** Real time that a busy machine may take for 1,344 sweeps; alone it takes a quarter of a minute. */
const PATIENCE_MS = 240_000;

describe('a lease on the skipping clock', () => {
  test.each([
    ['of four hours', 'PT4H', 4 * HOUR, 30],
    // One sweep for each quarter of an hour, and a few while something is going on.
    ['of fourteen days', 'P14D', 14 * DAY, 14 * 24 * 4 + 30],
  ])(
    '%s runs to its end by itself, at the cost of few calls',
    async (_name, duration, length, mostSweeps) => {
      const { app, cost } = await startSkipping();
      const granted = announced(app, 'AccessGranted');
      const revoked = announced(app, 'AccessRevoked');

      const id = await app.ask({ duration });
      await granted;
      const until = Date.parse((await app.request(id)).until ?? '');
      await revoked;
      const endedAt = app.runtime.clock.now();

      expect(app.has('alice', 'ReadOnlyAccess', '412345678901')).toBe(false);
      expect(await app.request(id)).toMatchObject({
        status: 'ended',
        accounts: { items: [{ endedAs: 'revoked' }] },
      });
      expect(endedAt - until).toBeGreaterThanOrEqual(0);
      expect(endedAt - until).toBeLessThan(60_000);
      expect(until - Date.parse('2026-12-01T08:00:00Z')).toBeGreaterThanOrEqual(length);
      expect(app.runtime.simulator.counts()).toMatchObject({
        'sso:CreateAccountAssignment': 1,
        'sso:DeleteAccountAssignment': 1,
      });
      expect(cost.calls.get('latchkey-access-request')).toBeLessThanOrEqual(9);
      expect(cost.calls.get('latchkey-dispatcher')).toBeLessThanOrEqual(12);
      expect(cost.sweeps).toBeLessThanOrEqual(mostSweeps);
      await app.stop();
    },
    PATIENCE_MS,
  );

  test('that begins in six hours waits for its time, and ends twelve hours later', async () => {
    const { app } = await startSkipping();
    const revoked = announced(app, 'AccessRevoked');
    const startsAt = '2026-12-01T14:00:00Z';

    const id = await app.ask({ startsAt, duration: 'PT12H' });
    await revoked;

    const { accounts, until } = await app.request(id);
    const [account] = accounts.items;
    expect(Date.parse(account?.grantedAt ?? '') - Date.parse(startsAt)).toBeLessThan(60_000);
    expect(Date.parse(until ?? '') - Date.parse(startsAt)).toBeLessThan(12 * HOUR + 60_000);
    expect(Date.parse(account?.endedAt ?? '') - Date.parse(until ?? '')).toBeLessThan(60_000);
    await app.stop();
  });
});
