import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, forbidden, internalError } from '../../core/http/problem-details';
import { planInDetail } from '../../core/permission-sets/plan-view';
import { answer } from '../request-api/answer';
import { callerOf } from '../request-api/call';
import { readQuestion } from '../request-api/permission-sets';
import { readAccessDefinitions, readSettings } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import { pacedPorts } from './rollout-ports';

const ports = pacedPorts('plan');
const { policy } = readAccessDefinitions();
const quotas = readSettings();

/**
 * The function ends after 28 s, API Gateway gives up after 29 s. What is begun last may take 14 s at three calls a second: the six reads of
 * a set and 35 pages of its accounts, 3,500 being the most that one provision reaches.
 */
const BUDGET_MS = 12_000;

/** `POST /permission-sets/plan`: what a rollout would do; nothing is done. */
export const handler = makeHandler(async (event: APIGatewayProxyEvent): Promise<HttpAnswer> => {
  const caller = callerOf(event, policy);
  if (caller === undefined) return forbidden('the policy does not know this caller');
  if (caller.rights.mayPermissionSets === 'none')
    return forbidden('this caller may not read permission sets');
  const question = readQuestion(event, ['verify', 'permissionSets', 'after']);
  if ('statusCode' in question) return question;
  const { verify, ...scope } = question;
  try {
    const plan = await planInDetail(
      ports,
      { ...scope, ...(verify === true ? { verify: 'report' as const } : {}) },
      quotas,
      ports.clock.now() + BUDGET_MS,
    );
    return answer(200, plan);
  } catch (cause) {
    const { requestId } = event.requestContext;
    ports.observer.warn('api call failed', { apiRequestId: requestId }, cause);
    return internalError(requestId);
  } finally {
    await ports.pace.close();
  }
});
