import {
  AccessDeniedException,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { OrganizationListing } from '../../../lambdas/runtime/organization-listing';
import { awsError, timeout } from '../../support/aws-errors';
import { FakeClock } from '../../support/fake-clock';

const ROOT = 'r-k3f9';
const WORKLOADS = 'ou-k3f9-w0rkl0ad';
const PROD = 'ou-k3f9-w0pr0d01';
const path = (...ids: readonly string[]): string[] => [`o-a1b2c3d4e5/${ids.join('/')}/`];

describe('OrganizationListing', () => {
  const organizations = mockClient(OrganizationsClient);
  let clock: FakeClock;
  let listing: OrganizationListing;

  beforeEach(() => {
    organizations.reset();
    clock = new FakeClock();
    listing = new OrganizationListing(clock);
    organizations.on(ListRootsCommand).resolves({ Roots: [{ Id: ROOT }] });
    organizations.on(ListOrganizationalUnitsForParentCommand).resolves({ OrganizationalUnits: [] });
    organizations
      .on(ListOrganizationalUnitsForParentCommand, { ParentId: ROOT })
      .resolves({ OrganizationalUnits: [{ Id: WORKLOADS, Name: 'Workloads' }] });
    organizations
      .on(ListOrganizationalUnitsForParentCommand, { ParentId: WORKLOADS })
      .resolves({ OrganizationalUnits: [{ Id: PROD, Name: 'Prod' }] });
  });

  test('reads all pages, an empty one among them, and the place of each account from its path', async () => {
    organizations
      .on(ListAccountsCommand)
      .resolvesOnce({
        Accounts: [{ Id: '1', Name: 'one', State: 'ACTIVE', Paths: path(ROOT) }],
        NextToken: 'a',
      })
      .resolvesOnce({ Accounts: [], NextToken: 'b' })
      .resolvesOnce({
        Accounts: [{ Id: '2', Name: 'two', Status: 'SUSPENDED', Paths: path(ROOT, WORKLOADS, PROD) }],
      });

    expect(await listing.picture()).toEqual({
      rootId: ROOT,
      units: [
        { id: WORKLOADS, name: 'Workloads', parentId: ROOT },
        { id: PROD, name: 'Prod', parentId: WORKLOADS },
      ],
      accounts: [
        { id: '1', name: 'one', state: 'ACTIVE', parentId: ROOT },
        { id: '2', name: 'two', state: 'SUSPENDED', parentId: PROD },
      ],
    });
    expect(organizations.commandCalls(ListAccountsForParentCommand)).toHaveLength(0);
  });

  test('asks the units for their accounts where accounts are listed without their paths', async () => {
    organizations.on(ListAccountsCommand).resolves({ Accounts: [{ Id: '1', Name: 'one', State: 'ACTIVE' }] });
    organizations.on(ListAccountsForParentCommand).resolves({ Accounts: [] });
    organizations.on(ListAccountsForParentCommand, { ParentId: PROD }).resolves({ Accounts: [{ Id: '1' }] });

    expect((await listing.picture()).accounts).toMatchObject([{ id: '1', parentId: PROD }]);
  });

  test.each([
    ['a timeout', timeout()],
    ['a missing right', awsError(AccessDeniedException, 400)],
  ])('answers nothing after %s on any page', async (_case, error) => {
    organizations
      .on(ListAccountsCommand)
      .resolvesOnce({ Accounts: [{ Id: '1', Paths: path(ROOT) }], NextToken: 'a' })
      .rejects(error);

    await expect(listing.picture()).rejects.toBe(error);
  });

  test('reads all once more where an account is in a unit that was not listed, then gives up', async () => {
    const late = 'ou-k3f9-1a7e1a7e';
    organizations.on(ListAccountsCommand).resolves({ Accounts: [{ Id: '1', Paths: path(ROOT, late) }] });

    await expect(listing.picture()).rejects.toThrow('the organization changes under way');
    expect(organizations.commandCalls(ListAccountsCommand)).toHaveLength(2);

    organizations
      .on(ListOrganizationalUnitsForParentCommand, { ParentId: ROOT })
      .resolvesOnce({ OrganizationalUnits: [] })
      .resolves({ OrganizationalUnits: [{ Id: late, Name: 'Late' }] });
    expect((await listing.picture()).accounts).toMatchObject([{ id: '1', parentId: late }]);
  });

  test('keeps below the rates of the service: 60 pages of accounts take ten seconds', async () => {
    const from = clock.now();
    let pages = 0;
    organizations.on(ListAccountsCommand).callsFake(() => {
      pages += 1;
      return { Accounts: [], ...(pages < 61 ? { NextToken: String(pages) } : {}) };
    });

    await listing.picture();

    expect(pages).toBe(61);
    expect(Math.round((clock.now() - from) / 1_000)).toBe(10);
  });

  test('reads all tags of an account, whatever their keys and values', async () => {
    organizations
      .on(ListTagsForResourceCommand, { ResourceId: '1', NextToken: undefined })
      .resolves({ Tags: [{ Key: 'équipe:région', Value: 'Zürich' }], NextToken: 'more' });
    organizations
      .on(ListTagsForResourceCommand, { ResourceId: '1', NextToken: 'more' })
      .resolves({ Tags: [{ Key: '部署', Value: '' }] });

    expect(await listing.tags('1', listing.turns('tags'))).toEqual({ 'équipe:région': 'Zürich', 部署: '' });
  });
});
