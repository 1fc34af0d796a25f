import type { APIGatewayProxyEvent } from 'aws-lambda';
import {
  type NamePorts,
  type PrincipalRef,
  knownNames,
  principalsNamed,
} from '../../core/assignments/known-names';
import { viewAssignment } from '../../core/assignments/view';
import { type HttpAnswer, forbidden, invalidCall } from '../../core/http/problem-details';
import type { AssignmentPages, AssignmentQuery } from '../../core/ports/assignment-finder';
import type { Clock } from '../../core/ports/clock';
import { type FieldProblem } from '../../core/tickets/field-problem';
import { PERMISSION_SET_ARN, STORE_ID } from '../../core/tickets/references';
import { BadPageTokenError } from '../runtime/ledger/page-token';
import { answer } from './answer';
import { type Caller, callProblem, parameterProblems } from './call';

/** What the calls on assignments touch: the ledger alone. */
export interface AssignmentApiPorts extends NamePorts {
  readonly assignments: AssignmentPages;
  readonly clock: Pick<Clock, 'now'>;
}

/** Assignments in one answer. */
export const ASSIGNMENTS_PER_PAGE = 100;

const FILTERS = ['account', 'principal', 'permissionSet'] as const;

/** The longest name in the identity store, a group's. */
const LONGEST_FILTER = 1_024;

/** What a principal may be written as, before a colon. */
const FORMS: Readonly<Record<string, { readonly type: PrincipalRef['type']; readonly isId: boolean }>> = {
  user: { type: 'USER', isId: false },
  userId: { type: 'USER', isId: true },
  group: { type: 'GROUP', isId: false },
  groupId: { type: 'GROUP', isId: true },
};

/**
 * `GET /assignments?account=&principal=&permissionSet=`: who has what, and why. At least one filter; all that are given must fit. By an
 * account it is as the ledger is now; otherwise what began in the last seconds may be missing, and what is shown is as it is now.
 */
export async function listAssignments(
  ports: AssignmentApiPorts,
  caller: Caller,
  event: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  if (caller.rights.mayRead !== 'all')
    return forbidden('this caller may not read what others have: it needs the right read: all');
  const given = event.queryStringParameters ?? {};
  const problems = [...parameterProblems(event, [...FILTERS, 'next']), ...shapeProblems(given)];
  if (problems.length > 0) return invalidCall(problems);
  const account = given.account === undefined ? {} : { accountId: given.account };
  const principal = await principalOf(ports, given.principal);
  const permissionSetArn = await permissionSetOf(ports, given.permissionSet);
  const unknown = [principal, permissionSetArn].filter(isProblem);
  if (unknown.length > 0) return invalidCall(unknown);
  return answerPage(
    ports,
    {
      ...account,
      ...(principal === undefined || isProblem(principal) ? {} : { principal }),
      ...(permissionSetArn === undefined || isProblem(permissionSetArn) ? {} : { permissionSetArn }),
    },
    given.next,
  );
}

async function answerPage(
  ports: AssignmentApiPorts,
  query: AssignmentQuery,
  after: string | undefined,
): Promise<HttpAnswer> {
  try {
    return answer(200, await assignmentsPage(ports, query, after));
  } catch (error) {
    if (!(error instanceof BadPageTokenError)) throw error;
    return badToken('next', after);
  }
}

/** A page of assignments as JSON. @throws BadPageTokenError */
export async function assignmentsPage(
  ports: AssignmentApiPorts,
  query: AssignmentQuery,
  after: string | undefined,
): Promise<{ readonly assignments: readonly object[]; readonly next?: string }> {
  const { assignments, next } = await ports.assignments.list(query, ASSIGNMENTS_PER_PAGE, after);
  const names = await knownNames(ports, assignments);
  const now = ports.clock.now();
  return {
    assignments: assignments.map((each) => viewAssignment(each, names, now)),
    ...(next === undefined ? {} : { next }),
  };
}

/** 400: the page token is another query's. */
export function badToken(field: string, token: string | undefined): HttpAnswer {
  const remedy = 'give next of the page before';
  return invalidCall([callProblem(field, token, 'is not a token of this query', remedy)]);
}

type Given = Readonly<Partial<Record<string, string>>>;

function shapeProblems(given: Given): FieldProblem[] {
  const filters = FILTERS.filter((name) => given[name] !== undefined);
  if (filters.length === 0)
    return [callProblem('(query)', given, 'has no filter', `give at least one of ${FILTERS.join(', ')}`)];
  return filters.flatMap((name) => {
    const value = given[name] ?? '';
    if (value.trim() === '') return [callProblem(name, value, 'is empty', 'give a value, or leave it out')];
    if (value.length > LONGEST_FILTER) {
      const problem = `has ${value.length} characters`;
      return [callProblem(name, value, problem, `give at most ${LONGEST_FILTER}`)];
    }
    if (name === 'account' && !/^\d{12}$/.test(value))
      return [callProblem(name, value, 'is not an account id', 'give its 12 digits')];
    return [];
  });
}

async function principalOf(
  ports: NamePorts,
  text: string | undefined,
): Promise<PrincipalRef | FieldProblem | undefined> {
  if (text === undefined) return undefined;
  const [, prefix = '', rest = ''] = /^(userId|groupId|user|group):(.+)$/s.exec(text) ?? [];
  const form = FORMS[prefix];
  if (form?.isId === true) {
    if (STORE_ID.test(rest)) return { type: form.type, id: rest };
    return callProblem(
      'principal',
      text,
      'is not an id of the identity store',
      'give a UUID after the colon',
    );
  }
  const found = await principalsNamed(ports, (form === undefined ? text : rest).normalize('NFC'), form?.type);
  const [only, ...others] = found;
  if (only === undefined) {
    const problem = 'is a name that neither a request nor a rule has had';
    return callProblem('principal', text, problem, 'give userId:<id> or groupId:<id>');
  }
  if (others.length === 0) return only;
  const each = found.map(({ type, id }) => `${type === 'USER' ? 'userId' : 'groupId'}:${id}`);
  return callProblem('principal', text, `means ${found.length} principals`, `give one of ${each.join(', ')}`);
}

async function permissionSetOf(
  { permissionSetIndex }: NamePorts,
  text: string | undefined,
): Promise<string | FieldProblem | undefined> {
  if (text === undefined || PERMISSION_SET_ARN.test(text)) return text;
  const named = [...(await permissionSetIndex.read())].filter(([, name]) => name === text);
  const [only, ...others] = named.map(([arn]) => arn);
  if (only === undefined) {
    const problem = 'is no permission set that Latchkey has looked up';
    return callProblem('permissionSet', text, problem, 'check the spelling, or give its ARN');
  }
  if (others.length === 0) return only;
  // A set that was made anew has another ARN, and the index has both.
  const remedy = `give one of ${[only, ...others].join(', ')}`;
  return callProblem('permissionSet', text, `means ${named.length} permission sets`, remedy);
}

function isProblem(value: unknown): value is FieldProblem {
  return typeof value === 'object' && value !== null && 'remedy' in value;
}
