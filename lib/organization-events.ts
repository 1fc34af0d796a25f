import type { Settings } from '../core/settings/settings';
import {
  ACCOUNT_CALLS,
  API_CALL,
  ASSIGNMENT_CALLS,
  CONTROL_TOWER_EVENTS,
  DIRECTORY_CALLS,
  IDENTITY_NOTIFICATIONS,
  IDENTITY_STORE_CALLS,
  ORGANIZATION_SERVICE_EVENTS,
  PERMISSION_SET_CALLS,
  SERVICE_EVENT,
  TAG_CHANGE,
  UNIT_CALLS,
} from '../core/happenings/event-names';

/** The part of an event pattern that differs from rule to rule; `account` is the rule's to add. */
export interface ChangePattern {
  readonly source: readonly string[];
  readonly detailType: readonly string[];
  readonly detail?: Readonly<Record<string, readonly unknown[]>>;
}

/** Events that lie together: by the account and Region that AWS tells them in. */
export type ChangeGroup = 'organization' | 'control tower' | 'identities';

/** By the id of the rule. */
type ChangePatterns = Readonly<Record<string, ChangePattern>>;

/** A call that was refused changed nothing. */
const NOT_REFUSED = [{ exists: false }];

function calls(source: string, names: readonly string[]): ChangePattern {
  return {
    source: [source],
    detailType: [API_CALL],
    detail: { eventName: [...names], errorCode: NOT_REFUSED },
  };
}

/**
 * What the rules let in, the same on both sides of the way between the accounts. `organization`: of the management account, in
 * us-east-1 alone. `control tower`: of the same account, in Control Tower's home Region. `identities`: in Identity Center's home Region,
 * of the account that called, and the Identity Store's own notifications in the account that owns the store, the management account.
 *
 * @see "Organizations", "IAM Identity Center" and "Identity Store" of the EventBridge event reference, and "EventBridge event message
 * structure" of the IAM Identity Center User Guide
 */
export const CHANGES: Readonly<Record<ChangeGroup, ChangePatterns>> = {
  organization: {
    Organizations: calls('aws.organizations', [...ACCOUNT_CALLS, ...UNIT_CALLS]),
    OrganizationOutcomes: {
      source: ['aws.organizations'],
      detailType: [SERVICE_EVENT],
      detail: { eventName: [...ORGANIZATION_SERVICE_EVENTS] },
    },
    AccountTags: {
      source: ['aws.tag'],
      detailType: [TAG_CHANGE],
      detail: { service: ['organizations'], 'resource-type': ['account'] },
    },
  },
  'control tower': {
    ControlTower: {
      source: ['aws.controltower'],
      detailType: [SERVICE_EVENT],
      detail: { eventName: [...CONTROL_TOWER_EVENTS] },
    },
  },
  identities: {
    Assignments: calls('aws.sso', ASSIGNMENT_CALLS),
    PermissionSets: calls('aws.sso', PERMISSION_SET_CALLS),
    Directory: calls('aws.sso-directory', DIRECTORY_CALLS),
    IdentityStore: calls('aws.identitystore', IDENTITY_STORE_CALLS),
    IdentityNotifications: { source: ['aws.identitystore'], detailType: [...IDENTITY_NOTIFICATIONS] },
  },
};

/** Organizations tells its events there and nowhere else. */
const ORGANIZATIONS_REGION = 'us-east-1';

/** Name of the bus in the home Region that takes the management account's events. */
export const ORGANIZATION_BUS_NAME = 'latchkey-organization';

/** The role that sends them from one Region: fixed names, since the bus's policy names them before the roles are there. */
export function forwarderRoleName(region: string): string {
  return `latchkey-organization-events-${region}`;
}

/** Of the alarm and its topic, by Region's stack; like all alarms of Latchkey they begin with `latchkey-`, which the key's policy says. */
export const UNDELIVERED_EVENTS = {
  alarmName: 'latchkey-dead-letters-organization-events',
  topicName: 'latchkey-organization-events-alarms',
} as const;

/** A stack of the management account: its name, its Region, and what it sends on from there. */
export interface ForwarderPlan {
  readonly stackName: string;
  readonly region: string;
  readonly groups: readonly ChangeGroup[];
}

/** The stacks that the settings ask for: one in each of up to three Regions, named by the first thing that lies there. */
export function forwarderPlans(
  settings: Pick<Settings, 'organizationEvents' | 'homeRegion' | 'controlTowerRegion'>,
): readonly ForwarderPlan[] {
  if (!settings.organizationEvents) return [];
  const wanted: readonly (readonly [string, string, ChangeGroup])[] = [
    ['LatchkeyOrganizationEvents', ORGANIZATIONS_REGION, 'organization'],
    ['LatchkeyControlTowerEvents', settings.controlTowerRegion ?? ORGANIZATIONS_REGION, 'control tower'],
    ['LatchkeyIdentityEvents', settings.homeRegion, 'identities'],
  ];
  return wanted.flatMap(([stackName, region], index) =>
    wanted.findIndex(([, other]) => other === region) === index
      ? [
          {
            stackName,
            region,
            groups: wanted.filter(([, other]) => other === region).map(([, , group]) => group),
          },
        ]
      : [],
  );
}
