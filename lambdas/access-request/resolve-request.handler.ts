import { resolveRequest } from '../../core/requests/resolve';
import { SdkDirectory, SdkOrganization } from '../runtime/directory';
import { readAccessDefinitions, readSettings } from '../runtime/environment';
import { ReadingItems } from '../runtime/ledger/reading-items';
import { LedgerTable } from '../runtime/ledger/table';
import { makeHandler } from '../runtime/make-handler';
import { OrganizationListing } from '../runtime/organization-listing';
import { SdkOrganizationPictures } from '../runtime/organization-picture';
import { SdkPermissionSets } from '../runtime/permission-sets';
import { commonPorts } from '../runtime/ports';
import type { AccessRequestInput, ResolveOutput } from './contract';

const settings = readSettings();
const { policy, hash: policyHash } = readAccessDefinitions();
const common = commonPorts();
const ports = {
  ...common,
  directory: new SdkDirectory(settings.identityStoreId, common.clock),
  permissionSets: new SdkPermissionSets(settings.instanceArn, common.permissionSetIndex),
  organization: new SdkOrganization(),
  pictures: new SdkOrganizationPictures(
    new ReadingItems(new LedgerTable()),
    new OrganizationListing(common.clock),
    common.clock,
    common.observer,
  ),
};

/** *Resolve principal and accounts*. */
export const handler = makeHandler(async ({ requestId }: AccessRequestInput): Promise<ResolveOutput> => ({
  next: await resolveRequest(ports, settings, { policy, policyHash }, requestId),
}));
