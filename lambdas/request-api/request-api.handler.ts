import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, forbidden, internalError, notFound } from '../../core/http/problem-details';
import { askForReconciliation } from '../../core/reconcile/ask';
import { viewReconciliations } from '../../core/reconcile/view';
import {
  readAccessDefinitions,
  readBaselines,
  readPermissionSetDefinitions,
  readSettings,
} from '../runtime/environment';
import { timeOrderedIds } from '../runtime/ids';
import { ReadingItems } from '../runtime/ledger/reading-items';
import { LedgerTable } from '../runtime/ledger/table';
import { makeHandler } from '../runtime/make-handler';
import { commonPorts } from '../runtime/ports';
import { StoredReadings } from '../runtime/stored-organization';
import { systemClock } from '../runtime/system-clock';
import { lookAtAccount } from './accounts';
import { ask } from './ask';
import { listAssignments } from './assignments';
import { callerOf } from './call';
import { list, lookAtOne } from './look';
import { listPermissionSets, lookAtPermissionSet, startRollout } from './permission-sets';
import { listReconciliations, startReconciliation } from './reconciliations';
import { revoke } from './revoke';

/** A page of open findings. */
const FINDINGS_PER_PAGE = 100;

const settings = readSettings();
const common = commonPorts();
const ports = {
  ...common,
  settings,
  ids: timeOrderedIds(systemClock),
  deployed: readPermissionSetDefinitions(),
  deployedBaselines: readBaselines,
  mostAccounts: settings.mostAccountsPerRequest,
  finder: common.assignments,
  storedOrganization: new StoredReadings(new ReadingItems(new LedgerTable())),
};
const reconciliationPorts = {
  reconciliations: {
    ask: (scope: Parameters<typeof askForReconciliation>[1]) => askForReconciliation(common, scope),
    view: async (after?: string) => {
      const [record, page] = await Promise.all([
        common.reconciliations.read(),
        common.drift.open(FINDINGS_PER_PAGE, after),
      ]);
      return viewReconciliations(record, page);
    },
  },
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
    case 'GET /assignments':
      return listAssignments(ports, caller, event);
    case 'GET /accounts/{id}':
      return lookAtAccount(ports, caller, id, event);
    case 'GET /reconciliations':
      return listReconciliations(reconciliationPorts, caller, event);
    case 'POST /reconciliations':
      return startReconciliation(reconciliationPorts, caller, event);
    default:
      return notFound('path');
  }
}
