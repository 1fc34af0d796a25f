import { createHash } from 'node:crypto';
import type { PermissionSetChange } from '../ports/permission-sets';
import type { PermissionSetContents, PermissionsBoundary, PolicyReference } from './definition';

type Present = Partial<PermissionSetContents>;

/** Longer texts are cut: a plan is read at a glance. In UTF-16 code units. */
const LONGEST_SHOWN = 60;

/** Hexadecimal digits of SHA-256 that tell two inline policies apart. */
const DIGITS = 12;

/** Changes in words for people, each a line, such as `attach ReadOnlyAccess` or `session duration PT1H → PT8H`. */
export function describeChanges(changes: readonly PermissionSetChange[], present: Present): string[] {
  return changes.flatMap((change) => describe(change, present));
}

function describe(change: PermissionSetChange, present: Present): string[] {
  switch (change.change) {
    case 'attributes':
      return [
        ...fromTo('description', quoted(present.description), quoted(change.description)),
        ...fromTo('session duration', present.sessionDuration, change.sessionDuration),
        ...fromTo('relay state', quoted(present.relayState), quoted(change.relayState)),
      ];
    case 'tag':
      return Object.entries(change.tags).flatMap(([key, value]) =>
        fromTo(`tag ${key}`, tagOf(present, key), shown(value)),
      );
    case 'untag':
      return change.keys.flatMap((key) => fromTo(`tag ${key}`, tagOf(present, key), undefined));
    case 'attach':
    case 'detach':
      return [
        `${change.change} ${'awsManagedPolicy' in change ? nameOf(change.awsManagedPolicy) : placeOf(change.customerManagedPolicy)}`,
      ];
    case 'put inline policy':
      return fromTo('inline policy', fingerprint(present.inlinePolicy), fingerprint(change.inlinePolicy));
    case 'delete inline policy':
      return fromTo('inline policy', fingerprint(present.inlinePolicy), undefined);
    case 'put boundary':
      return fromTo(
        'permissions boundary',
        boundaryName(present.permissionsBoundary),
        boundaryName(change.permissionsBoundary),
      );
    case 'delete boundary':
      return fromTo('permissions boundary', boundaryName(present.permissionsBoundary), undefined);
  }
}

/** Nothing where both are the same: one call carries what does not change, too. */
function fromTo(what: string, from = 'none', to = 'none'): string[] {
  return from === to ? [] : [`${what} ${from} → ${to}`];
}

/** A blank text takes away what is there. */
function quoted(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : shown(text);
}

function shown(text: string): string {
  return JSON.stringify(text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1)}…`);
}

function tagOf({ tags = {} }: Present, key: string): string | undefined {
  return Object.hasOwn(tags, key) ? shown(tags[key] ?? '') : undefined;
}

/** `job-function/Billing` of `arn:aws:iam::aws:policy/job-function/Billing`. */
function nameOf(arn: string): string {
  return arn.replace(/^arn:[^:]*:iam::aws:policy\//, '');
}

/** The whole path, so that it is told from an AWS-managed policy. */
function placeOf({ name, path }: PolicyReference): string {
  return `${path}${name}`;
}

function boundaryName(boundary: PermissionsBoundary | undefined): string | undefined {
  if (boundary === undefined) return undefined;
  return 'awsManagedPolicy' in boundary
    ? nameOf(boundary.awsManagedPolicy)
    : placeOf(boundary.customerManagedPolicy);
}

/** A document is too long for a plan, and none of its reader's business. */
function fingerprint(policy: string | undefined): string | undefined {
  if (policy === undefined) return undefined;
  const digest = createHash('sha256').update(policy).digest('hex').slice(0, DIGITS);
  return `${digest} (${Buffer.byteLength(policy)} bytes)`;
}
