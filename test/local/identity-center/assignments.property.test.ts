import * as fc from 'fast-check';

import type { OperationEvent } from '../../../local/identity-center/listeners';
import { createTestWorld, INSTANCE, type TestWorld } from './support';

const ACCOUNTS = ['prod', 'dev', 'closed'];
const SETS = ['ReadOnly', 'PowerUser'];
const USERS = ['alice', 'bob'];

type Step =
  | {
      readonly do: 'create' | 'delete';
      readonly account: string;
      readonly permissionSet: string;
      readonly user: string;
    }
  | { readonly do: 'pass'; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('create' as const, 'delete' as const),
      account: fc.constantFrom(...ACCOUNTS),
      permissionSet: fc.constantFrom(...SETS),
      user: fc.constantFrom(...USERS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 20 }) }),
  },
);

/** The simplest thing that could be right: a set of rows, changed where an operation is told to have succeeded. */
class Model {
  readonly rows: Set<string>;
  readonly accepted = new Map<string, { kind: string; row: string }>();
  readonly ended = new Map<string, string>();
  readonly wrong: string[] = [];

  constructor(rows: Iterable<string>) {
    this.rows = new Set(rows);
  }

  hear(event: OperationEvent): void {
    if (event.kind === 'provision') return;
    const { kind, requestId, status, account, permissionSet, principal } = event;
    const row = `${account.name ?? ''}/${permissionSet.name ?? ''}/${principal.name ?? ''}`;
    if (status === 'IN_PROGRESS') {
      if (this.accepted.has(requestId)) this.wrong.push(`accepted twice: ${requestId}`);
      this.accepted.set(requestId, { kind, row });
      return;
    }
    if (this.ended.has(requestId)) this.wrong.push(`ended twice: ${requestId}`);
    this.ended.set(requestId, status);
    const expected =
      account.name !== 'closed' && (kind === 'create' || this.rows.has(row)) ? 'SUCCEEDED' : 'FAILED';
    if (status !== expected) this.wrong.push(`${kind} of ${row} ended ${status}, not ${expected}`);
    if (status !== 'SUCCEEDED') return;
    if (kind === 'create') this.rows.add(row);
    else this.rows.delete(row);
  }
}

async function listedRows({ call, simulator }: TestWorld): Promise<number> {
  let count = 0;
  for (const { id } of simulator.world.accounts()) {
    for (const { arn } of simulator.world.permissionSets()) {
      const output = await call('ListAccountAssignments', {
        InstanceArn: INSTANCE,
        AccountId: id,
        PermissionSetArn: arn,
      });
      count += (output.AccountAssignments as unknown[]).length;
    }
  }
  return count;
}

describe('assignments over random sequences', () => {
  test('rows equal a simple model, no row is double, and every accepted request ends once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer(), async (steps, seed) => {
        // GIVEN a world and a model that hears of its operations
        const world = createTestWorld({ requestsPerSecond: 'unlimited' }, seed);
        const model = new Model(world.rows());
        world.simulator.onOperation((event) => {
          model.hear(event);
        });

        // WHEN anything is created and deleted while time passes
        const answered: string[] = [];
        let refused = 0;
        for (const next of steps) {
          if (next.do === 'pass') await world.pass(next.seconds);
          else {
            const { do: kind, ...named } = next;
            await world.start(kind, named).then(
              (id) => answered.push(id),
              () => (refused += 1),
            );
          }
          expect([...world.rows()].sort()).toEqual([...model.rows].sort());
        }
        await world.pass(20);

        // THEN
        expect(model.wrong).toEqual([]);
        expect([...model.accepted.keys()]).toEqual(answered);
        expect(new Set(answered).size).toBe(answered.length);
        expect([...model.ended.keys()].sort()).toEqual([...answered].sort());
        expect(answered.length + refused).toBe(steps.filter(({ do: what }) => what !== 'pass').length);
        const rows = world.rows();
        expect(new Set(rows).size).toBe(rows.length);
        expect([...rows].sort()).toEqual([...model.rows].sort());
        expect(await listedRows(world)).toBe(rows.length);

        // AND a role is where at least one assignment is, and nowhere else
        const places = new Set(
          world.simulator
            .assignments()
            .map(({ accountId, permissionSetArn }) => `${accountId} ${permissionSetArn}`),
        );
        const roles = world.simulator.world.provisioning
          .records()
          .map(({ accountId, permissionSetArn }) => `${accountId} ${permissionSetArn}`);
        expect(roles.sort()).toEqual([...places].sort());
      }),
      { numRuns: 60 },
    );
  });

  test('a request is refused only while another is under way in its place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.integer(), async (steps, seed) => {
        const world = createTestWorld(
          { requestsPerSecond: 'unlimited', outstandingAssignments: 'unlimited' },
          seed,
        );
        const busy = new Set<string>();
        world.simulator.onOperation((event) => {
          if (event.kind === 'provision') return;
          const place = `${event.account.id} ${event.permissionSet.arn}`;
          if (event.status === 'IN_PROGRESS') busy.add(place);
          else busy.delete(place);
        });

        for (const next of steps) {
          if (next.do === 'pass') {
            await world.pass(next.seconds);
            continue;
          }
          const { do: kind, ...named } = next;
          const { accountId, permissionSetArn } = world.simulator.world.resolve(named);
          const expected = busy.has(`${accountId} ${permissionSetArn}`) ? 'refused' : 'taken';
          const outcome = await world.start(kind, named).then(
            () => 'taken',
            () => 'refused',
          );
          expect(outcome).toBe(expected);
        }
      }),
      { numRuns: 40 },
    );
  });
});
