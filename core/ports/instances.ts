/** What the service says of the Identity Center instances that it shows; compared with the settings. */
export interface Instances {
  list(): Promise<{ readonly instanceArn: string; readonly identityStoreId: string }[]>;
}
