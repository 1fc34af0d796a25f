import type { Directory, DirectoryGroup, DirectoryUser } from './identity-store-directory';
import type { Group, User } from './organization';
import { addressesOf } from './user-attributes';

/** A user of an organization file in the API's form. */
export function rowOfUser(user: User): Pick<DirectoryUser, 'id' | 'status' | 'externalIds' | 'attributes'> {
  const { id, status, userName, displayName, emails, externalIds = [], attributes = {} } = user;
  const addresses = emails.map((Value, index) => ({ Value, Type: 'work', Primary: index === 0 }));
  return {
    id,
    status,
    externalIds,
    attributes: {
      UserName: userName,
      ...(displayName === '' ? {} : { DisplayName: displayName }),
      ...(addresses.length === 0 ? {} : { Emails: addresses }),
      ...attributes,
    },
  };
}

/** A user in the form of an organization file. */
export function userOf(row: DirectoryUser): User {
  const { id, status, externalIds, attributes } = row;
  const {
    UserName: userName = '',
    DisplayName: displayName = '',
    Emails: emails = [],
    ...others
  } = attributes;
  // An address that is more than an address cannot be told by itself alone.
  const isPlain = emails.every(({ Type, Primary }, index) => Type === 'work' && Primary === (index === 0));
  const further = isPlain ? others : { ...others, Emails: emails };
  return {
    id,
    userName,
    displayName,
    emails: addressesOf(attributes),
    status,
    ...(externalIds.length === 0 ? {} : { externalIds }),
    ...(Object.keys(further).length === 0 ? {} : { attributes: further }),
  };
}

/** A group, and who is in it, in the form of an organization file. */
export function groupOf(row: DirectoryGroup, directory: Directory): Group {
  const { id, displayName, description, externalIds } = row;
  return {
    id,
    displayName,
    ...(description === undefined ? {} : { description }),
    members: [...directory.membershipsOfGroup(id, 0)].map(({ userId }) => userId),
    ...(externalIds.length === 0 ? {} : { externalIds }),
  };
}
