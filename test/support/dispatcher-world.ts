import {
  type Assignment,
  type AssignmentKey,
  describeKey,
  unknownAssignment,
} from '../../core/assignments/assignment';
import { changeAssignment } from '../../core/assignments/change';
import { closeClaim, openClaim, tell } from '../../core/assignments/claims';
import { wakeDispatcher } from '../../core/dispatcher/control';
import { type PassLimits, runPass } from '../../core/dispatcher/pass';
import type { DispatcherPorts } from '../../core/dispatcher/ports';
import type { Answer, Workflows } from '../../core/ports/workflows';
import { sweep } from '../../core/sweep/sweep';
import { FakeClock, RecordingObserver } from './fake-clock';
import { FakeIdentityCenter } from './fake-identity-center';
import { MemoryAssignments, MemoryDispatcher, MemoryProvisions, MemoryRequests } from './memory-ledger';

const MINUTE = 60_000;

/** Limits as they deploy. */
export const LIMITS: PassLimits = {
  leaseMs: 40_000,
  stayMs: 10_000,
  bulkStayMs: 20_000,
  passes: 450,
  slots: 15,
  callsPerSecond: 18,
};

/** An assignment key for tests; `n` tells keys apart. */
export function keyOf(n = 1): AssignmentKey {
  return {
    accountId: String(100_000_000_000 + n),
    permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaabbbbccccdddd',
    principalType: 'USER',
    principalId: '906799d2-0000-7000-8000-000000000001',
  };
}

/** State machines that only remember what they were asked. */
export class FakeWorkflows implements Workflows {
  readonly started: string[] = [];
  readonly answers: { token: string; answer: Answer }[] = [];
  readonly running = new Set<string>();
  readonly over = new Set<string>();

  startAccessRequest(requestId: string, attempt: number): Promise<void> {
    const name = `${requestId}-${attempt}`;
    this.started.push(name);
    this.running.add(name);
    return Promise.resolve();
  }

  accessRequestState(requestId: string, attempt: number): Promise<'running' | 'over' | 'none'> {
    const name = `${requestId}-${attempt}`;
    return Promise.resolve(this.running.has(name) ? 'running' : this.over.has(name) ? 'over' : 'none');
  }

  runningAccessRequests(): Promise<ReadonlySet<string>> {
    return Promise.resolve(this.running);
  }

  startDispatcher(epoch: number): Promise<void> {
    this.started.push(`dispatcher-${epoch}`);
    return Promise.resolve();
  }

  answer(token: string, answer: Answer): Promise<void> {
    this.answers.push({ token, answer });
    return Promise.resolve();
  }
}

/** The domain with its ports in memory: what dispatcher, leases and sweep do to one another, without AWS or state machines. */
export class DispatcherWorld {
  readonly clock = new FakeClock();
  readonly observer = new RecordingObserver();
  readonly assignments = new MemoryAssignments();
  readonly provisions = new MemoryProvisions();
  readonly requests = new MemoryRequests();
  readonly dispatcher = new MemoryDispatcher();
  readonly workflows = new FakeWorkflows();
  readonly identityCenter = new FakeIdentityCenter(this.clock);
  readonly random = { next: () => 0.5 };
  readonly announced: string[] = [];
  readonly announcer = {
    publish: ({ type }: { type: string }) => {
      this.announced.push(type);
      return Promise.resolve();
    },
  };
  readonly #passes = new Map<number, number>();

  get ports(): DispatcherPorts {
    return this;
  }

  async open(id: string, lastsMs: number, key = keyOf(), startsInMs = 0): Promise<Assignment> {
    const written = await changeAssignment(this, key, (present, now) =>
      openClaim(present, {
        id,
        kind: 'lease',
        from: now + startsInMs,
        until: now + startsInMs + lastsMs,
        openedAt: now,
      }),
    );
    await wakeDispatcher(this, this.clock.now());
    return written;
  }

  async close(id: string, key = keyOf()): Promise<void> {
    await changeAssignment(this, key, (present, now) => {
      const claim = present.claims[id];
      return claim === undefined
        ? undefined
        : tell(closeClaim(present, id, now, 'it was ended early'), [claim]);
    });
    await wakeDispatcher(this, this.clock.now());
  }

  /** One pass of the execution with the present epoch; answers whether there is more, as its state machine would see it. */
  async pass(): Promise<boolean> {
    const { epoch } = this.dispatcher.record;
    const pass = this.#passes.get(epoch) ?? 0;
    this.#passes.set(epoch, pass + 1);
    const { left, seconds } = await runPass(this, { epoch, pass }, LIMITS);
    this.clock.advance(seconds * 1000);
    return left;
  }

  /** Passes until the dispatcher ends, as its state machine would make them. */
  async drain(limit = 500): Promise<void> {
    for (let passes = 0; passes < limit; passes += 1) if (!(await this.pass())) return;
    throw new Error(`the dispatcher did not end in ${limit} passes`);
  }

  /** Lets minutes go by, with the sweep and whatever it calls for. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      this.clock.advance(MINUTE);
      await sweep(this);
      if (this.dispatcher.record.running) await this.drain();
    }
  }

  exists(key = keyOf()): boolean {
    return this.identityCenter.rows.has(describeKey(key));
  }

  async assignment(key = keyOf()): Promise<Assignment> {
    return (await this.assignments.read(key)) ?? unknownAssignment(key);
  }
}
