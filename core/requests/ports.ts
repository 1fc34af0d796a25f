import type { Announcer } from '../ports/announcer';
import type { Clock } from '../ports/clock';
import type { Directory, Organization, PermissionSets } from '../ports/directory';
import type { AssignmentLedger, DispatcherLedger, RequestLedger } from '../ports/ledger';
import type { Observer } from '../ports/observer';
import type { OrganizationPictures } from '../ports/organization-picture';
import type { Workflows } from '../ports/workflows';

/** What the steps of the access-request workflow touch; each step names the part that it needs. */
export interface RequestPorts {
  readonly requests: RequestLedger;
  readonly assignments: AssignmentLedger;
  readonly dispatcher: DispatcherLedger;
  readonly workflows: Workflows;
  readonly directory: Directory;
  readonly permissionSets: PermissionSets;
  readonly organization: Organization;
  readonly pictures: OrganizationPictures;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly observer: Observer;
}
