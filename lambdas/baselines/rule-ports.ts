import { SdkAccountFacts } from '../runtime/account-facts';
import { SdkResolvedBaselines } from '../runtime/baseline-rules';
import { SdkDirectory } from '../runtime/directory';
import { readBaselines, readSettings } from '../runtime/environment';
import { ReadingItems } from '../runtime/ledger/reading-items';
import { LedgerTable } from '../runtime/ledger/table';
import { OrganizationListing } from '../runtime/organization-listing';
import { SdkOrganizationPictures } from '../runtime/organization-picture';
import { SdkPermissionSets } from '../runtime/permission-sets';
import { commonPorts } from '../runtime/ports';

/** Ports of those who hold rules against accounts: what the rules name, and what the organization is like. */
export function rulePorts() {
  const settings = readSettings();
  const ports = commonPorts();
  const { clock, observer, baselines } = ports;
  const readings = new ReadingItems(new LedgerTable());
  const directory = new SdkDirectory(settings.identityStoreId, clock);
  const permissionSets = new SdkPermissionSets(settings.instanceArn, ports.permissionSetIndex);
  return {
    ...ports,
    settings,
    directory,
    finder: ports.assignments,
    deployed: readBaselines(),
    accountFacts: new SdkAccountFacts(),
    pictures: new SdkOrganizationPictures(readings, new OrganizationListing(clock), clock, observer),
    rules: new SdkResolvedBaselines(readings, { directory, permissionSets, baselines, clock, observer }),
  } as const;
}
