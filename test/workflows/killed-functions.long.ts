import type { OperationEvent } from '../../local/identity-center/listeners';
import { deadLetters, functionNamed, killAllBut, onEveryCall } from '../support/adversary';
import { placeAt, placesOf } from '../support/places';
import { SurvivalWorld, complaints } from '../support/survival-world';

const MINUTE = 60_000;

describe('a request whose functions are killed', () => {
  test('B15, B26: at each moment of an operation’s life is granted once and taken away once', async () => {
    const world = await SurvivalWorld.start();
    const { app } = world;
    const places = placesOf(app);
    const moments = [
      'call CreateAccountAssignment',
      'accepted create',
      'call DescribeAccountAssignmentCreationStatus',
      'ended create',
      'call DeleteAccountAssignment',
      'accepted delete',
      'call DescribeAccountAssignmentDeletionStatus',
      'ended delete',
    ];
    const dispatcher = functionNamed(app, 'AdvanceOperations');
    const plan = new Map(moments.map((moment, index) => [placeAt(places, index).account, moment]));
    const killed: string[] = [];
    const happened = (account: string, moment: string): void => {
      if (plan.get(account) !== moment) return;
      plan.delete(account);
      killed.push(moment);
      app.runtime.lambda.killWorkers(dispatcher);
    };
    // A status call names no account: the operation that it asks for does.
    const accountOf = new Map<unknown, string>();
    app.runtime.simulator.onOperation((event: OperationEvent) => {
      if (event.kind === 'provision') return;
      const { kind, status, requestId, account } = event;
      accountOf.set(requestId, account.id);
      happened(account.id, `${status === 'IN_PROGRESS' ? 'accepted' : 'ended'} ${kind}`);
    });
    app.runtime.simulator.onCall(({ operation, input }) => {
      const { TargetId, AccountAssignmentCreationRequestId, AccountAssignmentDeletionRequestId } = input;
      const requestId = AccountAssignmentCreationRequestId ?? AccountAssignmentDeletionRequestId;
      const account = typeof TargetId === 'string' ? TargetId : accountOf.get(requestId);
      happened(account ?? 'none', `call ${operation}`);
    });

    const asked = await world.ask(moments.length, 'PT15M');
    await app.advance('PT14M');
    const during = asked.map((each) => world.has(each));
    await app.advance('PT12M');

    expect([...killed].sort()).toEqual([...moments].sort());
    expect(during).toEqual(moments.map(() => true));
    expect(await complaints(world, asked, 6 * MINUTE)).toEqual([]);
    expect(await deadLetters(app)).toEqual({});
    await app.stop();
  });

  test('in the middle of every eleventh call is granted once and taken away once', async () => {
    const world = await SurvivalWorld.start();
    const { app } = world;
    const asked = await world.ask(2, 'PT20M');
    let calls = 0;
    let kills = 0;
    onEveryCall(app, () => {
      calls += 1;
      if (calls % 11 !== 0 || kills >= 20) return;
      kills += 1;
      killAllBut(app, 'Sweep', 'RequestApi');
    });
    await app.advance('PT45M');

    expect(kills).toBe(20);
    expect(await complaints(world, asked, 15 * MINUTE)).toEqual([]);
    expect(await deadLetters(app)).toEqual({});
    await app.stop();
  });
});
