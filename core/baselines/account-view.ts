import type { Assignment } from '../assignments/assignment';
import type { KnownNames } from '../assignments/view';
import type { PlacedAccount } from '../targets/organization-index';
import type { AccountBaseline, AccountOutcome } from './account-record';
import { claimDifference, ruleClaimsOf, ruleOf } from './change-claims';
import { type ClaimsStanding, type RuleTrouble, standingOf } from './claims-standing';
import type { AccountLook } from './look-at-account';

/** All that the ledger knows of an account. */
export interface AccountPicture {
  readonly accountId: string;
  readonly record: AccountBaseline;
  /** All of the account. */
  readonly assignments: readonly Assignment[];
  /** As of the stored picture of the organization; undefined where it is not in it. */
  readonly account?: PlacedAccount | undefined;
  /** When that picture was read, in epoch milliseconds. */
  readonly pictureAt?: number | undefined;
  /** What the rules want there by what is stored; undefined where rules or picture are not. */
  readonly look?: AccountLook | undefined;
}

/** JSON of an account and its baseline; instants in RFC 3339. */
export type AccountView = Readonly<Record<string, unknown>>;

/** Whether anything is known of an account at all. */
export function isKnownAccount({ record, assignments, account }: AccountPicture): boolean {
  return record.version > 0 || assignments.length > 0 || account !== undefined;
}

/** An account, and how its baseline stands by the claims as they are now, rule by rule. */
export function viewAccountBaseline(picture: AccountPicture, names: KnownNames): AccountView {
  const { accountId, record, assignments, account, pictureAt, look } = picture;
  const { running, isWanted, since, last } = record;
  return {
    account: accountId,
    ...(account === undefined ? {} : { name: account.name, state: account.state, ou: `/${account.ouPath}` }),
    ...(pictureAt === undefined ? {} : { asOf: iso(pictureAt) }),
    baseline: {
      running,
      // A look that was asked for while one runs, or that could not begin.
      lookWanted: isWanted,
      ...(running && since !== undefined ? { since: iso(since) } : {}),
      ...(last === undefined ? {} : { last: viewOutcome(last) }),
      ...(look === undefined ? {} : { wanted: look.wanted.length, notes: look.notes }),
      ...viewStanding(standingOf(assignments), names),
      rules: rulesOf(picture).map((rule) => viewRule(rule, picture, names)),
    },
  };
}

function rulesOf({ assignments, look }: AccountPicture): string[] {
  const claimed = ruleClaimsOf(assignments).map(({ claim }) => ruleOf(claim));
  const wanted = look === undefined ? [] : [...look.wanted.map(({ rule }) => rule), ...look.undecided];
  return [...new Set([...claimed, ...wanted])].sort();
}

function viewRule(rule: string, { assignments, look }: AccountPicture, names: KnownNames): AccountView {
  const ofRule = assignments.map((assignment) => ({
    ...assignment,
    claims: Object.fromEntries(
      Object.entries(assignment.claims).filter(
        ([, claim]) => claim.kind === 'baseline' && ruleOf(claim) === rule,
      ),
    ),
  }));
  const standing = viewStanding(standingOf(ofRule), names);
  if (look === undefined) return { rule, ...standing };
  const wanted = look.wanted.filter((claim) => claim.rule === rule);
  const { open, close } = claimDifference({ ...look, wanted }, ofRule);
  return {
    rule,
    wanted: wanted.length,
    ...(look.undecided.includes(rule) ? { undecided: true } : {}),
    ...standing,
    // What the next run does.
    toOpen: open.length,
    toClose: close.length,
  };
}

function viewStanding(
  { granted, waiting, ending, failed, missing }: ClaimsStanding,
  names: KnownNames,
): AccountView {
  const troubles = (list: readonly RuleTrouble[]): AccountView[] =>
    list.map((each) => viewTrouble(each, names));
  return { granted, waiting, ending, failed: troubles(failed), missing: troubles(missing) };
}

function viewTrouble({ rule, key, reason }: RuleTrouble, names: KnownNames): AccountView {
  const { permissionSetArn: arn, principalType: type, principalId: id } = key;
  const setName = names.permissionSets.get(arn);
  const name = names.principals.get(id);
  return {
    rule,
    permissionSet: { arn, ...(setName === undefined ? {} : { name: setName }) },
    principal: { type, id, ...(name === undefined ? {} : { name }) },
    reason,
  };
}

function viewOutcome({ at, outcome, reason, wanted, granted, opened, closed }: AccountOutcome): AccountView {
  return {
    at: iso(at),
    outcome,
    ...(reason === undefined ? {} : { reason }),
    wanted,
    granted,
    opened,
    closed,
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
