import { read, resolved } from './control-body';
import { ACCOUNT_CHANGE, CONTROL_TOWER, PERMISSION_SET_EDIT, PRINCIPAL_DELETION, ROLE } from './drift-schema';
import { Names, resolveAccount, resolvePermissionSet } from './names';
import type { Account, PermissionSet } from './organization';
import type { Simulator } from './simulator';
import type { VersionedPermissionSet } from './permission-set-table';

/** What a call answers: JSON. */
type Answer = Readonly<Record<string, unknown>>;

/** Calls of the control API that change accounts, permission sets and principals as others than the API's clients do. */
export function driftRoutes(simulator: Simulator): readonly [string, (body: unknown) => Answer][] {
  const { world } = simulator;

  const accountNamed = (body: unknown, key: string, name: string): Account =>
    resolved(
      () => resolveAccount(world.accounts(), name),
      () => ({ body, path: [key] }),
    );
  const setNamed = (body: unknown, key: string, name: string): VersionedPermissionSet =>
    resolved(
      () => resolvePermissionSet(world.permissionSets(), name),
      () => ({ body, path: [key] }),
    );

  const editPermissionSet = (body: unknown): Answer => {
    const { change, provision, ...edit } = read(
      PERMISSION_SET_EDIT,
      body,
      Object.keys(PERMISSION_SET_EDIT.shape),
    );
    const set = setNamed(body, 'change', change);
    const { arn, name, version } = simulator.changePermissionSet(set.arn, (before) => edited(before, edit));
    if (provision)
      for (const { accountId } of [...world.provisioning.ofPermissionSet(arn)])
        world.provision(accountId, arn);
    return { permissionSet: { arn, name, version } };
  };

  const makeRole = (body: unknown): Answer => {
    const { provision, account } = read(ROLE, body, Object.keys(ROLE.shape));
    const set = setNamed(body, 'provision', provision);
    const { id, name } = accountNamed(body, 'account', account);
    world.provision(id, set.arn);
    const { roleName, version } = world.provisioning.find(id, set.arn) ?? {};
    return { role: { account: { id, name }, permissionSet: set.name, roleName, version } };
  };

  return [
    [
      'POST /_simulator/permission-sets',
      (body) => (isMapWith(body, 'provision', 'change') ? makeRole(body) : editPermissionSet(body)),
    ],
    [
      'POST /_simulator/accounts',
      (body) => {
        const change = read(ACCOUNT_CHANGE, body, Object.keys(ACCOUNT_CHANGE.shape));
        const { customerManagedPolicies: { add, remove } = {} } = change;
        const { id, name, state: before } = accountNamed(body, 'account', change.account);
        const { state = before } = change;
        simulator.setAccountState(id, state);
        if (remove !== undefined) world.accountPolicies.set(id, remove, false);
        if (add !== undefined) world.accountPolicies.set(id, add, true);
        return { account: { id, name, state } };
      },
    ],
    [
      'POST /_simulator/principals',
      (body) => {
        const { delete: named } = read(PRINCIPAL_DELETION, body, Object.keys(PRINCIPAL_DELETION.shape));
        const names = new Names({
          accounts: [],
          permissionSets: [],
          users: world.users(),
          groups: world.groups(),
        });
        const id = resolved(
          () => (named.user === undefined ? names.group(named.group ?? '').id : names.user(named.user).id),
          (part) => ({ body, path: ['delete', part] }),
        );
        const principalType = named.user === undefined ? 'GROUP' : 'USER';
        if (principalType === 'USER') world.directory.removeUser(id);
        else world.directory.removeGroup(id);
        const orphans = simulator.assignments().filter(({ principalId }) => principalId === id).length;
        return { deleted: { principalType, id }, orphans };
      },
    ],
    [
      'POST /_simulator/control-tower',
      (body) => {
        const { logArchive, audit } = read(CONTROL_TOWER, body ?? {}, Object.keys(CONTROL_TOWER.shape));
        const idOf = (key: string, name: string | undefined): string | undefined =>
          name === undefined ? undefined : accountNamed(body, key, name).id;
        const accounts = { logArchive: idOf('logArchive', logArchive), audit: idOf('audit', audit) };
        return { made: simulator.setUpControlTower(accounts) };
      },
    ],
  ];
}

function isMapWith(body: unknown, key: string, without: string): boolean {
  return typeof body === 'object' && body !== null && key in body && !(without in body);
}

/** What an edit may name: undefined stays as it is, null takes away. */
type Edit = {
  readonly [K in keyof PermissionSet]?: PermissionSet[K] | null | undefined;
};

function edited(before: PermissionSet, edit: Edit): PermissionSet {
  const named = Object.entries(edit).filter(([, value]) => value !== undefined);
  const kept = Object.entries<unknown>({ ...before, ...Object.fromEntries(named) }).filter(
    ([, value]) => value !== null,
  );
  // The schema lets null only where the permission set may do without.
  return Object.fromEntries(kept) as unknown as PermissionSet;
}
