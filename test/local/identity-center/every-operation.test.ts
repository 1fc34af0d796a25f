import * as sdk from '@aws-sdk/client-sso-admin';

import { IDENTITY_CENTER_INPUTS } from '../../../local/identity-center/identity-center-inputs';
import { createTestWorld } from './support';

/** Applications and token issuers: what people sign in to besides accounts is not simulated. */
const OUTSIDE = /Application|TrustedTokenIssuer/;

/** Every operation that the SDK has a command for. */
const OPERATIONS = Object.keys(sdk)
  .filter((name) => name.endsWith('Command') && name !== '$Command')
  .map((name) => name.replace(/Command$/, ''));

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
