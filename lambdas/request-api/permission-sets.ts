import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type HttpAnswer, forbidden, invalidCall, notFound } from '../../core/http/problem-details';
import type { AskPorts, DeployedDefinitions } from '../../core/permission-sets/ports';
import type { RolloutScope } from '../../core/permission-sets/rollout';
import { askForRollout } from '../../core/permission-sets/steps';
import { viewPermissionSet, viewPermissionSets } from '../../core/permission-sets/view';
import type { PermissionSetLedger } from '../../core/ports/permission-set-ledger';
import { collectProblems } from '../../core/tickets/field-problem';
import { checkKeys, checkStructure, member } from '../../core/tickets/field-reading';
import { answer } from './answer';
import { type Caller, callProblem, optionalBody } from './call';

/** What the calls on permission sets touch. */
export interface PermissionSetApiPorts extends AskPorts {
  readonly permissionSets: Pick<PermissionSetLedger, 'all' | 'read'>;
  readonly deployed: DeployedDefinitions;
}

/** `GET /permission-sets`. */
export async function listPermissionSets(ports: PermissionSetApiPorts, caller: Caller): Promise<HttpAnswer> {
  if (caller.rights.mayPermissionSets === 'none') return notAllowed();
  const [records, rollout] = await Promise.all([ports.permissionSets.all(), ports.rollouts.read()]);
  return answer(200, viewPermissionSets(ports.deployed, records, rollout));
}

/** `GET /permission-sets/{name}`. */
export async function lookAtPermissionSet(
  ports: PermissionSetApiPorts,
  caller: Caller,
  name: string,
): Promise<HttpAnswer> {
  if (caller.rights.mayPermissionSets === 'none') return notAllowed();
  if (!isSetName(name)) return notFound('permission set');
  const [record, rollout] = await Promise.all([ports.permissionSets.read(name), ports.rollouts.read()]);
  const view = viewPermissionSet(name, ports.deployed, record, rollout);
  return view === undefined ? notFound('permission set') : answer(200, view);
}

/** `POST /permission-sets/rollout` and `POST /permission-sets/{name}/rollout`: joins a rollout that runs. */
export async function startRollout(
  ports: PermissionSetApiPorts,
  caller: Caller,
  event: APIGatewayProxyEvent,
  name?: string,
): Promise<HttpAnswer> {
  if (caller.rights.mayPermissionSets !== 'rollout') return forbidden('this caller may not start rollouts');
  const question = readQuestion(event, name === undefined ? ['verify', 'permissionSets'] : []);
  if ('statusCode' in question) return question;
  const names = name === undefined ? question.names : [name];
  const unknown = await unknownNames(ports, names ?? []);
  if (name !== undefined && unknown.length > 0) return notFound('permission set');
  if (unknown.length > 0)
    return invalidCall(
      unknown.map((each) =>
        callProblem('permissionSets', each, 'is neither defined nor known', 'see GET /permission-sets'),
      ),
    );
  const scope: RolloutScope = {
    ...(names === undefined ? {} : { names }),
    ...(question.verify === true ? { verify: 'correct' as const } : {}),
  };
  const { joins } = await askForRollout(ports, scope);
  const said = joins ? 'a rollout is running: this one follows it' : 'the rollout begins';
  return answer(202, { rollout: said, ...scope });
}

/** The body of a rollout or of a plan, as far as the path allows each key; an empty body asks for everything that changed. */
export interface Question {
  readonly verify?: boolean;
  readonly names?: readonly string[];
  readonly after?: string;
}

/** Reads it, or answers what is wrong with it. */
export function readQuestion(event: APIGatewayProxyEvent, keys: readonly string[]): Question | HttpAnswer {
  const reading = optionalBody(event);
  if ('statusCode' in reading) return reading;
  const { report, problems } = collectProblems();
  checkStructure(report, '', reading.body);
  checkKeys(report, '', reading.body, keys);
  const verify = member(reading.body, 'verify');
  if (verify !== undefined && typeof verify !== 'boolean')
    report(
      'verify',
      verify,
      'is neither true nor false',
      'send true to have every set read, or leave it out',
    );
  const names = member(reading.body, 'permissionSets');
  if (names !== undefined && !isListOfNames(names))
    report(
      'permissionSets',
      names,
      'is not a list of 1 to 100 names of permission sets',
      'send names such as ["ReadOnly"], or leave it out for all',
    );
  const after = member(reading.body, 'after');
  if (after !== undefined && !isSetName(after))
    report('after', after, 'is not the name of a permission set', 'send next of the answer before');
  if (problems().length > 0) return invalidCall(problems());
  return {
    ...(verify === true ? { verify } : {}),
    ...(isListOfNames(names) ? { names } : {}),
    ...(isSetName(after) ? { after } : {}),
  };
}

function isListOfNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length >= 1 && value.length <= 100 && value.every(isSetName);
}

/** As the service names sets. */
function isSetName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w+=,.@-]{1,32}$/.test(value);
}

async function unknownNames(ports: PermissionSetApiPorts, names: readonly string[]): Promise<string[]> {
  const undefinedOnes = names.filter(
    (name) => !ports.deployed.definitions.some((each) => each.name === name),
  );
  const unknown: string[] = [];
  for (const name of undefinedOnes)
    if (!isSetName(name) || (await ports.permissionSets.read(name)) === undefined) unknown.push(name);
  return unknown;
}

function notAllowed(): HttpAnswer {
  return forbidden('this caller may not read permission sets');
}
