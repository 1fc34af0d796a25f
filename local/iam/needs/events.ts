import { arns, EVERYTHING, textOf, type Needs } from './need';

/** Operations on a rule, with the member that names it. */
const RULE_MEMBERS: Readonly<Record<string, string>> = { DescribeRule: 'Name', ListTargetsByRule: 'Rule' };

/**
 * What `events` actions need: putting events the bus of every entry, looking at a rule the rule, other looks `*`. One entry
 * whose bus is not allowed refuses the whole call. Source: the service authorization reference of EventBridge.
 */
export const eventsNeeds: Needs = (operation, input, { region, accountId }) => {
  const action = `events:${operation}`;
  const prefix = `arn:aws:events:${region}:${accountId}:`;
  if (operation === 'PutEvents') {
    const entries = Array.isArray(input.Entries) ? (input.Entries as readonly unknown[]) : [];
    const buses = entries.map((entry) => textOf(entry, 'EventBusName') ?? 'default');
    return [
      {
        action,
        resources: arns(...buses.map((bus) => (bus.startsWith('arn:') ? bus : `${prefix}event-bus/${bus}`))),
      },
    ];
  }
  const member = RULE_MEMBERS[operation];
  if (member === undefined) return [{ action, resources: EVERYTHING }];
  const bus = (textOf(input, 'EventBusName') ?? 'default').replace(/^.*:event-bus\//, '');
  const path = bus === 'default' ? '' : `${bus}/`;
  return [{ action, resources: [`${prefix}rule/${path}${textOf(input, member) ?? ''}`] }];
};
