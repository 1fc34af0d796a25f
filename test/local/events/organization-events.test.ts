import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { readHappening } from '../../../core/happenings/read-happening';
import { ChangeRules } from '../../../lib/constructs/change-rules';
import { OrganizationBus } from '../../../lib/constructs/organization-bus';
import { StackKey } from '../../../lib/constructs/stack-key';
import { FEATURE_FLAGS } from '../../../lib/feature-flags';
import { organizationEventsStacks } from '../../../lib/organization-events.stack';
import { loadAssembly, loadPlacedAssembly } from '../../../local/assembly/cloud-assembly';
import { CREATE_ACCOUNT_RESULT } from '../../core/happenings/event-examples';
import { TEST_SETTINGS } from '../../support/test-settings';
import { placesWorld, type PlacesWorld } from './places-world';

const SETTINGS = { ...TEST_SETTINGS, organizationEvents: true, controlTowerRegion: 'eu-central-1' };
const { hostAccountId: HOST, managementAccountId: MANAGEMENT, homeRegion: HOME } = SETTINGS;

/** The stacks as they deploy, but with one function that stands for all of Latchkey. */
const directory = mkdtempSync(join(tmpdir(), 'latchkey-organization-'));
const app = new App({ outdir: directory, postCliContext: FEATURE_FLAGS, treeMetadata: false });
const stack = new Stack(app, 'Main', { env: { account: HOST, region: HOME } });
const key = new StackKey(stack, 'Key');
const noticeChange = new lambda.Function(stack, 'NoticeChange', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
});
const { bus: organizationBus } = new OrganizationBus(stack, 'OrganizationBus', { settings: SETTINGS, key });
new ChangeRules(stack, 'ChangeRules', {
  settings: SETTINGS,
  key,
  noticeChange,
  organizationBus,
  ownRoles: [new iam.Role(stack, 'OwnRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') })],
});
const further = organizationEventsStacks(app, SETTINGS, stack).map(({ stackName }) => stackName);
app.synth();

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

let world: PlacesWorld;
beforeEach(() => {
  world = placesWorld(
    loadAssembly({ directory, stackName: 'Main', region: HOME, accountId: HOST }),
    further.map((stackName) => loadPlacedAssembly({ directory, stackName })),
  );
});
afterEach(() => {
  world.stop();
});

const hints = () => world.invocations.flatMap((payload) => readHappening(payload));
const ACCOUNT = [{ kind: 'account', id: '444455556666' }];

describe('the two ends of the way from the management account', () => {
  test('bring an account that was created to the function, once', async () => {
    world.emit(CREATE_ACCOUNT_RESULT);
    await world.clock.advance(60_000);

    expect(hints()).toEqual(ACCOUNT);
  });

  test.each([
    ['Control Tower, from its Region', 'aws.controltower', 'CreateManagedAccount', 'eu-central-1', 1],
    [
      'Control Tower, from a Region where it does not tell',
      'aws.controltower',
      'CreateManagedAccount',
      'us-east-1',
      0,
    ],
    [
      'Organizations, from a Region where it does not tell',
      'aws.organizations',
      'CreateAccountResult',
      HOME,
      0,
    ],
  ])('bring what there is of %s', async (_what, source, eventName, region, invocations) => {
    world.emit({
      source,
      account: MANAGEMENT,
      region,
      'detail-type': 'AWS Service Event via CloudTrail',
      detail: { eventName },
    });
    await world.clock.advance(60_000);

    expect(world.invocations).toHaveLength(invocations);
  });

  test('bring the Identity Store’s own notifications, which the owner of the store has', async () => {
    world.emit({
      source: 'aws.identitystore',
      account: MANAGEMENT,
      region: HOME,
      'detail-type': 'User Deleted',
      detail: { userId: 'b2c3d4e5-2222-7000-8000-0123456789ab' },
    });
    await world.clock.advance(60_000);

    expect(hints()).toEqual([
      { kind: 'principal', type: 'USER', id: 'b2c3d4e5-2222-7000-8000-0123456789ab' },
    ]);
  });

  test('let nothing in that says of itself that it is of another account', async () => {
    world.emit({ ...CREATE_ACCOUNT_RESULT, account: HOST, region: HOME });
    world.emit({ ...CREATE_ACCOUNT_RESULT, account: '999988887777' });
    await world.clock.advance(60_000);

    expect(world.invocations).toEqual([]);
  });
});

describe('PutEvents', () => {
  const put = (entry: Readonly<Record<string, unknown>>) =>
    world.home.events.call({
      operation: 'PutEvents',
      requestId: 'r',
      input: {
        Entries: [
          {
            EventBusName: 'latchkey-organization',
            DetailType: CREATE_ACCOUNT_RESULT['detail-type'],
            Detail: JSON.stringify(CREATE_ACCOUNT_RESULT.detail),
            ...entry,
          },
        ],
      },
    });

  test('is refused with the source of an AWS service, also on the bus of the organization', async () => {
    expect(await put({ Source: 'aws.organizations' })).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'NotAuthorizedForSource' }],
    });
  });

  test('starts nothing with an event that imitates one: it has the account of who put it', async () => {
    await put({ Source: 'organizations' });
    await world.clock.advance(60_000);

    expect(world.home.events.recorded('latchkey-organization')).toEqual([
      expect.objectContaining({ account: HOST, source: 'organizations' }),
    ]);
    expect(world.invocations).toEqual([]);
  });
});

test('a tick comes every 15 minutes', async () => {
  await world.clock.advance(31 * 60_000);

  expect(world.invocations).toEqual([
    expect.objectContaining({ 'detail-type': 'Scheduled Event' }),
    expect.objectContaining({ 'detail-type': 'Scheduled Event' }),
  ]);
  expect(hints()).toEqual([]);
});
