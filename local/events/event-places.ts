import type { Random } from '../../core/ports/random';
import type { LocalAssembly } from '../assembly/local-assembly';
import { isJsonObject } from '../assembly/json-values';
import { AwsError } from '../aws-api/json-service';
import { templateRoles } from '../iam/template-roles';
import { createEvents, type EventsParts, type LocalEvents, type OtherBuses } from './create-events';
import { type EventEnvelope, readServiceEvent } from './event-envelope';
import { busNameOf } from './event-rules';
import { Remembered } from './outlet';

/** What the events of several stacks are made of. */
export interface EventPlacesParts extends Omit<EventsParts, 'elsewhere'> {
  /** Stacks of other accounts and Regions, which have rules and queues but nothing that runs. */
  readonly further: readonly LocalAssembly[];
  /** Jitter of retries in the further stacks. */
  readonly furtherRandom: Random;
  /** New UUIDs for the further stacks. */
  readonly furtherUuid: () => string;
  readonly organizationId: string;
  readonly managementAccountId: string;
}

/** EventBridge in every account and Region that a stack of the app is in. */
export interface EventPlaces {
  /** The main stack's. */
  readonly home: LocalEvents;
  /**
   * Takes an event of an AWS service where it happens: on the default bus of its account and Region. Where the app has no stack there,
   * nobody hears it.
   *
   * @returns the event with what was missing filled in: account and Region are those where AWS tells the events of that source
   * @throws AwsError ValidationException for an envelope that is not one of an AWS service
   */
  emit(event: unknown): EventEnvelope;
  /** The last 1,000 events that reached nobody, oldest first. */
  unheard(): readonly EventEnvelope[];
  /** By the name of the stack; undefined for one that is not there. */
  of(stackName: string): LocalEvents | undefined;
  /** Ends all schedules. */
  stop(): void;
}

/** Whatever else a further stack has would be there on AWS and do nothing here. */
const NOTHING_RUNS: readonly string[] = [
  'AWS::ApiGateway::RestApi',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Lambda::Function',
  'AWS::StepFunctions::StateMachine',
];

const ORGANIZATIONS_REGION = 'us-east-1';

const UNHEARD = 'unheard';

/**
 * Makes the events of all stacks, and the ways between their buses.
 *
 * @throws Error naming the stack, the resource and what about it is wrong or not supported
 */
export function createEventPlaces(parts: EventPlacesParts): EventPlaces {
  const { assembly, further, clock, managementAccountId, uuid } = parts;
  const unheard = new Remembered<EventEnvelope>();
  const places: { readonly assembly: LocalAssembly; readonly events: LocalEvents }[] = [];

  const elsewhereOf = (from: LocalAssembly): OtherBuses => {
    const roles = templateRoles(from);
    return {
      send: (busArn, event, roleArn) => {
        checkRole(roles, busArn, roleArn, from, parts.organizationId);
        const busName = busNameOf(busArn);
        const target = places.find(({ assembly: { region, accountId }, events }) => {
          const arns = events.buses().map(({ arn }) => arn);
          return busArn.startsWith(`arn:aws:events:${region}:${accountId}:`) && arns.includes(busArn);
        });
        if (target === undefined)
          throw new AwsError('ResourceNotFoundException', `Event bus ${busArn} does not exist.`);
        const { organizationId } = parts;
        target.events.receive(busName, event, { accountId: from.accountId, roleArn, organizationId });
      },
    };
  };

  for (const stack of further) refuseWhatRuns(stack);
  const home = createEvents({ ...parts, elsewhere: elsewhereOf(assembly) });
  places.push({ assembly, events: home });
  for (const stack of further) {
    const events = createEvents({
      ...parts,
      assembly: stack,
      random: parts.furtherRandom,
      uuid: parts.furtherUuid,
      elsewhere: elsewhereOf(stack),
    });
    places.push({ assembly: stack, events });
  }

  return {
    home,
    emit: (event) => {
      const source = isJsonObject(event) ? event.source : undefined;
      const place = placeOf(source, assembly, managementAccountId);
      const envelope = readServiceEvent(event, { id: uuid, ...place, at: clock.now() });
      const there = places.filter(
        ({ assembly: { accountId, region } }) => accountId === envelope.account && region === envelope.region,
      );
      if (there.length === 0) unheard.add(UNHEARD, envelope);
      for (const { events } of there) events.events.take(envelope);
      return envelope;
    },
    unheard: () => unheard.at(UNHEARD),
    of: (stackName) => places.find((place) => place.assembly.stackName === stackName)?.events,
    stop: () => {
      for (const { events } of places) events.stop();
    },
  };
}

/** Where AWS tells events of a source: those of the organization in its management account. */
function placeOf(
  source: unknown,
  { accountId, region }: LocalAssembly,
  managementAccountId: string,
): { readonly account: string; readonly region: string } {
  switch (source) {
    case 'aws.organizations':
    case 'aws.tag':
      return { account: managementAccountId, region: ORGANIZATIONS_REGION };
    // Control Tower's home Region is taken to be that of the instance, as the simulator does.
    case 'aws.controltower':
      return { account: managementAccountId, region };
    default:
      return { account: accountId, region };
  }
}

/** The role of a target has to allow the call, wherever the bus is. */
function checkRole(
  roles: ReturnType<typeof templateRoles>,
  busArn: string,
  roleArn: string | undefined,
  { accountId }: LocalAssembly,
  organizationId: string,
): void {
  if (roleArn === undefined) return;
  const decision = roles.get(roleArn)?.policy.decide('events:PutEvents', busArn, {
    'aws:PrincipalArn': roleArn,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalOrgID': organizationId,
    // Of the bus: the call is made there.
    'aws:RequestedRegion': busArn.split(':')[3],
    'kms:ViaService': undefined,
  });
  if (decision?.answer === 'allowed') return;
  throw new AwsError(
    'AccessDeniedException',
    `${roleArn} is not authorized to perform: events:PutEvents on resource: ${busArn} because no identity-based policy allows the events:PutEvents action`,
  );
}

function refuseWhatRuns(stack: LocalAssembly): void {
  for (const type of NOTHING_RUNS) {
    const [resource] = stack.ofType(type);
    if (resource !== undefined) {
      throw new Error(
        `the stack ${stack.stackName} has ${resource.logicalId} of the type ${type}; the local runtime runs the main stack alone, and of others rules, buses and queues`,
      );
    }
  }
}
