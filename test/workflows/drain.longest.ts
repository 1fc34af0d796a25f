import type { AssignmentKey } from '../../core/assignments/assignment';
import { changeAssignment } from '../../core/assignments/change';
import { drained } from '../../core/assignments/drain';
import { wakeDispatcher } from '../../core/dispatcher/control';
import { provisionPorts } from '../support/provision-ports';
import { TestApp } from '../support/test-app';

const BECAUSE = 'the permission set ReadOnlyAccess is being deleted';
const SET = 'ReadOnlyAccess';
const ACCOUNTS = ['512345678902', '523456789013', '534567890124'];

describe('access by a permission set that is being deleted', () => {
  const before = { ...process.env };
  let app: TestApp;
  let ports: ReturnType<typeof provisionPorts>;

  beforeAll(async () => {
    app = await TestApp.start();
    ports = provisionPorts(app);
  });

  afterAll(async () => {
    process.env = before;
    await app.stop();
  });

  /** Drains what somebody has of the set, as a rollout does that has just listed it, and lets the dispatcher know. */
  async function drain(user: string): Promise<void> {
    const { simulator, clock } = app.runtime;
    const rows = simulator
      .assignments()
      .filter((row) => row.principalName === user && row.permissionSetName === SET);
    for (const { accountId, permissionSetArn, principalType, principalId } of rows) {
      const key: AssignmentKey = { accountId, permissionSetArn, principalType, principalId };
      await changeAssignment(ports, key, (present, now) => drained(present, BECAUSE, now));
    }
    await wakeDispatcher(ports, clock.now());
  }

  test('ends within a minute, and its request with it, with the reason in every account', async () => {
    const id = await app.ask({
      principal: { user: 'carol' },
      target: ACCOUNTS.map((account) => ({ account })),
    });
    await app.advance('PT1M');
    expect((await app.request(id)).status).toBe('active');

    await drain('carol');
    await app.advance('PT1M');

    const { status, accounts, timeline } = await app.request(id);
    expect(ACCOUNTS.map((account) => app.has('carol', SET, account))).toEqual([false, false, false]);
    expect(status).toBe('ended');
    expect(accounts.items).toEqual(
      ACCOUNTS.map(
        (account) =>
          expect.objectContaining({
            account,
            status: 'ended',
            endedAs: 'revoked',
            reason: BECAUSE,
          }) as unknown,
      ),
    );
    expect(timeline.map(({ text }) => text)).toContain(`ending: ${BECAUSE}`);
  });

  test('ends where it was there before Latchkey, and stays away', async () => {
    const standing = app.runtime.simulator
      .assignments()
      .find((row) => row.permissionSetName === SET && row.principalType === 'USER');
    const { principalName = '', accountId = '' } = standing ?? {};

    await drain(principalName);
    await app.advance('PT1H');

    expect(standing).toBeDefined();
    expect(app.has(principalName, SET, accountId)).toBe(false);
  });
});
