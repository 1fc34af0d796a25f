import {
  AccountNotFoundException,
  ChildNotFoundException,
  DescribeAccountCommand,
  ListParentsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { SdkAccountFacts } from '../../../lambdas/runtime/account-facts';

const ID = '412345678901';
const UNIT = 'ou-k3f9-w0pr0d01';

describe('SdkAccountFacts', () => {
  const organizations = mockClient(OrganizationsClient);
  const notThere = { $metadata: {}, message: 'there is none' };

  beforeEach(() => {
    organizations.reset();
  });

  test('takes the place of an account from its path, and asks nothing more', async () => {
    const Paths = [`o-a1b2c3d4e5/r-k3f9/${UNIT}/`];
    organizations
      .on(DescribeAccountCommand, { AccountId: ID })
      .resolves({ Account: { Id: ID, Name: 'payments', State: 'ACTIVE', Paths } });

    expect(await new SdkAccountFacts().read(ID)).toEqual({
      id: ID,
      name: 'payments',
      state: 'ACTIVE',
      parentId: UNIT,
    });
    expect(organizations.commandCalls(ListParentsCommand)).toEqual([]);
  });

  test('asks for the parent where no path is told', async () => {
    organizations.on(DescribeAccountCommand).resolves({ Account: { Id: ID, Status: 'SUSPENDED' } });
    organizations.on(ListParentsCommand, { ChildId: ID }).resolves({ Parents: [{ Id: UNIT }] });

    expect(await new SdkAccountFacts().read(ID)).toEqual({
      id: ID,
      name: '',
      state: 'SUSPENDED',
      parentId: UNIT,
    });
  });

  test('knows nothing of an account that is not there', async () => {
    organizations.on(DescribeAccountCommand).rejects(new AccountNotFoundException(notThere));

    expect(await new SdkAccountFacts().read(ID)).toBeUndefined();
  });

  test('knows nothing of one that leaves between two calls', async () => {
    organizations.on(DescribeAccountCommand).resolves({ Account: { Id: ID, State: 'ACTIVE' } });
    organizations.on(ListParentsCommand).rejects(new ChildNotFoundException(notThere));

    expect(await new SdkAccountFacts().read(ID)).toBeUndefined();
  });

  test('throws where no parent is answered', async () => {
    organizations.on(DescribeAccountCommand).resolves({ Account: { Id: ID, State: 'ACTIVE' } });
    organizations.on(ListParentsCommand).resolves({ Parents: [] });

    await expect(new SdkAccountFacts().read(ID)).rejects.toThrow(`ListParents answered no parent of ${ID}`);
  });
});
