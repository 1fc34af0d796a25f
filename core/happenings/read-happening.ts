import {
  ACCOUNT_CALLS,
  API_CALL,
  ASSIGNMENT_CALLS,
  DIRECTORY_CALLS,
  IDENTITY_NOTIFICATIONS,
  IDENTITY_STORE_CALLS,
  ORGANIZATION_SERVICE_EVENTS,
  PERMISSION_SET_CALLS,
  SERVICE_EVENT,
  TAG_CHANGE,
  UNIT_CALLS,
} from './event-names';
import {
  accountIdIn,
  at,
  type Happening,
  listIn,
  partsOf,
  permissionSetArnIn,
  principalIdIn,
} from './event-parts';
import type { Hint } from './hint';

type Read = (happening: Happening) => readonly Hint[];

/** By the event's source: EventBridge lets nobody but AWS put events whose source begins so. */
const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['aws.organizations', ofOrganizations],
  ['aws.tag', ofTags],
  ['aws.controltower', ofControlTower],
  ['aws.sso', ofIdentityCenter],
  ['aws.sso-directory', (happening) => ofDirectoryCall(happening, DIRECTORY_CALLS)],
  ['aws.identitystore', ofIdentityStore],
]);

/**
 * What an event of EventBridge makes worth looking at: nothing for a call or an outcome that failed, an event that Latchkey does not know,
 * and anything malformed. Ids are taken only in their form, names never: they are hidden in most events, and may be somebody's text in the
 * rest. Who may send an event is not looked at: the rules are for that.
 */
export function readHappening(event: unknown): readonly Hint[] {
  const happening = partsOf(event);
  if (happening === undefined) return [];
  return READERS.get(happening.source)?.(happening) ?? [];
}

function isOne(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

function account(...candidates: readonly unknown[]): readonly Hint[] {
  const id = accountIdIn(...candidates);
  return id === undefined ? [] : [{ kind: 'account', id }];
}

/** Outcomes are told with a state; the rest has none. */
function hasFailed(state: unknown): boolean {
  return state !== undefined && state !== 'SUCCEEDED';
}

function ofOrganizations({ detailType, detail, eventName }: Happening): readonly Hint[] {
  if (detailType === SERVICE_EVENT && isOne(ORGANIZATION_SERVICE_EVENTS, eventName)) {
    const told = at(detail, 'serviceEventDetails');
    // Outcomes of calls have one member more around them.
    const outcome = at(told, 'createAccountStatus') ?? at(told, 'closeAccountStatus') ?? told;
    return hasFailed(at(outcome, 'state')) ? [] : account(at(outcome, 'accountId'));
  }
  if (detailType !== API_CALL) return [];
  if (isOne(UNIT_CALLS, eventName)) return [{ kind: 'organization' }];
  return isOne(ACCOUNT_CALLS, eventName) ? ofAccountCall(eventName, detail) : [];
}

function ofAccountCall(eventName: string, detail: unknown): readonly Hint[] {
  const parameters = at(detail, 'requestParameters');
  switch (eventName) {
    // Tags of units and policies decide nothing; their ids are not twelve digits.
    case 'TagResource':
    case 'UntagResource':
      return account(at(parameters, 'resourceId'));
    // The account that leaves is the one that calls.
    case 'LeaveOrganization':
      return account(at(detail, 'userIdentity', 'accountId'));
    case 'AcceptHandshake':
      return ofHandshake(at(detail, 'responseElements', 'handshake', 'parties'));
    default:
      return account(at(parameters, 'accountId'));
  }
}

/** The invited account is a party of the handshake where the event tells the parties. */
function ofHandshake(parties: unknown): readonly Hint[] {
  const hints = listIn(parties).flatMap((party) =>
    at(party, 'type') === 'ACCOUNT' ? account(at(party, 'id')) : [],
  );
  return hints.length === 0 ? [{ kind: 'organization' }] : hints;
}

function ofTags({ detailType, detail, resources }: Happening): readonly Hint[] {
  const isOfAccount = at(detail, 'service') === 'organizations' && at(detail, 'resource-type') === 'account';
  if (detailType !== TAG_CHANGE || !isOfAccount) return [];
  // `arn:aws:organizations::<management account>:account/<organization>/<account>`
  return resources.flatMap((arn) =>
    typeof arn === 'string' && /^arn:[^:]*:organizations::\d{12}:account\/[^/]+\/\d{12}$/.test(arn)
      ? account(arn.slice(arn.lastIndexOf('/') + 1))
      : [],
  );
}

function ofControlTower({ detailType, detail, eventName }: Happening): readonly Hint[] {
  if (detailType !== SERVICE_EVENT) return [];
  const told = at(detail, 'serviceEventDetails');
  const ofAccount = (status: unknown): readonly Hint[] =>
    hasFailed(at(status, 'state')) ? [] : account(at(status, 'account', 'accountId'));
  switch (eventName) {
    case 'CreateManagedAccount':
      return ofAccount(at(told, 'createManagedAccountStatus'));
    case 'UpdateManagedAccount':
      return ofAccount(at(told, 'updateManagedAccountStatus'));
    case 'RegisterOrganizationalUnit':
      return hasFailed(at(told, 'registerOrganizationalUnitStatus', 'state'))
        ? []
        : [{ kind: 'organization' }];
    default:
      return [];
  }
}

function ofIdentityCenter({ detailType, detail, eventName }: Happening): readonly Hint[] {
  if (detailType !== API_CALL) return [];
  const parameters = at(detail, 'requestParameters');
  const answer = at(detail, 'responseElements');
  if (isOne(ASSIGNMENT_CALLS, eventName)) {
    const accountId = accountIdIn(at(parameters, 'targetId'));
    const permissionSetArn = permissionSetArnIn(at(parameters, 'permissionSetArn'));
    if (accountId !== undefined && permissionSetArn !== undefined)
      return [{ kind: 'place', accountId, permissionSetArn }];
    // A call of the API names the place, or is malformed.
    return eventName.endsWith('AccountAssignment') ? [] : [{ kind: 'assignments' }];
  }
  if (!isOne(PERMISSION_SET_CALLS, eventName)) return [];
  const arn = permissionSetArnIn(
    at(parameters, 'permissionSetArn'),
    // Of tags: instances and applications have some, too.
    at(parameters, 'resourceArn'),
    at(answer, 'permissionSet', 'permissionSetArn'),
  );
  return arn === undefined ? [] : [{ kind: 'permission set', arn }];
}

function ofIdentityStore(happening: Happening): readonly Hint[] {
  const { detailType, detail, resources } = happening;
  if (!isOne(IDENTITY_NOTIFICATIONS, detailType)) return ofDirectoryCall(happening, IDENTITY_STORE_CALLS);
  const name = detailType.startsWith('User') ? 'user' : 'group';
  // The User Guide says that the ARNs are there; members of the detail it does not name one by one, so both usual spellings are read.
  const ids = resources.map((arn) => (typeof arn === 'string' ? ARN_ID[name].exec(arn)?.[1] : undefined));
  return principal(
    name,
    ...ids,
    at(detail, `${name}Id`),
    at(detail, `${name}-id`),
    at(detail, name, `${name}Id`),
  );
}

const ARN_ID = { user: /:identitystore:.*[:/]user\/([^/]+)$/, group: /:identitystore:.*[:/]group\/([^/]+)$/ };

function ofDirectoryCall(
  { detailType, detail, eventName }: Happening,
  names: readonly string[],
): readonly Hint[] {
  if (detailType !== API_CALL || !isOne(names, eventName)) return [];
  const name = eventName.endsWith('User') ? 'user' : 'group';
  const answer = at(detail, 'responseElements');
  return principal(
    name,
    at(detail, 'requestParameters', `${name}Id`),
    at(answer, `${name}Id`),
    at(answer, name, `${name}Id`),
  );
}

function principal(name: 'user' | 'group', ...candidates: readonly unknown[]): readonly Hint[] {
  const id = principalIdIn(...candidates);
  return id === undefined ? [] : [{ kind: 'principal', type: name === 'user' ? 'USER' : 'GROUP', id }];
}
