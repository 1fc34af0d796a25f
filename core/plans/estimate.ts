/** Operations that the service runs at a time; a quota of the instance. */
const SLOTS = 15;

/** What a create and a delete take by experience, in seconds; the longest that the quota's own documentation allows for is more. */
const CREATE_SECONDS = 4;
const REVOKE_SECONDS = 10;

/** What estimates rest on, for whoever reads them. */
export const ASSUMPTIONS = `${SLOTS} operations at a time, ${CREATE_SECONDS} s a grant, ${REVOKE_SECONDS} s a removal, and nobody else at work`;

/** At the quota, in whole seconds. */
export function grantTakesSeconds(grants: number): number {
  return Math.ceil(grants / SLOTS) * CREATE_SECONDS;
}

/** At the quota, in whole seconds. */
export function revokeTakesSeconds(revokes: number): number {
  return Math.ceil((revokes * REVOKE_SECONDS) / SLOTS);
}
