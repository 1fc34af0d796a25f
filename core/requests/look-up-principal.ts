import type { Directory, DirectoryEntry } from '../ports/directory';
import type { PersonReference, PrincipalReference } from '../tickets/ticket';

/** All users or groups that a reference fits: none, one, or several, which is for the caller to refuse. */
export async function lookUpPrincipal(
  directory: Directory,
  { by, value }: PrincipalReference | PersonReference,
): Promise<DirectoryEntry[]> {
  switch (by) {
    case 'user':
      return directory.usersNamed(value);
    case 'group':
      return directory.groupsNamed(value);
    case 'userId':
      return [await directory.user(value)].filter((entry) => entry !== undefined);
    case 'groupId':
      return [await directory.group(value)].filter((entry) => entry !== undefined);
  }
}
