import { SSOAdminClient, paginateListInstances } from '@aws-sdk/client-sso-admin';
import type { Instances } from '../../core/ports/instances';
import { REPEATABLE } from './clients';

/** The Identity Center instances that the account sees. */
export class SdkInstances implements Instances {
  readonly #client = new SSOAdminClient(REPEATABLE);

  async list(): Promise<{ instanceArn: string; identityStoreId: string }[]> {
    const found: { instanceArn: string; identityStoreId: string }[] = [];
    for await (const { Instances: page = [] } of paginateListInstances({ client: this.#client }, {})) {
      for (const { InstanceArn: instanceArn = '', IdentityStoreId: identityStoreId = '' } of page) {
        found.push({ instanceArn, identityStoreId });
      }
    }
    return found;
  }
}
