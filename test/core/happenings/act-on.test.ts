import { actOn, type HintPorts, HintsFailedError } from '../../../core/happenings/act-on';
import type { Hint } from '../../../core/happenings/hint';
import { ACCOUNT, GROUP, SET } from './event-examples';

/** Ports that note what they are asked, and fail where a test says so. */
function notingPorts(failing: readonly (keyof HintPorts)[] = []): { ports: HintPorts; asked: unknown[] } {
  const asked: unknown[] = [];
  const port =
    (name: keyof HintPorts) =>
    (...what: readonly unknown[]): Promise<unknown> => {
      asked.push([name, ...what]);
      return failing.includes(name) ? Promise.reject(new Error(`no ${name}`)) : Promise.resolve();
    };
  const ports: HintPorts = {
    askForAccount: port('askForAccount'),
    outdateOrganization: port('outdateOrganization'),
    heal: port('heal'),
    askForPlaces: port('askForPlaces'),
    askForWalk: port('askForWalk'),
    askForPermissionSets: port('askForPermissionSets'),
  };
  return { ports, asked };
}

const OTHER_ACCOUNT = '777788889999';
const HINTS: readonly Hint[] = [
  { kind: 'account', id: ACCOUNT },
  { kind: 'organization' },
  { kind: 'principal', type: 'GROUP', id: GROUP },
  { kind: 'place', accountId: ACCOUNT, permissionSetArn: SET },
  { kind: 'place', accountId: OTHER_ACCOUNT, permissionSetArn: SET },
  { kind: 'assignments' },
  { kind: 'permission set', arn: SET },
];

describe('actOn', () => {
  test('asks for a look at what each hint is of, and once for all places and all permission sets', async () => {
    const { ports, asked } = notingPorts();

    await actOn(ports, HINTS);

    expect(asked).toHaveLength(6);
    expect(asked).toEqual(
      expect.arrayContaining([
        ['askForAccount', ACCOUNT],
        ['outdateOrganization'],
        ['heal', { type: 'GROUP', id: GROUP }],
        [
          'askForPlaces',
          [
            { accountId: ACCOUNT, permissionSetArn: SET },
            { accountId: OTHER_ACCOUNT, permissionSetArn: SET },
          ],
        ],
        ['askForWalk'],
        ['askForPermissionSets'],
      ]),
    );
  });

  test('asks once for what is hinted at several times', async () => {
    const once = notingPorts();
    const thrice = notingPorts();

    await actOn(once.ports, HINTS);
    await actOn(thrice.ports, [...HINTS, ...HINTS, ...HINTS]);

    expect(thrice.asked).toEqual(once.asked);
  });

  test('leaves the organization alone for a hint of one account', async () => {
    const { ports, asked } = notingPorts();

    await actOn(ports, [{ kind: 'account', id: ACCOUNT }]);

    expect(asked).toEqual([['askForAccount', ACCOUNT]]);
  });

  test('does nothing for no hints', async () => {
    const { ports, asked } = notingPorts();

    await actOn(ports, []);

    expect(asked).toEqual([]);
  });

  test('tries the others when one fails, and then fails with what it was', async () => {
    const { ports, asked } = notingPorts(['askForAccount']);

    const failure = actOn(ports, HINTS);

    await expect(failure).rejects.toThrow(HintsFailedError);
    await expect(failure).rejects.toThrow(
      `1 of 6 hints could not be acted on: account ${ACCOUNT} (no askForAccount)`,
    );
    expect(asked).toHaveLength(6);
  });

  test('keeps every error when several fail', async () => {
    const { ports } = notingPorts(['heal', 'askForPlaces']);

    const failure: unknown = await actOn(ports, HINTS).catch((error: unknown) => error);

    expect(failure).toMatchObject({ message: expect.stringContaining('2 of 6 hints') as unknown });
    expect((failure as Error).cause).toMatchObject({
      errors: [{ message: 'no heal' }, { message: 'no askForPlaces' }],
    });
  });
});
