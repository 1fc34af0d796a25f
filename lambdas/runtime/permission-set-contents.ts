import type {
  AttachedManagedPolicy,
  CustomerManagedPolicyReference,
  PermissionSet,
  PermissionsBoundary as ServiceBoundary,
  Tag,
} from '@aws-sdk/client-sso-admin';
import {
  DEFAULT_SESSION_DURATION,
  type PermissionSetContents,
  type PermissionsBoundary,
  type PolicyReference,
} from '../../core/permission-sets/definition';
import { canonicalJson } from '../../core/tickets/canonical-json';
import { isoDuration, readDuration } from '../../core/tickets/durations';

/** The service's default, which it may leave out. */
const DEFAULT_PATH = '/';

/** Answers of the service in the one form of {@link PermissionSetContents}, whatever they leave out, and in whatever order. */

export function attributesOf({
  Description: description = '',
  SessionDuration: sessionDuration = DEFAULT_SESSION_DURATION,
  RelayState: relayState = '',
}: PermissionSet): Pick<PermissionSetContents, 'description' | 'sessionDuration' | 'relayState'> {
  return {
    sessionDuration: canonicalDuration(sessionDuration),
    // A blank one is what takes a description away (core/permission-sets/differences.ts).
    ...(description.trim() === '' ? {} : { description }),
    ...(relayState === '' ? {} : { relayState }),
  };
}

export function tagsOf(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(
    tags.flatMap(({ Key: key, Value: value = '' }) => (key === undefined ? [] : [[key, value]])),
  );
}

export function awsManagedOf(attached: readonly AttachedManagedPolicy[]): string[] {
  return [...new Set(attached.flatMap(({ Arn: arn }) => arn ?? []))].sort();
}

export function customerManagedOf(attached: readonly CustomerManagedPolicyReference[]): PolicyReference[] {
  const byPlace = new Map(attached.map(referenceOf).map((each) => [each.path + each.name, each]));
  return [...byPlace.keys()].sort().flatMap((place) => byPlace.get(place) ?? []);
}

/** Canonical JSON; what is none stays as it is, and differs from every definition. */
export function inlinePolicyOf(text = ''): Pick<PermissionSetContents, 'inlinePolicy'> {
  if (text.trim() === '') return {};
  try {
    return { inlinePolicy: canonicalJson(JSON.parse(text)) };
  } catch {
    return { inlinePolicy: text };
  }
}

export function boundaryOf(
  boundary: ServiceBoundary | undefined,
): Pick<PermissionSetContents, 'permissionsBoundary'> {
  const { ManagedPolicyArn: awsManagedPolicy, CustomerManagedPolicyReference: reference } = boundary ?? {};
  if (awsManagedPolicy !== undefined) return { permissionsBoundary: { awsManagedPolicy } };
  return reference === undefined
    ? {}
    : { permissionsBoundary: { customerManagedPolicy: referenceOf(reference) } };
}

/** The other way round. */
export function boundaryInput(boundary: PermissionsBoundary): ServiceBoundary {
  return 'awsManagedPolicy' in boundary
    ? { ManagedPolicyArn: boundary.awsManagedPolicy }
    : { CustomerManagedPolicyReference: referenceInput(boundary.customerManagedPolicy) };
}

/** The other way round. */
export function referenceInput({ name, path }: PolicyReference): CustomerManagedPolicyReference {
  return { Name: name, Path: path };
}

/** The other way round. */
export function tagsInput(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function referenceOf({
  Name: name = '',
  Path: path = DEFAULT_PATH,
}: Partial<CustomerManagedPolicyReference>): PolicyReference {
  return { name, path };
}

/** `PT1H30M` for `PT90M`; what is no duration stays as it is. */
function canonicalDuration(text: string): string {
  const reading = readDuration(text);
  return reading.ok ? isoDuration(reading.milliseconds) : text;
}
