import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, forbidden, internalError, notFound } from '../../core/http/problem-details';
import { readAccessDefinitions, readPermissionSetDefinitions, readSettings } from '../runtime/environment';
import { timeOrderedIds } from '../runtime/ids';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import { systemClock } from '../runtime/system-clock';
import { ask } from './ask';
import { callerOf } from './call';
import { list, lookAtOne } from './look';
import { listPermissionSets, lookAtPermissionSet, startRollout } from './permission-sets';
import { revoke } from './revoke';

const ports = {
  ...commonPorts(),
  ids: timeOrderedIds(systemClock),
  deployed: readPermissionSetDefinitions(),
  mostAccounts: readSettings().mostAccountsPerRequest,
};
const { policy } = readAccessDefinitions();

/** The request API; which paths there are is said by the gateway (lib/constructs/request-api.ts). */
export const handler = makeHandler(async (event: APIGatewayProxyEvent): Promise<HttpAnswer> => {
  try {
    return await route(event);
  } catch (cause) {
    const { requestId } = event.requestContext;
    ports.observer.warn('api call failed', { apiRequestId: requestId }, cause);
    return internalError(requestId);
  }
});

async function route(event: APIGatewayProxyEvent): Promise<HttpAnswer> {
  const caller = callerOf(event, policy);
  if (caller === undefined) return forbidden('the policy does not know this caller');
  const id = event.pathParameters?.id ?? '';
  const name = event.pathParameters?.name ?? '';
  switch (`${event.httpMethod} ${event.resource}`) {
    case 'POST /requests':
      return ask(ports, caller, event);
    case 'GET /requests':
      return list(ports, caller, event);
    case 'GET /requests/{id}':
      return lookAtOne(ports, caller, id, event);
    case 'POST /requests/{id}/revocation':
      return revoke(ports, caller, id, event);
    case 'GET /permission-sets':
      return listPermissionSets(ports, caller);
    case 'GET /permission-sets/{name}':
      return lookAtPermissionSet(ports, caller, name);
    case 'POST /permission-sets/rollout':
      return startRollout(ports, caller, event);
    case 'POST /permission-sets/{name}/rollout':
      return startRollout(ports, caller, event, name);
    default:
      return notFound('path');
  }
}
