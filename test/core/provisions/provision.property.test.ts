import * as fc from 'fast-check';
import {
  type Provision,
  type ProvisionOperation,
  acceptedProvision,
  askFor,
  endedProvision,
  lookedForProvision,
  recoveringProvision,
  submittingProvision,
  unknownProvision,
  waitingAgain,
} from '../../../core/provisions/provision';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const TARGET = {
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-aaaabbbbccccdddd',
};

/** What may happen to a provision next; what its state does not allow does not happen. */
const step = fc.constantFrom(
  'ask',
  'send',
  'accept',
  'refuse',
  'lose',
  'find',
  'give up',
  'succeed',
  'fail for now',
  'fail for good',
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

/** A provision and what a witness would know of it: how often it was asked for when it was last sent. */
interface Story {
  readonly provision: Provision;
  readonly askedWhenSent: number;
  readonly sent: number;
  readonly ended: number;
}

const UNTOLD: Story = { provision: unknownProvision(TARGET), askedWhenSent: 0, sent: 0, ended: 0 };

function next(story: Story, what: Step, now: number): Story {
  const { provision } = story;
  const { operation } = provision;
  if (what === 'ask') return { ...story, provision: askFor(provision, now) };
  if (operation === undefined) return story;
  const become = (changed: Provision): Story => ({ ...story, provision: changed });
  const end = (status: 'SUCCEEDED' | 'FAILED'): Story => ({
    ...become(endedProvision(provision, operation, status, now)),
    ended: story.ended + 1,
  });
  const id = `request ${story.sent}`;
  switch (`${operation.state} ${what}`) {
    case 'INTENT send':
      return {
        ...become(submittingProvision(provision, operation, now)),
        askedWhenSent: provision.asked,
        sent: story.sent + 1,
      };
    case 'SUBMITTING accept':
    case 'RECOVERING find':
      return become(acceptedProvision(provision, operation, id));
    case 'SUBMITTING refuse':
    case 'RECOVERING give up':
    case 'FOLLOWING fail for now':
      return become(waitingAgain(provision, operation, 'busy', now));
    case 'SUBMITTING lose':
    case 'FOLLOWING lose':
      return become(recoveringProvision(provision, operation));
    case 'FOLLOWING succeed':
    case 'RECOVERING succeed':
      return end('SUCCEEDED');
    case 'FOLLOWING fail for good':
      return end('FAILED');
    default:
      return story;
  }
}

function tell(steps: readonly Step[], each: (story: Story, before: Story) => void = () => undefined): Story {
  return steps.reduce((before, what, n) => {
    const story = next(before, what, NOW + n);
    each(story, before);
    return story;
  }, UNTOLD);
}

const steps = fc.array(step, { maxLength: 60 });

describe('a provision, whatever happens to it', () => {
  test('waits or is under way as long as an asking is not answered', () => {
    fc.assert(
      fc.property(steps, (each) => {
        tell(each, ({ provision: { asked, outcome, operation } }) => {
          const isAnswered = asked <= (outcome?.serves ?? 0);

          expect(operation !== undefined || isAnswered).toBe(true);
        });
      }),
    );
  });

  test('answers exactly the askings that were there when it was sent', () => {
    fc.assert(
      fc.property(steps, (each) => {
        tell(each, ({ provision, ended }, before) => {
          const serves = provision.outcome?.serves;
          const wasAnswered = ended > before.ended;

          expect(serves).toBe(wasAnswered ? before.askedWhenSent : before.provision.outcome?.serves);
        });
      }),
    );
  });

  test('never takes an answer back', () => {
    fc.assert(
      fc.property(steps, (each) => {
        tell(each, ({ provision }, before) => {
          const [served, servedBefore] = [provision, before.provision].map(
            ({ outcome }) => outcome?.serves ?? 0,
          );

          expect(served).toBeGreaterThanOrEqual(servedBefore ?? 0);
          expect(provision.asked).toBeGreaterThanOrEqual(before.provision.asked);
        });
      }),
    );
  });

  test('ends no more often than it was asked for', () => {
    fc.assert(
      fc.property(steps, (each) => {
        const { provision, ended } = tell(each);

        expect(ended).toBeLessThanOrEqual(provision.asked);
      }),
    );
  });

  test('answers everybody once it is followed to its end', () => {
    fc.assert(
      fc.property(steps, (each) => {
        const toEnd: Step[] = ['accept', 'find', 'succeed', 'send', 'accept', 'succeed'];

        const { provision } = tell([...each, ...toEnd, ...toEnd]);

        expect(provision.operation).toBeUndefined();
        expect(provision.outcome?.serves ?? 0).toBe(provision.asked);
      }),
    );
  });

  test('keeps the last ids that were accepted, and the newest for certain', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (rounds) => {
        const round: Step[] = ['ask', 'send', 'accept', 'succeed'];

        const { provision } = tell(Array.from({ length: rounds }, () => round).flat());

        expect(provision.requestIds).toHaveLength(Math.min(rounds, 20));
        expect(provision.requestIds.at(-1)).toBe(`request ${rounds}`);
      }),
    );
  });
});

describe('two askings while one is under way', () => {
  test('are served by one more together', () => {
    const { sent, ended, provision } = tell([
      ...(['ask', 'send', 'accept'] as const),
      ...(['ask', 'ask', 'succeed'] as const),
      ...(['send', 'accept', 'succeed'] as const),
    ]);

    expect({ sent, ended, serves: provision.outcome?.serves }).toEqual({ sent: 2, ended: 2, serves: 3 });
    expect(provision.operation).toBeUndefined();
  });
});

describe('a search for a lost provision', () => {
  const lost: ProvisionOperation = {
    state: 'RECOVERING',
    plannedAt: NOW,
    notBefore: NOW,
    attempts: 0,
    looks: [],
  };

  test('is over after three looks that span ninety seconds, not before', () => {
    const verdicts = (at: readonly number[]): boolean[] => {
      let operation = lost;
      return at.map((ms) => {
        const looked = lookedForProvision(operation, false, NOW + ms);
        ({ operation } = looked);
        return looked.isOver;
      });
    };

    expect(verdicts([0, 45_000, 89_000, 90_000])).toEqual([false, false, false, true]);
    expect(verdicts([0, 200_000])).toEqual([false, false]);
  });
});
