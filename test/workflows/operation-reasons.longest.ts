import * as fc from 'fast-check';
import { FaultyApp } from '../support/faulty-app';

/** Reasons for which an operation fails for good, as the service gives them. */
const TERMINAL = [
  'Received a 404 status error: Not supported policy arn:aws:iam::aws:policy/job-function/Gone',
  'Received a 404 status error: the USER assignee x was not found in directory d-1234567890.',
  'Received a 409 status error: Cannot exceed quota for RolesPerAccount: 1000',
] as const;

/** Reasons that pass, with the most minutes until the next try. */
const PASSING = [
  [
    "AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account '1' takes longer than usual. Please try again in a few minutes.",
    1,
  ],
  ['Received a 404 status error: Assignment not found.', 1],
  [
    'Received a 403 status error: Access denied by IAM. Please check your policy, or wait for role propagation to complete.',
    2,
  ],
] as const;

/** Texts that nobody has seen, of letters that nobody expects. */
const UNSEEN = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), {
  numRuns: 5,
  seed: 21,
});

describe('an operation that ends as FAILED', () => {
  let world: FaultyApp;

  beforeAll(async () => {
    world = await FaultyApp.start();
  });

  afterAll(async () => {
    await world.stop();
  });

  afterEach(() => {
    world.app.runtime.simulator.faults.clear();
  });

  /** Everywhere that a requester reads why a create failed. */
  async function toldReasons(failed: string): Promise<string[]> {
    world.fail('CreateAccountAssignment', { failed });
    const story = await world.ask('PT10M');
    await world.app.advance('PT1M');
    const { status, reason = '', timeline } = await world.app.request(story.id);
    const inAccount = (await world.account(story))?.reason ?? '';
    const inTimeline = timeline.map(({ text }) => text).find((text) => text.startsWith('failed: '));
    expect(status).toBe('failed');
    expect(world.operations(story)).toEqual(['create FAILED']);
    return [reason, inAccount, inTimeline?.slice('failed: '.length) ?? ''];
  }

  test.each([...TERMINAL, ...UNSEEN])(
    'B21: ends a create, whose requester reads why, word for word: %j',
    async (failed) => {
      expect(await toldReasons(failed)).toEqual([failed, failed, failed]);
    },
  );

  test('B21: ends a create, however long the reason is: the requester reads its beginning', async () => {
    const told = await toldReasons('💥'.repeat(200_000));

    for (const text of told) expect(text).toMatch(/^(💥){400,500}…$/u);
  });

  test('B21: without a reason says so', async () => {
    expect(await toldReasons('')).toEqual(Array<string>(3).fill('no reason given'));
  });

  test.each(PASSING)(
    'B21: for a reason that passes is tried again until it is done: %s',
    async (failed, minutes) => {
      world.fail('CreateAccountAssignment', { failed }, 2);
      const story = await world.ask('PT20M');
      await world.app.advance(`PT${2 * minutes}M`);
      const during = (await world.app.request(story.id)).status;
      await world.app.advance(`PT${22 - 2 * minutes}M`);

      expect(during).toBe('active');
      expect(world.operations(story)).toEqual([
        'create FAILED',
        'create FAILED',
        'create SUCCEEDED',
        'delete SUCCEEDED',
      ]);
      expect(await world.app.request(story.id)).toMatchObject({ status: 'ended' });
    },
  );

  test.each<[string, string]>([
    ...TERMINAL.map((reason): [string, string] => ['ends a create', reason]),
    ...PASSING.map(([reason]): [string, string] => ['passes', reason]),
    ...UNSEEN.slice(0, 2).map((reason): [string, string] => ['nobody has seen', reason]),
    ['is very long', '💥'.repeat(200_000)],
    ['is empty', ''],
  ])('B21: gives up no revoke, not for a reason that %s', async (_name, failed) => {
    const story = await world.ask('PT5M');
    await world.app.advance('PT4M');
    world.fail('DeleteAccountAssignment', { failed }, 3);
    await world.app.advance('PT4M');

    expect(world.operations(story)).toEqual([
      'create SUCCEEDED',
      ...Array<string>(3).fill('delete FAILED'),
      'delete SUCCEEDED',
    ]);
    expect(await world.app.request(story.id)).toMatchObject({ status: 'ended' });
    expect(world.has(story)).toBe(false);
  });
});
