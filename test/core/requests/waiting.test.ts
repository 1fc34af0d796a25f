import { awaitSignal } from '../../../core/requests/await-signal';
import { openLeases } from '../../../core/requests/change-leases';
import { receiveTicket, revokeRequest } from '../../../core/requests/receive';
import { wakeRequest } from '../../../core/requests/wake';
import { DESK, FIRST, HOUR, MINUTE, NOW, RequestWorld, decided, pending, report, ticket } from './requests';

const granting = () => decided([FIRST], { status: 'granting', grantingSince: NOW });

describe('an Await state', () => {
  test('stores its token and waits', async () => {
    const world = RequestWorld.with(granting());

    await awaitSignal(world, { requestId: 'req-1', attempt: 1 }, { signal: 'grant', token: 't' });

    expect((await world.request()).waiting).toEqual({ signal: 'grant', token: 't', attempt: 1 });
    expect(world.workflows.answers).toEqual([]);
  });

  test('is not displaced by a shorter one before it, whose function comes late', async () => {
    const world = RequestWorld.with(decided([FIRST], { status: 'ending', grantingSince: NOW }));
    await awaitSignal(world, { requestId: 'req-1', attempt: 1 }, { signal: 'revoke', token: 'living' });

    await awaitSignal(world, { requestId: 'req-1', attempt: 1 }, { signal: 'end', token: 'out of time' });

    expect((await world.request()).waiting).toMatchObject({ signal: 'revoke', token: 'living' });
  });

  test('takes the place of whatever an execution before it waited for', async () => {
    const world = RequestWorld.with({ ...granting(), attempt: 2 });
    const waiting = { signal: 'revoke', token: 'dead', attempt: 1 } as const;
    await world.requests.change('req-1', (present) => ({ ...present, waiting }));

    await awaitSignal(world, { requestId: 'req-1', attempt: 2 }, { signal: 'grant', token: 'living' });

    expect((await world.request()).waiting).toEqual({ signal: 'grant', token: 'living', attempt: 2 });
  });

  test('takes the place of one that was stored before attempts were stored with them', async () => {
    const world = RequestWorld.with({ ...granting(), waiting: { signal: 'revoke', token: 'old' } });

    await awaitSignal(world, { requestId: 'req-1', attempt: 1 }, { signal: 'grant', token: 'living' });

    expect((await world.request()).waiting).toMatchObject({ token: 'living' });
  });

  test('answers itself where what it waits for was there before', async () => {
    const world = RequestWorld.with(granting());
    await world.requests.report('req-1', report(FIRST));

    await awaitSignal(world, { requestId: 'req-1', attempt: 1 }, { signal: 'grant', token: 't' });

    expect(world.workflows.answers).toEqual([{ token: 't', answer: { signal: 'grant' } }]);
  });

  test('is answered in whichever order token and report are written', async () => {
    for (const isReportFirst of [true, false]) {
      const world = RequestWorld.with(granting());
      const settle = async () => {
        await world.requests.report('req-1', report(FIRST));
        await wakeRequest(world, 'req-1');
      };

      if (isReportFirst) await settle();
      await awaitSignal(world, { requestId: 'req-1', attempt: 1 }, { signal: 'grant', token: 't' });
      if (!isReportFirst) await settle();

      expect(world.workflows.answers.map(({ token }) => token)).toEqual(['t']);
    }
  });

  test('is answered by the dispatcher that settles its account', async () => {
    const world = RequestWorld.with(decided());
    await openLeases(world, 'req-1');
    await awaitSignal(world, { requestId: 'req-1', attempt: 1 }, { signal: 'grant', token: 't' });

    await world.drain();

    expect(world.workflows.answers).toContainEqual({ token: 't', answer: { signal: 'grant' } });
  });

  test('is answered when a person ends the request, whichever it is', async () => {
    for (const signal of ['start', 'grant', 'end'] as const) {
      const world = RequestWorld.with(granting());
      await world.requests.change('req-1', (present) => ({
        ...present,
        ticket: ticket({ startsAt: NOW + HOUR }),
        waiting: { signal, token: signal },
      }));

      await revokeRequest(world, 'req-1', DESK, undefined);

      expect(world.workflows.answers.map(({ token }) => token)).toEqual([signal]);
    }
  });

  test('nobody waits: waking does nothing', async () => {
    const world = RequestWorld.with(granting());

    expect(await wakeRequest(world, 'req-1')).toBe(false);
    expect(await wakeRequest(world, 'no such request')).toBe(false);
  });
});

describe('ending a request early', () => {
  test('is written before anybody is woken, and outlives a wake that fails', async () => {
    const world = RequestWorld.with({ ...granting(), waiting: { signal: 'grant', token: 't' } });
    world.workflows.answer = () => Promise.reject(new Error('throttled'));

    const request = await revokeRequest(world, 'req-1', DESK, 'no longer needed');

    expect(request.revocation).toEqual({ at: NOW, by: DESK, reason: 'no longer needed' });
    expect(await world.words()).toContain('to be ended early: no longer needed');
    expect(world.observer.warnings).toHaveLength(1);
  });

  test('counts once: who came first stays', async () => {
    const world = RequestWorld.with(granting());
    await revokeRequest(world, 'req-1', DESK, 'first');

    world.clock.advance(MINUTE);
    const request = await revokeRequest(world, 'req-1', 'another', 'second');

    expect(request.revocation).toMatchObject({ at: NOW, by: DESK, reason: 'first' });
  });

  test.each(['ending', 'ended', 'denied', 'failed'] as const)(
    'changes nothing that is %s',
    async (status) => {
      const world = RequestWorld.with(decided([FIRST], { status }));

      expect((await revokeRequest(world, 'req-1', DESK, undefined)).revocation).toBeUndefined();
    },
  );
});

describe('taking a ticket in', () => {
  const received = { id: 'req-1', caller: DESK, bodyHash: 'hash', ticket: ticket() };

  test('stores it, then starts its execution', async () => {
    const world = new RequestWorld();
    const { startAccessRequest } = world.workflows;
    let isStored = false;
    world.workflows.startAccessRequest = (id, attempt) => {
      isStored = world.requests.items.has(id);
      return startAccessRequest.call(world.workflows, id, attempt);
    };

    const receipt = await receiveTicket(world, received);

    expect(receipt).toMatchObject({ outcome: 'accepted', request: { status: 'pending', attempt: 1 } });
    expect(isStored).toBe(true);
    expect(world.workflows.started).toEqual(['req-1-1']);
  });

  test('accepts it although the execution does not start: the sweep starts it', async () => {
    const world = new RequestWorld();
    const { startAccessRequest } = world.workflows;
    world.workflows.startAccessRequest = () => Promise.reject(new Error('throttled'));

    const receipt = await receiveTicket(world, received);
    world.workflows.startAccessRequest = startAccessRequest;
    await world.minutes(1);

    expect(receipt.outcome).toBe('accepted');
    expect(world.workflows.started).toEqual(['req-1-1']);
  });

  test('answers the same ticket sent twice with the one request that it made', async () => {
    const world = new RequestWorld();
    await receiveTicket(world, received);

    expect(await receiveTicket(world, received)).toMatchObject({
      outcome: 'repeated',
      request: { id: 'req-1' },
    });
    expect(world.workflows.started).toEqual(['req-1-1']);
  });

  test('refuses another body, or another caller, under the same id', async () => {
    const world = RequestWorld.with(pending());

    expect(await receiveTicket(world, { ...received, bodyHash: 'other' })).toEqual({ outcome: 'conflict' });
    expect(await receiveTicket(world, { ...received, caller: 'other' })).toEqual({ outcome: 'conflict' });
  });

  test('says where it comes from', async () => {
    const world = new RequestWorld();
    const from = { system: 'servicenow', id: 'RITM0012345' };

    await receiveTicket(world, { ...received, ticket: ticket({ ticket: from }) });

    expect(await world.words()).toEqual(['received from servicenow RITM0012345']);
  });
});
