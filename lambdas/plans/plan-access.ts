import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Baselines } from '../../core/baselines/baseline';
import { deployedBaselines } from '../../core/baselines/deployed-baselines';
import { parseBaselines } from '../../core/baselines/parse-baselines';
import { type HttpAnswer, forbidden, invalidCall, unavailable } from '../../core/http/problem-details';
import { type BaselinePlanPorts, planBaselines } from '../../core/plans/plan-baselines';
import { type RequestPlanPorts, planRequest } from '../../core/plans/plan-request';
import { AccessFileError } from '../../core/policy/access-file-error';
import type { PolicyInForce } from '../../core/policy/access-policy';
import { OrganizationUnknownError, StillReadingError } from '../../core/ports/organization-picture';
import type { Settings } from '../../core/settings/settings';
import { type FieldProblem, collectProblems } from '../../core/tickets/field-problem';
import { type JsonObject, checkKeys, checkStructure, member } from '../../core/tickets/field-reading';
import { answer } from '../request-api/answer';
import { readJson, ticketOf } from '../request-api/ask';
import type { Caller } from '../request-api/call';

/** What plans touch, and are made by. */
export interface PlanAccessPorts extends RequestPlanPorts, BaselinePlanPorts {
  readonly settings: Settings;
}

/** The function ends after 28 s, API Gateway gives up after 29 s. What is begun last takes a second or two. */
const BUDGET_MS = 25_000;

/** Somebody else's listing, or the service's rate, is over by then. */
const RETRY_SECONDS = 30;

/** `POST /plans`: what a request, or the baselines as edited, would do; nothing is done, and nothing stored. */
export async function planAccess(
  ports: PlanAccessPorts,
  inForce: PolicyInForce,
  caller: Caller,
  event: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  const deadline = ports.clock.now() + BUDGET_MS;
  const { mayAsk, mayReconciliations } = caller.rights;
  if (!mayAsk && mayReconciliations === 'none') return forbidden('this caller may not ask for plans');
  const reading = readJson(event);
  if ('statusCode' in reading) return reading;
  const { body } = reading;
  try {
    if (Object.hasOwn(body, 'baselines')) {
      if (mayReconciliations === 'none') return forbidden('this caller may not plan baselines');
      return await answerBaselines(ports, inForce, body, deadline);
    }
    if (!mayAsk) return forbidden('this caller may not ask for access, and so may not plan it');
    const ticket = ticketOf(
      { clock: ports.clock, mostAccounts: ports.settings.mostAccountsPerRequest },
      caller,
      body,
    );
    if ('statusCode' in ticket) return ticket;
    const maySeeAssignments = caller.rights.mayRead === 'all';
    const question = { caller: caller.arn, ticket, maySeeAssignments };
    return answer(200, await planRequest(ports, ports.settings, inForce, question));
  } catch (error) {
    const isForLater = error instanceof OrganizationUnknownError || error instanceof StillReadingError;
    if (!isForLater) throw error;
    return unavailable(event.requestContext.requestId, RETRY_SECONDS);
  }
}

async function answerBaselines(
  ports: PlanAccessPorts,
  { policy }: PolicyInForce,
  body: JsonObject,
  deadline: number,
): Promise<HttpAnswer> {
  const { report, problems } = collectProblems();
  checkStructure(report, '', body);
  checkKeys(report, '', body, ['baselines', 'after']);
  const after = member(body, 'after');
  if (after !== undefined && (typeof after !== 'string' || !/^\d{12}$/.test(after)))
    report('after', after, 'is not an account id', 'send next of the answer before');
  const { protectedPermissionSets } = policy.guardrails;
  const reading = readRules(member(body, 'baselines'), protectedPermissionSets);
  const found = [...problems(), ...('problems' in reading ? reading.problems : [])];
  if (found.length > 0 || 'problems' in reading) return invalidCall(found);
  const deployed = deployedBaselines(reading, protectedPermissionSets);
  return answer(200, await planBaselines(ports, deployed, deadline, after as string | undefined));
}

/** The rules, or what is wrong with them; fields are named as in the file. */
function readRules(
  document: unknown,
  protectedPermissionSets: readonly string[],
): Baselines | { readonly problems: readonly FieldProblem[] } {
  try {
    return parseBaselines({ fileName: 'baselines', document }, { protectedPermissionSets });
  } catch (error) {
    if (error instanceof AccessFileError) return { problems: error.problems };
    throw error;
  }
}
