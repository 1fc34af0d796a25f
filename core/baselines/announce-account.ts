import type { Announcer } from '../ports/announcer';
import type { Observer } from '../ports/observer';
import type { AccountOutcome, AccountProgress } from './account-record';
import type { ClaimsStanding, RuleTrouble } from './claims-standing';

/** Claims told one by one in an event; the API has them all. */
const TOLD = 10;

/**
 * Tells how the baseline of an account came out, by ids and counts. A bus that cannot be reached costs the event and nothing else: the
 * account's item says the same.
 */
export async function announceAccount(
  { announcer, observer }: { readonly announcer: Announcer; readonly observer: Observer },
  accountId: string,
  { outcome, wanted, granted }: AccountOutcome,
  { waiting, failed, missing }: ClaimsStanding,
  { opened, closed, held, notes }: AccountProgress,
): Promise<void> {
  try {
    await announcer.publish({
      type: 'AccountBaselined',
      detail: {
        account: accountId,
        outcome,
        claims: {
          wanted,
          granted,
          waiting,
          failed: failed.length,
          missing: missing.length,
          opened,
          closed,
          held,
        },
        troubles: [...failed, ...missing].slice(0, TOLD).map(told),
        // What could not be looked up has names in it: `GET /accounts/{id}` has the words.
        notes: notes.length,
      },
    });
  } catch (cause) {
    observer.warn('announcement failed', { account: accountId, type: 'AccountBaselined' }, cause);
  }
}

function told({ rule, key, reason }: RuleTrouble): object {
  const { permissionSetArn, principalType, principalId } = key;
  return { rule, permissionSet: permissionSetArn, principalType, principalId, reason };
}
