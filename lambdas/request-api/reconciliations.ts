import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, forbidden, invalidCall } from '../../core/http/problem-details';
import type { ReconcileScope } from '../../core/reconcile/scope';
import { collectProblems } from '../../core/tickets/field-problem';
import { checkKeys, checkStructure, member } from '../../core/tickets/field-reading';
import { answer } from './answer';
import { type Caller, callProblem, optionalBody, parameterProblems } from './call';

/** What the calls on reconciliations touch. */
export interface ReconciliationApiPorts {
  readonly reconciliations: {
    /** Asks for one; one that runs goes on with it at its end. */
    readonly ask: (scope: ReconcileScope) => Promise<{ readonly joins: boolean }>;
    /** How it stands, and a page of open findings after one. */
    readonly view: (after?: string) => Promise<object>;
  };
}

/** The name of a finding, after which a page goes on. */
const FINDING_NAME = /^[\x21-\x7e]{1,512}$/;

/** `GET /reconciliations`: how it stands, how the last one ended, and a page of open findings. */
export async function listReconciliations(
  { reconciliations }: ReconciliationApiPorts,
  caller: Caller,
  event: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  if (caller.rights.mayReconciliations === 'none')
    return forbidden('this caller may not read reconciliations');
  const problems = parameterProblems(event, ['next']);
  const after = event.queryStringParameters?.next;
  if (after !== undefined && !FINDING_NAME.test(after)) {
    const remedy = 'give next of the page before';
    problems.push(callProblem('next', after, 'is not the next of a page', remedy));
  }
  return problems.length > 0 ? invalidCall(problems) : answer(200, await reconciliations.view(after));
}

/** `POST /reconciliations`: asks for a walk, of principals unless the body says otherwise, or for the claims of all rules. */
export async function startReconciliation(
  { reconciliations }: ReconciliationApiPorts,
  caller: Caller,
  event: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  if (caller.rights.mayReconciliations !== 'start')
    return forbidden('this caller may not start reconciliations');
  const scope = readScope(event);
  if ('statusCode' in scope) return scope;
  const { joins } = await reconciliations.ask(scope);
  const said = joins ? 'a reconciliation is running: this one follows it' : 'the reconciliation begins';
  return answer(202, { reconciliation: said, ...scope });
}

function readScope(event: APIGatewayProxyEvent): ReconcileScope | HttpAnswer {
  const reading = optionalBody(event);
  if ('statusCode' in reading) return reading;
  const { report, problems } = collectProblems();
  checkStructure(report, '', reading.body);
  checkKeys(report, '', reading.body, ['walk', 'claims']);
  const walk = member(reading.body, 'walk');
  const isWalk = walk === 'principals' || walk === 'complete';
  if (walk !== undefined && !isWalk)
    report('walk', walk, 'is neither principals nor complete', 'send one of the two, or leave it out');
  const claims = member(reading.body, 'claims');
  if (claims !== undefined && claims !== true)
    report('claims', claims, 'is not true', 'send true, or leave it out');
  if (problems().length > 0) return invalidCall(problems());
  if (claims === true) return { claims, ...(isWalk ? { walk } : {}) };
  return { walk: isWalk ? walk : 'principals' };
}
