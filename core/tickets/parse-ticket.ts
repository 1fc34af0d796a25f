import { collectProblems, type FieldProblem, type Report } from './field-problem';
import { checkKeys, checkStructure, isJsonObject, type JsonObject, member } from './field-reading';
import { readPeriod } from './periods';
import { readPermissionSet, readPrincipal, readRequester, readTicketReference } from './references';
import { kindOf, readText, type TextRule } from './safe-text';
import { MOST_ACCOUNTS, readTicketTarget } from './targets';
import type { Ticket } from './ticket';

/** A ticket, or everything that is wrong with the body, in the order of the fields. */
export type TicketReading =
  | { readonly ok: true; readonly ticket: Ticket }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

const JUSTIFICATION: TextRule = {
  kind: 'prose',
  longest: 1_000,
  what: 'why the access is needed, in a sentence',
};

/** Fields of the design that this version refuses, each with what to do instead. */
const NOT_SUPPORTED: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  callbackUrl: [
    'callbacks are not supported in this version',
    'leave it out, and subscribe to the result events on the latchkey event bus',
  ],
  extends: [
    'extensions are not supported in this version',
    'leave it out, and send a new request that overlaps the first: the access stays until the later end',
  ],
};

const KNOWN = [
  'ticket',
  'requestedBy',
  'principal',
  'permissionSet',
  'target',
  'startsAt',
  'duration',
  'expiresAt',
  'justification',
];

/**
 * Reads the body of a request, already parsed as JSON. `now`, in epoch milliseconds, is what `startsAt` is measured
 * against and defaults to; `mostAccounts` is the setting `mostAccountsPerRequest`. Every wrong field is reported, not only the
 * first. Never throws, whatever `body` is.
 */
export function parseTicket(body: unknown, now: number, mostAccounts = MOST_ACCOUNTS): TicketReading {
  const { report, problems } = collectProblems();
  const ticket = readBody(report, body, now, mostAccounts);
  const found = problems();
  return ticket === undefined || found.length > 0
    ? { ok: false, problems: found }
    : { ok: true, ticket: deeplyFrozen(ticket) };
}

function readBody(report: Report, body: unknown, now: number, mostAccounts: number): Ticket | undefined {
  if (!isJsonObject(body)) {
    report('(body)', body, `is ${kindOf(body)}, not an object`, 'send one JSON object');
    return undefined;
  }
  // Too deep a body is not read any further: its fields would be reported for what they contain, endlessly.
  if (!checkStructure(report, '', body)) return undefined;
  checkKeys(report, '', body, [...KNOWN, ...Object.keys(NOT_SUPPORTED)]);
  refuseUnsupported(report, body);
  const ticket = readTicketReference(report, member(body, 'ticket'));
  const requestedBy = readRequester(report, member(body, 'requestedBy'));
  const principal = readPrincipal(report, member(body, 'principal'));
  const permissionSet = readPermissionSet(report, member(body, 'permissionSet'));
  const target = readTicketTarget(report, member(body, 'target'), mostAccounts);
  const period = readPeriod(report, body, now);
  const justification = readText(report, 'justification', member(body, 'justification'), JUSTIFICATION);
  if (!principal || !permissionSet || !target || !period || justification === undefined) return undefined;
  return {
    ...(ticket && { ticket }),
    ...(requestedBy && { requestedBy }),
    principal,
    permissionSet,
    ...target,
    ...period,
    justification,
  };
}

function refuseUnsupported(report: Report, body: JsonObject): void {
  for (const [key, [problem, remedy]] of Object.entries(NOT_SUPPORTED)) {
    // The value is not shown: a callback's address may carry a token.
    if (Object.hasOwn(body, key)) report(key, kindOf(body[key]), problem, remedy);
  }
}

function deeplyFrozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deeplyFrozen(part as object);
  }
  return Object.freeze(value);
}
