/** What one edition of the service's page of limits allows. A limit that an edition does not name has no value. */
export interface QuotaProfile {
  readonly permissionSets: number;
  readonly permissionSetsPerAccount: number;
  /** AWS managed and customer managed policies of one permission set together. */
  readonly policiesPerPermissionSet: number | undefined;
  /** Bytes of an inline policy, and of those the ones that are not white space. */
  readonly inlinePolicyBytes: number;
  readonly inlinePolicyNonWhitespace: number;
  /** Groups with assignments of one permission set in one account. */
  readonly groupsPerPlace: number | undefined;
}

/** Editions of the page of limits, by the year where it is known; SPEC.md has the sources. */
export const QUOTA_PROFILES = {
  '2021': {
    permissionSets: 500,
    permissionSetsPerAccount: 50,
    policiesPerPermissionSet: undefined,
    inlinePolicyBytes: 10_240,
    inlinePolicyNonWhitespace: 10_240,
    groupsPerPlace: undefined,
  },
  '2022': {
    permissionSets: 2_000,
    permissionSetsPerAccount: 50,
    policiesPerPermissionSet: 20,
    inlinePolicyBytes: 10_240,
    inlinePolicyNonWhitespace: 10_240,
    groupsPerPlace: undefined,
  },
  '2024': {
    permissionSets: 2_000,
    permissionSetsPerAccount: 250,
    policiesPerPermissionSet: 20,
    inlinePolicyBytes: 32_768,
    inlinePolicyNonWhitespace: 10_240,
    groupsPerPlace: undefined,
  },
  'before-newest': {
    permissionSets: 3_500,
    permissionSetsPerAccount: 500,
    policiesPerPermissionSet: 20,
    inlinePolicyBytes: 32_768,
    inlinePolicyNonWhitespace: 10_240,
    groupsPerPlace: undefined,
  },
  newest: {
    permissionSets: 3_500,
    permissionSetsPerAccount: 500,
    policiesPerPermissionSet: 25,
    inlinePolicyBytes: 32_768,
    inlinePolicyNonWhitespace: 10_240,
    groupsPerPlace: 100,
  },
} as const satisfies Readonly<Record<string, QuotaProfile>>;

/** Names of the editions. */
export type QuotaVintage = keyof typeof QUOTA_PROFILES;
