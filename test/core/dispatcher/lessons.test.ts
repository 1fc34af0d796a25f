import type { Refusal } from '../../../core/assignments/outcomes';
import { learnedAtFirst } from '../../../core/dispatcher/learned';
import { Lessons, type Sending } from '../../../core/dispatcher/lessons';
import { Pace } from '../../../core/dispatcher/pace';
import { FakeClock } from '../../support/fake-clock';

const TOO_MANY: Refusal = {
  name: 'ThrottlingException',
  message: 'There are too many requests processing. Please try again later',
  fault: 'client',
};
const RATE: Refusal = { name: 'ThrottlingException', message: 'Rate exceeded', fault: 'client' };
const OLD_QUOTA = 10;

/** The slots of a pass that is set up for 15, as its desk counts them. */
class Slots {
  readonly clock = new FakeClock();
  readonly pace = new Pace(this.clock, 18);
  readonly lessons = new Lessons(
    this.clock,
    this.pace,
    learnedAtFirst({ slots: 15, perSecond: 18 }, this.clock.now()),
  );
  held = 0;

  send(): Sending {
    const sending = this.lessons.begin(this.held);
    this.held += 1;
    return sending;
  }

  accept(sending: Sending): void {
    this.lessons.answered(sending, this.held);
  }

  refuse(sending: Sending): void {
    this.held -= 1;
    this.lessons.answered(sending, this.held, TOO_MANY);
  }

  fill(): void {
    while (this.held < OLD_QUOTA) this.accept(this.send());
  }
}

describe('the slots of an older account', () => {
  test('are known after one round that was sent together', () => {
    const slots = new Slots();
    const sent = Array.from({ length: 15 }, () => slots.send());

    sent.slice(0, OLD_QUOTA).forEach((each) => {
      slots.accept(each);
    });
    sent.slice(OLD_QUOTA).forEach((each) => {
      slots.refuse(each);
    });

    expect(slots.lessons.learned.slots).toBe(OLD_QUOTA);
  });

  test('are not taken for none where the refused call had been begun before all others', () => {
    const slots = new Slots();
    const slow = slots.send();
    while (slots.held <= OLD_QUOTA) slots.accept(slots.send());

    slots.refuse(slow);

    expect(slots.lessons.learned.slots).toBe(OLD_QUOTA);
  });

  test('are not taken for few where others ended until the refusal came', () => {
    const slots = new Slots();
    slots.fill();
    const slow = slots.send();
    slots.held -= 7;

    slots.refuse(slow);

    expect(slots.lessons.learned.slots).toBe(OLD_QUOTA);
  });
});

describe('the rate', () => {
  async function refuse(slots: Slots, calls: number, refused: number, refusal = RATE): Promise<number> {
    for (let call = 0; call < calls; call += 1) {
      slots.clock.advance(2_000);
      await slots.pace.turn();
      if (call < refused) slots.lessons.refused(refusal);
    }
    return slots.lessons.learned.perSecond;
  }

  test('is lowered by the third refusal among fifty calls, for calls of this pass too', async () => {
    const slots = new Slots();

    expect(await refuse(slots, 3, 3)).toBe(13.5);
    slots.clock.advance(60_000);
    const { sent } = slots.pace;
    for (let call = 0; call < 6; call += 1) await slots.pace.turn();
    const before = slots.clock.now();
    await slots.pace.turn();

    expect(slots.pace.sent).toBe(sent + 7);
    expect(slots.clock.now() - before).toBeGreaterThan(1000 / 14);
  });

  test('stays where one call in fifty is refused: that is chance', async () => {
    const slots = new Slots();
    for (let round = 0; round < 10; round += 1) await refuse(slots, 50, 1);

    expect(slots.lessons.learned.perSecond).toBe(18);
  });

  test('stays where it is a key of KMS that is throttled', async () => {
    const refusal = { ...RATE, reason: 'KMS_ThrottlingException' };

    expect(await refuse(new Slots(), 10, 10, refusal)).toBe(18);
  });
});
