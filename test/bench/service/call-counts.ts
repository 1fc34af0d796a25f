/** Calls by the names of the admin API. */
export type ApiName =
  | 'CreateAccountAssignment'
  | 'DeleteAccountAssignment'
  | 'ProvisionPermissionSet'
  | 'DescribeStatus'
  | 'ListStatus'
  | 'ListAccountAssignments'
  | 'ListAccountsForProvisionedPermissionSet'
  | 'ListInstances';

/** What was called, how often, and how often that was refused. */
export class CallCounts {
  /** Every call that was sent, refused and lost ones too. */
  readonly sent = new Map<ApiName, number>();
  /** Refused because of the rate or of too many outstanding operations. */
  throttled = 0;
  /** Refused because an operation on the same role is under way. */
  conflicts = 0;
  /** Creates, deletes and provisions that were accepted. */
  accepted = 0;

  count(api: ApiName): void {
    this.sent.set(api, (this.sent.get(api) ?? 0) + 1);
  }

  of(api: ApiName): number {
    return this.sent.get(api) ?? 0;
  }

  get total(): number {
    return [...this.sent.values()].reduce((sum, count) => sum + count, 0);
  }
}
