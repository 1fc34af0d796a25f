import * as fc from 'fast-check';
import { ACCOUNT, BaselineWorld, given } from '../../support/baseline-world';
import { rule } from './rules';

const KEY = given('Platform', 'Operate');
const RULES = ['one', 'two'].map((name) =>
  rule({ name, principal: { group: 'Platform' }, permissionSets: ['Operate'] }),
);
const HOUR_MS = 60 * 60_000;

/** What changes of the reasons for one assignment, one after the other. */
type Change = 'rule one' | 'rule two' | 'lease' | 'time';

const changes = fc.array(fc.constantFrom<Change>('rule one', 'rule two', 'lease', 'time'), {
  minLength: 1,
  maxLength: 10,
});

/** Whoever has a reason for the assignment at a time. */
class Reasons {
  readonly rules = new Set<string>();
  leaseUntil = 0;
  leases = 0;

  constructor(
    private readonly app: BaselineWorld,
    private readonly isStanding: boolean,
  ) {}

  get any(): boolean {
    return this.isStanding || this.rules.size > 0 || this.leaseUntil > this.app.clock.now();
  }

  /** The rule comes, or goes where it is there. */
  async toggle(name: string): Promise<void> {
    if (!this.rules.delete(name)) this.rules.add(name);
    this.app.rules = RULES.filter((each) => this.rules.has(each.name));
    await this.app.look();
  }

  /** A ticket for half an hour, or the early end of the one that there is. */
  async lease(): Promise<void> {
    if (this.leaseUntil > this.app.clock.now()) {
      this.leaseUntil = 0;
      await this.app.close(`lease-${this.leases}`, KEY);
    } else {
      this.leases += 1;
      this.leaseUntil = this.app.clock.now() + HOUR_MS / 2;
      await this.app.open(`lease-${this.leases}`, HOUR_MS / 2, KEY);
    }
    await this.app.dispatch();
  }
}

describe('a lease, two rules, and what stood before, on one assignment', () => {
  test('never fight: it is there while one of them has a reason, and goes once with the last', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.boolean(), async (steps, isStanding) => {
        const app = new BaselineWorld();
        app.organization.set(ACCOUNT);
        if (isStanding) app.standsAlready(KEY);
        const reasons = new Reasons(app, isStanding);
        let wasThere = isStanding;
        let goings = 0;

        for (const step of steps) {
          if (step === 'rule one') await reasons.toggle('one');
          else if (step === 'rule two') await reasons.toggle('two');
          else if (step === 'lease') await reasons.lease();
          else await app.letPass(HOUR_MS);
          if (wasThere && !reasons.any) goings += 1;
          wasThere = reasons.any;

          expect(app.has(KEY)).toBe(reasons.any);
          expect(app.identityCenter.accepted().filter((kind) => kind === 'delete')).toHaveLength(goings);
        }
      }),
      { numRuns: 40 },
    );
  });
});
