import type { APIGatewayProxyEvent } from 'aws-lambda';
import { knownNames } from '../../core/assignments/known-names';
import { type AccountPicture, isKnownAccount, viewAccountBaseline } from '../../core/baselines/account-view';
import type { DeployedBaselines } from '../../core/baselines/baseline';
import { lookBy } from '../../core/baselines/look-at-account';
import { type HttpAnswer, forbidden, invalidCall, notFound } from '../../core/http/problem-details';
import type { AssignmentFinder } from '../../core/ports/assignment-finder';
import type { BaselineLedger } from '../../core/ports/baseline-ledger';
import type { StoredOrganization } from '../../core/ports/stored-organization';
import type { Settings } from '../../core/settings/settings';
import { OrganizationIndex } from '../../core/targets/organization-index';
import { BadPageTokenError } from '../runtime/ledger/page-token';
import { answer } from './answer';
import { type AssignmentApiPorts, assignmentsPage, badToken } from './assignments';
import { type Caller, parameterProblems } from './call';

/** What the call on an account touches: the ledger alone. */
export interface AccountApiPorts extends AssignmentApiPorts {
  readonly finder: Pick<AssignmentFinder, 'inAccount'>;
  readonly baselines: Pick<BaselineLedger, 'account' | 'state'>;
  readonly storedOrganization: StoredOrganization;
  /** The rules that this function was deployed with. */
  readonly deployedBaselines: () => DeployedBaselines;
  readonly settings: Pick<Settings, 'managementAccountId' | 'hostAccountId'>;
}

/**
 * `GET /accounts/{id}`: an account, how its baseline stands, and a page of its assignments. Where the account is and what the rules want
 * there is as of what is stored; the claims are as they are now.
 */
export async function lookAtAccount(
  ports: AccountApiPorts,
  caller: Caller,
  accountId: string,
  event: APIGatewayProxyEvent,
): Promise<HttpAnswer> {
  if (caller.rights.mayRead !== 'all')
    return forbidden('this caller may not read accounts: it needs the right read: all');
  const problems = parameterProblems(event, ['next']);
  if (problems.length > 0) return invalidCall(problems);
  if (!/^\d{12}$/.test(accountId)) return notFound('account');
  const picture = await pictureOf(ports, accountId);
  if (!isKnownAccount(picture)) return notFound('account');
  const after = event.queryStringParameters?.next;
  try {
    const page = await assignmentsPage(ports, { accountId }, after);
    const names = await knownNames(ports, picture.assignments);
    return answer(200, { ...viewAccountBaseline(picture, names), ...page });
  } catch (error) {
    if (!(error instanceof BadPageTokenError)) throw error;
    return badToken('next', after);
  }
}

async function pictureOf(ports: AccountApiPorts, accountId: string): Promise<AccountPicture> {
  const { storedOrganization, settings } = ports;
  const [record, assignments, picture, rules, tags] = await Promise.all([
    ports.baselines.account(accountId),
    ports.finder.inAccount(accountId),
    storedOrganization.picture(),
    storedOrganization.rules(),
    storedOrganization.tags(accountId),
  ]);
  const index = picture && new OrganizationIndex(picture.found);
  const deployed = ports.deployedBaselines();
  // Rules of another deployment say nothing about what these want.
  const isOfThese = rules?.hash === deployed.hash;
  const account = index?.account(accountId);
  return {
    accountId,
    record,
    assignments,
    account,
    pictureAt: picture?.at,
    look:
      index === undefined || account === undefined || !isOfThese
        ? undefined
        : lookBy({ deployed, settings }, rules, index, accountId, tags),
  };
}
