import type { QuotaVintage } from './quotas';

/** What one edition of the page of limits allows the Identity Store; an edition that says nothing has the one before it. */
interface IdentityStoreQuotas {
  readonly users: number;
  readonly groups: number;
}

export const IDENTITY_STORE_QUOTAS: Readonly<Record<QuotaVintage, IdentityStoreQuotas>> = {
  '2021': { users: 50_000, groups: 10_000 },
  '2022': { users: 100_000, groups: 100_000 },
  '2024': { users: 100_000, groups: 100_000 },
  'before-newest': { users: 100_000, groups: 100_000 },
  newest: { users: 200_000, groups: 100_000 },
};
