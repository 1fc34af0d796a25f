import { KilledError, type ReconcileWorld } from '../../support/reconcile-world';
import { AFTERWARDS, mixedWorld, rows } from './mixed-world';

async function callsOf(world: ReconcileWorld): Promise<number> {
  let calls = 0;
  world.onCall = (when) => {
    if (when === 'before') calls += 1;
  };
  await world.reconcile();
  world.onCall = () => undefined;
  return calls;
}

test('a step that is killed before or after any call of a port ends in the same assignments and findings', async () => {
  const expected = await mixedWorld();
  const calls = await callsOf(expected);
  for (let call = 1; call <= calls; call += 1)
    for (const when of ['before', 'after'] as const) {
      const world = await mixedWorld();
      let made = 0;
      let isDead = false;
      world.onCall = (moment) => {
        if (moment === 'before') made += 1;
        if (made === call && moment === when) isDead = true;
        if (isDead) throw new KilledError('killed');
      };
      const ask = world.ask({ walk: 'complete' }).then((number) => world.run(number));
      await ask.catch((error: unknown) => {
        if (!(error instanceof KilledError)) throw error;
      });
      world.onCall = () => undefined;

      // Whoever asked asks again: the call may have been lost.
      if (world.reconciliations.record.walks === 1) await world.ask({ walk: 'complete' });
      else await world.replaceDead();
      if (world.reconciliations.record.running) {
        world.clock.advance(200_000);
        await world.run(await world.replaceDead());
      }
      await world.dispatch();
      await world.minutes(2);

      expect({ call, when, rows: rows(world) }).toEqual({ call, when, rows: AFTERWARDS });
      expect({ call, when, findings: world.findings() }).toEqual({
        call,
        when,
        findings: expected.findings(),
      });
    }
});
