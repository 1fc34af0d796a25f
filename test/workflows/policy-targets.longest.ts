import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Organization } from '../../local/identity-center/organization';
import { readOrganization } from '../../local/identity-center/organization-file';
import { TestApp } from '../support/test-app';

/** Permits everything, but in production and in accounts that are tagged as closed. */
const POLICY = `
callers:
  - name: service-desk
    role: arn:aws:iam::222233334444:role/LatchkeyServiceDesk
    may: { ask: true, read: all, revoke: all }
    trustedForRequester: true
rules:
  - name: anywhere
    effect: allow
    principals: { users: ['*'] }
    permissionSets: ['*']
    target: { all: true }
    longest: P1D
  - name: not-in-production
    effect: deny
    target: { ou: Workloads/Prod }
  - name: not-where-closed
    effect: deny
    target: { tag: { access: closed } }
`;
const [PROD, DEV, OTHER_DEV] = ['412345678901', '512345678902', '523456789013'];

const FILE = join(__dirname, '..', '..', 'examples', 'organization.yaml');
const [DEV_UNIT, PROD_UNIT] = ['ou-k3f9-w0dev001', 'ou-k3f9-w0pr0d01'];

/** The example organization, and an administrator of it in its management account. */
function organization(): Organization {
  const file = readOrganization(readFileSync(FILE, 'utf8'), FILE);
  const roleArn = 'arn:aws:iam::111122223333:role/Admin';
  const root = { accessKeyId: 'root', secretAccessKey: 'root', roleArn, sessionName: 'root' };
  return { ...file, callers: [...file.callers, root] };
}

describe('rules of the policy with targets, from ticket to access', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({
      organization: organization(),
      access: { policy: POLICY, permissionSets: {} },
      report: () => undefined,
    });
  });

  afterEach(async () => {
    await app.stop();
  });

  /** As an administrator of the organization does it. */
  async function administer(operation: string, input: Readonly<Record<string, unknown>>): Promise<void> {
    const { services } = app.runtime.simulator;
    const organizations = services.find(({ targetPrefix }) => targetPrefix.startsWith('AWSOrganizations'));
    if (organizations === undefined) throw new Error('the simulator has no Organizations');
    await organizations.call({ operation, input, requestId: 'test', accessKeyId: 'root' });
  }

  test('a unit of a deny rule forbids its accounts, and no others', async () => {
    const denied = await app.ask({ target: { account: PROD } });
    const allowed = await app.ask({ target: { account: DEV } });
    await app.advance('PT25S');

    expect(await app.request(denied)).toMatchObject({
      status: 'denied',
      reason: expect.stringMatching(/^rule not-in-production forbids/) as string,
    });
    expect((await app.request(allowed)).status).toBe('active');
    expect(app.has('alice', 'ReadOnlyAccess', PROD)).toBe(false);
    expect(app.has('alice', 'ReadOnlyAccess', DEV)).toBe(true);
  });

  test('a tag of a deny rule forbids the accounts that have it', async () => {
    await administer('TagResource', { ResourceId: DEV, Tags: [{ Key: 'access', Value: 'closed' }] });
    const id = await app.ask({ target: { account: DEV } });
    await app.advance('PT25S');

    expect((await app.request(id)).reason).toMatch(/^rule not-where-closed forbids/);
  });

  test('an account that is moved into a forbidden unit before a later start is denied at its start', async () => {
    const later = { startsAt: '2026-12-01T09:00:00Z', duration: 'PT1H' };
    const moved = await app.ask({ target: { account: DEV }, ...later });
    const stays = await app.ask({ target: { account: OTHER_DEV }, ...later });
    await app.advance('PT25S');
    expect((await app.request(moved)).timeline.at(-1)?.text).toMatch(/^allowed by anywhere/);

    await administer('MoveAccount', {
      AccountId: DEV,
      SourceParentId: DEV_UNIT,
      DestinationParentId: PROD_UNIT,
    });
    await app.advance('PT1H');

    expect((await app.request(moved)).reason).toMatch(/^rule not-in-production forbids/);
    expect((await app.request(stays)).status).toBe('active');
    expect(app.has('alice', 'ReadOnlyAccess', DEV)).toBe(false);
  });
});
