import { type Assignment, describeKey } from '../../core/assignments/assignment';
import { changeAssignment, type ChangePorts } from '../../core/assignments/change';
import { openClaim } from '../../core/assignments/claims';
import { wakeDispatcher } from '../../core/dispatcher/control';
import { runPass } from '../../core/dispatcher/pass';
import type { DispatcherPorts } from '../../core/dispatcher/ports';
import type { Clock } from '../../core/ports/clock';
import { sweep, type SweepPorts } from '../../core/sweep/sweep';
import { FakeWorkflows, keyOf } from '../support/dispatcher-world';
import { FakeIdentityCenter } from '../support/fake-identity-center';
import {
  MemoryAssignments,
  MemoryDispatcher,
  MemoryProvisions,
  MemoryRequests,
} from '../support/memory-ledger';
import { ORDER_LIMITS, type Other, type Scenario, type Shared } from './order-moments';
import type { Program } from './replayed-actor';

/** The ports in memory, filled with what is shared. */
export function portsWith(shared: Shared, now: number, { latencyMs, indexLagMs }: Scenario) {
  const assignments = new LaggingAssignments(shared.versions, now - indexLagMs);
  const dispatcher = new MemoryDispatcher();
  dispatcher.record = shared.record;
  const identityCenter = new FakeIdentityCenter(clockAt(now));
  identityCenter.latencyMs = latencyMs;
  for (const row of shared.rows) identityCenter.rows.add(row);
  identityCenter.operations.push(...shared.operations.map((each) => ({ ...each })));
  return {
    assignments,
    dispatcher,
    identityCenter,
    workflows: new FakeWorkflows(),
    provisions: new MemoryProvisions(),
    requests: new MemoryRequests(),
    announcer: { publish: () => Promise.resolve() },
  };
}

/** For what takes no time. */
export function clockAt(now: number): Clock {
  const sleep = () => Promise.reject(new Error('nobody sleeps in a moment'));
  return { now: () => now, sleep, after: () => () => undefined };
}

type Ports = ReturnType<typeof portsWith>;

export function sharedAfter(
  before: Shared,
  ports: Ports,
  now: number,
  { indexLagMs }: Scenario,
): Omit<Shared, 'id'> {
  const { assignments, dispatcher, identityCenter, workflows } = ports;
  const item = assignments.items.get(describeKey(keyOf()));
  const isNew = item !== undefined && item.version !== before.versions.at(-1)?.item.version;
  const versions = isNew ? [...before.versions, { at: now, item }] : before.versions;
  const shown = versions.findLastIndex(({ at }) => at <= now - indexLagMs);
  const started = workflows.started.map((name) => Number(name.replace('dispatcher-', '')));
  return {
    record: dispatcher.record,
    versions: versions.slice(Math.max(shown, 0)),
    rows: [...identityCenter.rows],
    operations: identityCenter.operations,
    started: [...new Set([...before.started, ...started])],
  };
}

/** Reads and writes at once, while indexes show the items of a while ago. */
export class LaggingAssignments extends MemoryAssignments {
  readonly #shown = new MemoryAssignments();

  constructor(versions: Shared['versions'], shownUntil: number) {
    super();
    for (const { at, item } of versions) {
      this.items.set(describeKey(item.key), item);
      if (at <= shownUntil) this.#shown.items.set(describeKey(item.key), item);
    }
  }

  override underWay(): ReturnType<MemoryAssignments['underWay']> {
    return this.#shown.underWay();
  }

  override waiting(
    ...args: Parameters<MemoryAssignments['waiting']>
  ): ReturnType<MemoryAssignments['waiting']> {
    return this.#shown.waiting(...args);
  }

  override due(...args: Parameters<MemoryAssignments['due']>): ReturnType<MemoryAssignments['due']> {
    return this.#shown.due(...args);
  }
}

/** The production code of each kind of function. */
export function programOf(what: 'pass' | 'last pass' | Other, epoch: number): Program {
  return async (call, clock) => {
    const ports = portsOf(call, clock);
    switch (what) {
      case 'pass':
        return runPass(ports, { epoch, pass: 0 }, ORDER_LIMITS);
      case 'last pass':
        return runPass(ports, { epoch, pass: ORDER_LIMITS.passes }, ORDER_LIMITS);
      case 'enqueue':
        await writeWork(ports);
        return wakeDispatcher(ports, clock.now());
      case 'write':
        return writeWork(ports);
      case 'call':
        return wakeDispatcher(ports, clock.now());
      case 'sweep':
        return sweep(ports);
    }
  };
}

/** A claim of a rule on the one assignment: work that needs the fewest steps, since nobody waits for it. */
export function writeWork(ports: ChangePorts): Promise<Assignment> {
  return changeAssignment(ports, keyOf(), (present, now) =>
    openClaim(present, { id: 'rule', kind: 'baseline', from: now, until: null, openedAt: now }),
  );
}

/** Ports of which every call is a step that somebody else decides about. */
export function portsOf(
  call: Parameters<Program>[0],
  clock: Parameters<Program>[1],
): DispatcherPorts & SweepPorts {
  const port = (name: string): never =>
    new Proxy(
      {},
      {
        get:
          (_target, method) =>
          (...args: unknown[]) =>
            call(name, String(method), args),
      },
    ) as never;
  return {
    clock,
    random: { next: () => 0.5 },
    observer: { note: () => undefined, warn: () => undefined, measure: () => undefined },
    assignments: port('assignments'),
    provisions: port('provisions'),
    requests: port('requests'),
    dispatcher: port('dispatcher'),
    workflows: port('workflows'),
    identityCenter: port('identityCenter'),
    announcer: port('announcer'),
  };
}
