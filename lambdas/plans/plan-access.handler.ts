import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, forbidden, internalError } from '../../core/http/problem-details';
import { rulePorts } from '../baselines/rule-ports';
import { callerOf } from '../request-api/call';
import { SdkOrganization } from '../runtime/directory';
import { readAccessDefinitions } from '../runtime/environment';
import { makeHandler } from '../runtime/make-handler';
import { SdkPermissionSets } from '../runtime/permission-sets';
import { planAccess } from './plan-access';

const rules = rulePorts();
const ports = {
  ...rules,
  permissionSets: new SdkPermissionSets(rules.settings.instanceArn, rules.permissionSetIndex),
  organization: new SdkOrganization(),
};
const { policy, hash: policyHash } = readAccessDefinitions();

/** `POST /plans`. */
export const handler = makeHandler(async (event: APIGatewayProxyEvent): Promise<HttpAnswer> => {
  const caller = callerOf(event, policy);
  if (caller === undefined) return forbidden('the policy does not know this caller');
  try {
    return await planAccess(ports, { policy, policyHash }, caller, event);
  } catch (cause) {
    const { requestId } = event.requestContext;
    ports.observer.warn('api call failed', { apiRequestId: requestId }, cause);
    return internalError(requestId);
  }
});
