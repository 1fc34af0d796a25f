/** The parts of an event that say what it is of. */
export interface Happening {
  /** `aws.sso` */
  readonly source: string;
  readonly detailType: string;
  /** ARNs. */
  readonly resources: readonly unknown[];
  readonly detail: unknown;
  /** The call or service event of CloudTrail's record; empty where there is none. */
  readonly eventName: string;
}

const TWELVE_DIGITS = /^\d{12}$/;

/** Ids of users and groups; those of older stores begin with ten more digits. As in the Identity Store's API reference. */
const PRINCIPAL_ID = /^([0-9a-f]{10}-)?[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$/;

/** As in the API reference of Identity Center. */
const PERMISSION_SET_ARN =
  /^arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}$/;

/** What stands at a path of own members, such as `requestParameters`, `accountId`; undefined where it leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, name) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, name)
        ? (node as Readonly<Record<string, unknown>>)[name]
        : undefined,
    value,
  );
}

/** The first of the values that is a text of this form. */
function firstOf(form: RegExp, values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && form.test(value));
}

export const accountIdIn = (...values: readonly unknown[]): string | undefined =>
  firstOf(TWELVE_DIGITS, values);

export const principalIdIn = (...values: readonly unknown[]): string | undefined =>
  firstOf(PRINCIPAL_ID, values);

export const permissionSetArnIn = (...values: readonly unknown[]): string | undefined =>
  firstOf(PERMISSION_SET_ARN, values);

/** A list, or an empty one for whatever is none. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The parts of an event; undefined for what is no event, and for the record of a call that failed. */
export function partsOf(event: unknown): Happening | undefined {
  const [source, detailType, eventName] = [
    at(event, 'source'),
    at(event, 'detail-type'),
    at(event, 'detail', 'eventName'),
  ];
  if (typeof source !== 'string' || typeof detailType !== 'string') return undefined;
  const detail = at(event, 'detail');
  if ((at(detail, 'errorCode') ?? undefined) !== undefined) return undefined;
  return {
    source,
    detailType,
    resources: listIn(at(event, 'resources')),
    detail,
    eventName: typeof eventName === 'string' ? eventName : '',
  };
}
