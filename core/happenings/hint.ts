import type { PrincipalType } from '../assignments/assignment';

/**
 * What an event makes worth looking at. Nothing in it is a fact: whoever gets one looks everything up again, so that lost, doubled, late
 * and shuffled events do no harm.
 */
export type Hint =
  /** An account came, went, moved or got other tags. Its id has twelve digits. */
  | { readonly kind: 'account'; readonly id: string }
  /** Units are others than before, or an account that the event does not name came or went. */
  | { readonly kind: 'organization' }
  /** A user or group was created, changed, disabled, enabled or deleted. The id is the identity store's. */
  | { readonly kind: 'principal'; readonly type: PrincipalType; readonly id: string }
  /** Somebody assigned a permission set in an account, or took it away. */
  | { readonly kind: 'place'; readonly accountId: string; readonly permissionSetArn: string }
  /** Somebody did so, and the event does not say where: the console's older names of it do not. */
  | { readonly kind: 'assignments' }
  /** Somebody created, changed, provisioned or deleted a permission set. */
  | { readonly kind: 'permission set'; readonly arn: string };
