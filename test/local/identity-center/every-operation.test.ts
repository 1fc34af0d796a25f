import * as identityStore from '@aws-sdk/client-identitystore';
import * as organizations from '@aws-sdk/client-organizations';
import * as sdk from '@aws-sdk/client-sso-admin';

import { IDENTITY_CENTER_INPUTS } from '../../../local/identity-center/identity-center-inputs';
import { IDENTITY_STORE_INPUTS } from '../../../local/identity-center/identity-store-inputs';
import { ORGANIZATIONS_INPUTS } from '../../../local/identity-center/organizations-inputs';
import { createTestWorld } from './support';

/** Applications and token issuers: what people sign in to besides accounts is not simulated. */
const OUTSIDE = /Application|TrustedTokenIssuer/;

/** What Organizations has besides accounts, units, tags and delegated administrators. */
const OUTSIDE_OF_ORGANIZATIONS =
  /Polic|Handshake|Responsibility|ServiceAccess|AllFeatures|GovCloud|^(Create|Delete|Leave)Organization$|^InviteAccount/;

/** Every operation that an SDK has a command for. */
const operationsOf = (client: object): string[] =>
  Object.keys(client)
    .filter((name) => name.endsWith('Command') && name !== '$Command')
    .map((name) => name.replace(/Command$/, ''));

const OPERATIONS = operationsOf(sdk);

/** Every operation that the SDK has a paginator for. */
const PAGED = Object.keys(sdk)
  .filter((name) => name.startsWith('paginate'))
  .map((name) => name.replace(/^paginate/, ''));

describe('the operations of the SDK', () => {
  const inside = OPERATIONS.filter((operation) => !OUTSIDE.test(operation));

  test('are all simulated, but for those around applications, and no other is (W1)', () => {
    expect(inside.length).toBeGreaterThan(40);
    expect(inside.sort()).toEqual(Object.keys(IDENTITY_CENTER_INPUTS).sort());
  });

  test.each(OPERATIONS.filter((operation) => OUTSIDE.test(operation)))(
    'outside of that say that they are not simulated: %s (W1)',
    async (operation) => {
      await expect(createTestWorld().call(operation)).rejects.toMatchObject({
        code: 'UnknownOperationException',
        message: `${operation} is not simulated`,
      });
    },
  );

  test.each(PAGED.filter((operation) => !OUTSIDE.test(operation) && operation !== 'ListTagsForResource'))(
    'that have pages take their size: %s (W8)',
    async (operation) => {
      await expect(createTestWorld().call(operation, { MaxResults: 101 })).rejects.toMatchObject({
        code: 'ValidationException',
        message: expect.stringContaining("Value '101' at 'maxResults'") as unknown,
      });
    },
  );
});

describe('the operations of the SDK for the Identity Store', () => {
  test('are all simulated, and no other is (W1)', () => {
    expect(operationsOf(identityStore).sort()).toEqual(Object.keys(IDENTITY_STORE_INPUTS).sort());
  });
});

describe('the operations of the SDK for Organizations', () => {
  const all = operationsOf(organizations);
  const inside = all.filter((operation) => !OUTSIDE_OF_ORGANIZATIONS.test(operation));

  test('are simulated, but for those around policies and handshakes, and no other is (W1)', () => {
    expect(inside.length).toBeGreaterThan(20);
    expect(inside.sort()).toEqual(Object.keys(ORGANIZATIONS_INPUTS).sort());
  });

  test.each(all.filter((operation) => OUTSIDE_OF_ORGANIZATIONS.test(operation)))(
    'outside of that say that they are not simulated: %s (W1)',
    async (operation) => {
      const service = createTestWorld().simulator.services.find(
        ({ targetPrefix }) => targetPrefix === 'AWSOrganizationsV20161128',
      );

      await expect(service?.call({ operation, input: {}, requestId: 'r' })).rejects.toMatchObject({
        code: 'UnknownOperationException',
        message: `${operation} is not simulated`,
      });
    },
  );
});
