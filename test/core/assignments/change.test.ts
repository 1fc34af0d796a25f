import { changeAssignment } from '../../../core/assignments/change';
import { openClaim } from '../../../core/assignments/claims';
import { LedgerContentionError } from '../../../core/ports/ledger';
import { FakeClock } from '../../support/fake-clock';
import { keyOf } from '../../support/dispatcher-world';
import { MemoryAssignments } from '../../support/memory-ledger';
import { lease } from './assignments';

describe('changing an assignment', () => {
  test('reconciles what it writes', async () => {
    const assignments = new MemoryAssignments();

    const written = await changeAssignment({ assignments, clock: new FakeClock() }, keyOf(), (present) =>
      openClaim(present, lease('a')),
    );

    expect(written).toMatchObject({
      version: 1,
      operation: { kind: 'create', state: 'INTENT' },
      lookAt: lease('a').until,
    });
  });

  test('works the change out anew where another writer was first, and loses neither', async () => {
    const assignments = new MemoryAssignments();
    const ports = { assignments, clock: new FakeClock() };
    let isFirst = true;

    const write = assignments.write.bind(assignments);
    assignments.write = async (next) => {
      if (isFirst) {
        isFirst = false;
        await changeAssignment(ports, keyOf(), (present) => openClaim(present, lease('other')));
      }
      return write(next);
    };
    const written = await changeAssignment(ports, keyOf(), (present) => openClaim(present, lease('mine')));

    expect(Object.keys(written.claims).sort()).toEqual(['mine', 'other']);
  });

  test('writes nothing where there is nothing to change', async () => {
    const assignments = new MemoryAssignments();

    const read = await changeAssignment({ assignments, clock: new FakeClock() }, keyOf(), () => undefined);

    expect(read.version).toBe(0);
    expect(assignments.items.size).toBe(0);
  });

  test('gives up on an item that others change without end, and says which', async () => {
    const assignments = new MemoryAssignments();
    assignments.write = () => Promise.resolve(undefined);

    const changing = changeAssignment({ assignments, clock: new FakeClock() }, keyOf(), (present) => present);

    await expect(changing).rejects.toThrow(LedgerContentionError);
    await expect(changing).rejects.toThrow(/assignment 100000000001.* 12 times in a row, repeat the step/);
  });
});
