import { authorizePermissionSetWrite } from './delegation';
import { conflict, quotaExceeded } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import { checkInstance } from './instances';
import { findPermissionSet, permissionSetView } from './permission-sets';
import { QUOTA_PROFILES } from './quotas';
import { DEFAULT_SESSION_DURATION, checkSessionDuration } from './session-durations';
import type { Handlers } from './simulated-service';
import { tagsFrom } from './tags';

type PermissionSetWrite = 'CreatePermissionSet' | 'UpdatePermissionSet' | 'DeletePermissionSet';

/** Making, changing and deleting permission sets. All of it is there at once; accounts get it when they are provisioned. */
export function permissionSetWriteHandlers(
  environment: IdentityCenterEnvironment,
): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, PermissionSetWrite> {
  const { world, settings, engine } = environment;
  return {
    CreatePermissionSet(input) {
      checkInstance(world, input.InstanceArn);
      const { Name: name, Description: description, RelayState: relayState } = input;
      const { SessionDuration: sessionDuration = DEFAULT_SESSION_DURATION } = input;
      checkSessionDuration(sessionDuration);
      const tags = tagsFrom({}, input.Tags ?? []);
      const sets = world.permissionSets();
      if (sets.some((set) => set.name === name))
        throw conflict(`PermissionSet with name ${name} already exists.`);
      const { permissionSets: most } = QUOTA_PROFILES[settings.quotaVintage];
      if (sets.length >= most) throw quotaExceeded('PermissionSet', most, world.instanceArn);
      const set = world.sets.add({
        name,
        sessionDuration,
        tags,
        managedPolicies: [],
        customerManagedPolicies: [],
        ...(description === undefined ? {} : { description }),
        ...(relayState === undefined ? {} : { relayState }),
      });
      return { PermissionSet: permissionSetView(set) };
    },

    // A relay state that is not given is gone afterwards.
    UpdatePermissionSet(input, { caller }) {
      authorizePermissionSetWrite(environment, caller, 'UpdatePermissionSet', input.PermissionSetArn);
      const set = findPermissionSet(world, input);
      const { Description: description, SessionDuration: sessionDuration, RelayState: relayState } = input;
      if (sessionDuration !== undefined) checkSessionDuration(sessionDuration);
      const keeps = settings.updateClears === 'relay-state';
      world.sets.change(set.arn, ({ description: before, relayState: _gone, ...rest }) => {
        const present = description ?? (keeps ? before : undefined);
        return {
          ...rest,
          sessionDuration: sessionDuration ?? (keeps ? set.sessionDuration : DEFAULT_SESSION_DURATION),
          ...(present === undefined ? {} : { description: present }),
          ...(relayState === undefined ? {} : { relayState }),
        };
      });
      return {};
    },

    DeletePermissionSet(input, { caller }) {
      authorizePermissionSetWrite(environment, caller, 'DeletePermissionSet', input.PermissionSetArn);
      const { arn } = findPermissionSet(world, input);
      const isInUse = world.provisioning.countOfPermissionSet(arn) > 0 || engine.isUnderWay(arn);
      if (isInUse)
        throw conflict(
          'Could not delete because PermissionSet is provisioned in accounts or has account assignments',
        );
      world.sets.remove(arn);
      return {};
    },
  };
}
