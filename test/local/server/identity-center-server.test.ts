import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { ListInstancesCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';

import {
  startIdentityCenter,
  type IdentityCenterServer,
  type IdentityCenterServerOptions,
} from '../../../local/server/identity-center-server';
import { ORGANIZATION, INSTANCE } from '../identity-center/support';

const reports: string[] = [];

function start(options: Partial<IdentityCenterServerOptions> = {}): Promise<IdentityCenterServer> {
  return startIdentityCenter({
    organization: ORGANIZATION,
    report: (sentence) => reports.push(sentence),
    ...options,
  });
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const clientOf = (endpoint: string, credentials: Credentials): SSOAdminClient =>
  new SSOAdminClient({ endpoint, region: ORGANIZATION.instance.region, credentials, maxAttempts: 1 });

describe('Identity Center by itself', () => {
  let server: IdentityCenterServer;

  afterEach(() => server.stop());

  test('answers any client with any credential, on loopback (F11)', async () => {
    server = await start();

    const { Instances } = await clientOf(server.endpoint, {
      accessKeyId: 'whoever',
      secretAccessKey: 'whatever',
    }).send(new ListInstancesCommand());

    expect(server.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(Instances).toMatchObject([{ InstanceArn: INSTANCE }]);
    expect(reports).toEqual([]);
  });

  test('checks signatures where one set of credentials is given (F11)', async () => {
    server = await start({ credentials: new Map([['key', 'secret']]) });
    const send = (secretAccessKey: string, accessKeyId = 'key'): Promise<unknown> =>
      clientOf(server.endpoint, { accessKeyId, secretAccessKey }).send(new ListInstancesCommand());

    await expect(send('secret')).resolves.toMatchObject({ Instances: [{ InstanceArn: INSTANCE }] });
    await expect(send('another')).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    await expect(send('secret', 'nobody')).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    const unsigned = await fetch(server.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'SWBExternalService.ListInstances' },
      body: '{}',
    });
    expect([unsigned.status, await unsigned.json()]).toEqual([
      403,
      { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
    ]);
  });

  test('takes the signature of Organizations for us-east-1, where its endpoint is (F11)', async () => {
    server = await start({ credentials: new Map([['root', 'r']]) });
    const client = new OrganizationsClient({
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'root', secretAccessKey: 'r' },
    });

    const { Accounts } = await client.send(new ListAccountsCommand());

    expect(Accounts).toHaveLength(ORGANIZATION.accounts.length);
  });

  test('is not opened to other machines without credentials (F11)', async () => {
    server = await start();

    await expect(start({ host: '0.0.0.0' })).rejects.toThrow(
      'host is "0.0.0.0", which lets other machines in: say with --credentials who may call, or leave --host away',
    );
  });

  test('has its control API and its clock beside the AWS APIs (F11)', async () => {
    server = await start({ clock: 'manual', startAt: Date.UTC(2026, 0, 1) });
    const get = async (path: string): Promise<unknown> => (await fetch(server.endpoint + path)).json();

    await fetch(`${server.endpoint}/_simulator/clock`, { method: 'POST', body: '{"advance":"PT4H"}' });

    expect(await get('/_simulator/clock')).toEqual({ mode: 'manual', now: '2026-01-01T04:00:00.000Z' });
    expect(await get('/_simulator/counts')).toEqual({ counts: {} });
    expect(await get('/v1/requests')).toEqual({
      message:
        'nothing answers GET /v1/requests: AWS APIs are at POST / with x-amz-target, control calls at /_simulator/…',
    });
  });
});
