import type { ResolvedBaselines } from '../baselines/baseline';
import type { Dated, OrganizationPicture } from './organization-picture';

/** What the ledger has of the organization and of the rules, however old; nothing is read anew. Undefined: nothing yet. */
export interface StoredOrganization {
  picture(): Promise<Dated<OrganizationPicture> | undefined>;
  /** Of one account. */
  tags(accountId: string): Promise<Readonly<Record<string, string>> | undefined>;
  rules(): Promise<ResolvedBaselines | undefined>;
}
