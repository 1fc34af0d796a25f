import { createHash } from 'node:crypto';

import { parseDocument } from 'yaml';

import { assignmentsOf, rolesOf } from './assignment-rows';
import { Names, UnresolvedNameError } from './names';
import type { Group, Organization, OrganizationalUnit, PermissionSet } from './organization';
import { ORGANIZATION_FILE, type OrganizationFile } from './organization-schema';
import { describeProblem, schemaProblems, type Problem } from './problems';

/** More problems than this are counted, not listed: the first ones usually explain the rest. */
const LISTED_PROBLEMS = 10;

/** An organization file that cannot be used. The message lists each problem with its key path, its value and its remedy. */
export class OrganizationFileError extends Error {
  public constructor(
    fileName: string,
    /** One sentence each: `accounts[3].id is "1234": use 12 digits …` */
    public readonly problems: readonly string[],
  ) {
    const listed = problems.slice(0, LISTED_PROBLEMS);
    if (problems.length > listed.length) listed.push(`and ${problems.length - listed.length} more`);
    const [only] = listed;
    super(listed.length === 1 ? `${fileName}: ${only ?? ''}` : `${fileName}:\n  ${listed.join('\n  ')}`);
    this.name = 'OrganizationFileError';
  }
}

/** The checked content, or undefined with all that is wrong added to `problems`. */
function checkSchema(written: unknown, problems: Problem[]): OrganizationFile | undefined {
  const parsed = ORGANIZATION_FILE.safeParse(written);
  if (parsed.success) return parsed.data;
  const unknownKey = 'remove this key, or correct its name (examples/organization.yaml shows them all)';
  problems.push(...schemaProblems(parsed.error, () => unknownKey));
  return undefined;
}

/** Every value that must be unique but stands twice, at its second place. */
function duplicates(file: OrganizationFile): Problem[] {
  const unique: readonly [keyof OrganizationFile, string, readonly string[]][] = [
    ['accounts', 'id', file.accounts.map((one) => one.id)],
    ['organizationalUnits', 'id', file.organizationalUnits.map((one) => one.id)],
    ['organizationalUnits', 'path', file.organizationalUnits.map((one) => one.path)],
    ['users', 'id', file.users.map((one) => one.id)],
    ['users', 'userName', file.users.map((one) => one.userName)],
    ['groups', 'id', file.groups.map((one) => one.id)],
    ['groups', 'displayName', file.groups.map((one) => one.displayName)],
    ['permissionSets', 'arn', file.permissionSets.map((one) => one.arn)],
    ['permissionSets', 'name', file.permissionSets.map((one) => one.name)],
    ['callers', 'accessKeyId', file.callers.map((one) => one.accessKeyId)],
  ];
  return unique.flatMap(([section, key, values]) => {
    const first = new Map<string, number>();
    return values.flatMap((value, index): Problem[] => {
      const earlier = first.get(value);
      if (earlier === undefined) {
        first.set(value, index);
        return [];
      }
      return [
        { path: [section, index, key], remedy: `use another one, ${section}[${earlier}] has it already` },
      ];
    });
  });
}

/** Accounts, instance and root that are named must fit each other. */
function misfits(file: OrganizationFile): Problem[] {
  const { managementAccount, delegatedAdministrator, rootId } = file.organization;
  const problems: Problem[] = [];
  const accounts = new Set(file.accounts.map((one) => one.id));
  const named = { managementAccount, delegatedAdministrator };
  for (const [key, id] of Object.entries(named)) {
    if (!accounts.has(id))
      problems.push({ path: ['organization', key], remedy: 'use the id of one of "accounts"' });
  }
  if (managementAccount === delegatedAdministrator) {
    const remedy = 'use another account than the management account, which cannot be its own delegate';
    problems.push({ path: ['organization', 'delegatedAdministrator'], remedy });
  }
  const instanceId = file.instance.arn.slice(file.instance.arn.lastIndexOf('/') + 1);
  file.permissionSets.forEach((set, index) => {
    if (set.arn.includes(`/${instanceId}/`)) return;
    problems.push({
      path: ['permissionSets', index, 'arn'],
      remedy: `use the id of the instance, ${instanceId}, in it`,
    });
  });
  file.organizationalUnits.forEach((unit, index) => {
    if (unit.id.startsWith(`ou-${rootId.slice(2)}-`)) return;
    problems.push({
      path: ['organizationalUnits', index, 'id'],
      remedy: `begin it with "ou-${rootId.slice(2)}-", as the root is ${rootId}`,
    });
  });
  return problems;
}

/** Units that the file names, and all those that paths of accounts imply, parents first. A unit without an id gets one that depends on its path alone. */
function organizationalUnits(file: OrganizationFile): OrganizationalUnit[] {
  const ids = new Map(file.organizationalUnits.map(({ path, id }) => [path, id]));
  const paths = new Set<string>();
  for (const path of [...ids.keys(), ...file.accounts.map((one) => one.ou)]) {
    const names = path.split('/');
    names.forEach((_, depth) => paths.add(names.slice(0, depth + 1).join('/')));
  }
  paths.delete('');
  const tags = new Map(file.organizationalUnits.map((unit) => [unit.path, unit.tags]));
  return [...paths].map((path) => {
    const digest = createHash('sha256').update(path).digest('hex').slice(0, 8);
    const id = ids.get(path) ?? `ou-${file.organization.rootId.slice(2)}-${digest}`;
    return { path, id, ...defined({ tags: tags.get(path) }) };
  });
}

/** Drops the keys whose value is undefined, which the project's strict optional members do not hold. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** The service keeps an inline policy as text; in the file it reads better as a map. */
function permissionSetOf(set: OrganizationFile['permissionSets'][number]): PermissionSet {
  const { inlinePolicy, ...rest } = set;
  const policy = typeof inlinePolicy === 'object' ? JSON.stringify(inlinePolicy) : inlinePolicy;
  return { ...defined(rest), ...(policy === undefined ? {} : { inlinePolicy: policy }) };
}

/** Checks what stands across entries, and turns every name into an id; what is wrong is added to `problems`. */
function resolve(file: OrganizationFile, problems: Problem[]): Organization {
  problems.push(...duplicates(file), ...misfits(file));
  const users = new Names({ users: file.users, accounts: [], groups: [], permissionSets: [] });
  const groups = file.groups.map((group, index): Group => {
    const members = group.members.flatMap((member, at) => {
      try {
        return [users.user(member).id];
      } catch (error) {
        if (!(error instanceof UnresolvedNameError)) throw error;
        problems.push({ path: ['groups', index, 'members', at], remedy: error.message });
        return [];
      }
    });
    return { ...defined(group), members };
  });
  const permissionSets = file.permissionSets.map(permissionSetOf);
  const named = { accounts: file.accounts, users: file.users, groups, permissionSets };
  const names = new Names(named);
  const assignments = assignmentsOf(file.assignments, names, problems);
  const roles = file.roles === undefined ? undefined : rolesOf(file.roles, names, problems);
  const { id, rootId, rootTags, managementAccount, delegatedAdministrator } = file.organization;
  return {
    instance: defined(file.instance),
    id,
    rootId,
    managementAccountId: managementAccount,
    delegatedAdminAccountId: delegatedAdministrator,
    organizationalUnits: organizationalUnits(file),
    ...named,
    assignments,
    ...defined({ roles, delegations: file.delegations, rootTags }),
    callers: file.callers.map((caller) => ({
      ...caller,
      sessionName: caller.sessionName ?? caller.accessKeyId,
    })),
  };
}

/**
 * Reads an organization file (examples/organization.yaml shows and explains every key).
 * @param text YAML
 * @param fileName for messages
 * @throws OrganizationFileError for text that is not YAML, and for every value that cannot be used
 */
export function readOrganization(text: string, fileName: string): Organization {
  // A document and not a plain value: it keeps syntax errors with their line, and refuses a key that is written twice.
  const document = parseDocument(text, { uniqueKeys: true });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) {
    const [sentence] = syntaxError.message.split('\n');
    throw new OrganizationFileError(fileName, [`not valid YAML: ${(sentence ?? '').replace(/:$/, '')}`]);
  }
  // The limit on aliases keeps a small file from unfolding into a huge one.
  const written: unknown = document.toJS({ maxAliasCount: 100 });
  const problems: Problem[] = [];
  const file = checkSchema(written, problems);
  const organization = file === undefined ? undefined : resolve(file, problems);
  if (organization !== undefined && problems.length === 0) return organization;
  throw new OrganizationFileError(
    fileName,
    problems.map((problem) => describeProblem(written, problem, 'the file')),
  );
}
