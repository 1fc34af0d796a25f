import { createHash } from 'node:crypto';

import { rowOfUser } from './identity-store-file-form';
import { NameIndex, Principals, type Principal } from './identity-store-principals';
import type { ExternalId, Organization, User } from './organization';
import { SequencedRows, type Sequenced } from './sequenced-rows';
import { addressesOf, type UserAttributes } from './user-attributes';

/** When, and by which account, something was made and last changed. Instants are epoch milliseconds. */
interface History {
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Undefined for what the organization file names. */
  readonly createdBy?: string | undefined;
  readonly updatedBy?: string | undefined;
}

/** A user of the directory as it is now. */
export interface DirectoryUser extends Principal, History {
  readonly status: User['status'];
  readonly attributes: UserAttributes;
}

/** A group of the directory as it is now; who is in it is told by its memberships. */
export interface DirectoryGroup extends Principal, History {
  readonly displayName: string;
  readonly description?: string | undefined;
}

/** That a user is in a group. */
export interface Membership extends Sequenced, History {
  readonly id: string;
  readonly groupId: string;
  readonly userId: string;
}

/** The memberships of one group, or of one user: `byOther` finds them by the user, or by the group. */
class Memberships {
  readonly #rows = new SequencedRows<Membership>();
  readonly #byOther = new Map<string, Membership>();

  public get(other: string): Membership | undefined {
    return this.#byOther.get(other);
  }

  public add(other: string, membership: Membership): void {
    this.#rows.append(membership);
    this.#byOther.set(other, membership);
  }

  public remove(other: string, { sequence }: Membership): void {
    this.#rows.remove(sequence);
    this.#byOther.delete(other);
  }

  public after(sequence: number): Iterable<Membership> {
    return this.#rows.after(sequence);
  }
}

/** The id of a membership that the organization file names: the same for the same group and user in every run. */
function membershipIdOf(groupId: string, userId: string): string {
  const hex = createHash('sha256').update(`${groupId} ${userId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/**
 * The users, groups and memberships of the identity store, found by id, by name, by address and from both sides of a
 * membership; listed from any place, so that a page costs what the page has.
 */
export class Directory {
  readonly #users = new Principals<DirectoryUser>(({ attributes }) => attributes.UserName ?? '');
  readonly #addresses = new NameIndex();
  readonly #groups = new Principals<DirectoryGroup>(({ displayName }) => displayName);
  readonly #memberships = new Map<string, Membership>();
  readonly #ofGroup = new Map<string, Memberships>();
  readonly #ofUser = new Map<string, Memberships>();
  #sequence = 0;

  /** @param now epoch milliseconds: since when all that the organization names is there */
  public constructor({ users, groups }: Pick<Organization, 'users' | 'groups'>, now: number) {
    const history = { createdAt: now, updatedAt: now };
    for (const user of users) this.addUser({ ...rowOfUser(user), ...history });
    for (const { members, externalIds = [], ...group } of groups) {
      this.addGroup({ ...group, externalIds, ...history });
      for (const userId of new Set(members)) {
        const id = membershipIdOf(group.id, userId);
        this.addMembership({ id, groupId: group.id, userId, ...history });
      }
    }
  }

  public get userCount(): number {
    return this.#users.size;
  }

  public get groupCount(): number {
    return this.#groups.size;
  }

  public user(id: string): DirectoryUser | undefined {
    return this.#users.get(id);
  }

  public usersAfter(sequence: number): Iterable<DirectoryUser> {
    return this.#users.after(sequence);
  }

  /** Users whose name is this one but for its case. */
  public usersNamed(name: string): DirectoryUser[] {
    return this.#users.named(name);
  }

  /** Users that have this address but for its case, the oldest first. */
  public usersWithAddress(address: string): DirectoryUser[] {
    return this.#users.withIds(this.#addresses.find(address)).sort((a, b) => a.sequence - b.sequence);
  }

  public userByExternalId(externalId: ExternalId): DirectoryUser | undefined {
    return this.#users.byExternalId(externalId);
  }

  /** The id must be new. */
  public addUser(user: Omit<DirectoryUser, 'sequence'>): void {
    this.#users.add({ ...user, sequence: this.#nextSequence() });
    this.#indexAddresses(user);
  }

  /** Puts the user in the place of the one with its id, which must be there. */
  public replaceUser(user: DirectoryUser): void {
    this.#forgetAddresses(user.id);
    this.#users.replace(user);
    this.#indexAddresses(user);
  }

  /** Takes the user out of the directory and of every group. */
  public removeUser(id: string): void {
    for (const membership of [...this.membershipsOfUser(id, 0)]) this.removeMembership(membership.id);
    this.#ofUser.delete(id);
    this.#forgetAddresses(id);
    this.#users.remove(id);
  }

  public group(id: string): DirectoryGroup | undefined {
    return this.#groups.get(id);
  }

  public groupsAfter(sequence: number): Iterable<DirectoryGroup> {
    return this.#groups.after(sequence);
  }

  /** Groups whose name is this one but for its case. */
  public groupsNamed(name: string): DirectoryGroup[] {
    return this.#groups.named(name);
  }

  public groupByExternalId(externalId: ExternalId): DirectoryGroup | undefined {
    return this.#groups.byExternalId(externalId);
  }

  /** The id must be new. */
  public addGroup(group: Omit<DirectoryGroup, 'sequence'>): void {
    this.#groups.add({ ...group, sequence: this.#nextSequence() });
  }

  /** Puts the group in the place of the one with its id, which must be there. */
  public replaceGroup(group: DirectoryGroup): void {
    this.#groups.replace(group);
  }

  /** Takes the group out of the directory, and with it its memberships. */
  public removeGroup(id: string): void {
    for (const membership of [...this.membershipsOfGroup(id, 0)]) this.removeMembership(membership.id);
    this.#ofGroup.delete(id);
    this.#groups.remove(id);
  }

  public membership(id: string): Membership | undefined {
    return this.#memberships.get(id);
  }

  public membershipOf(groupId: string, userId: string): Membership | undefined {
    return this.#ofGroup.get(groupId)?.get(userId);
  }

  public membershipsOfGroup(groupId: string, sequence: number): Iterable<Membership> {
    return this.#ofGroup.get(groupId)?.after(sequence) ?? [];
  }

  public membershipsOfUser(userId: string, sequence: number): Iterable<Membership> {
    return this.#ofUser.get(userId)?.after(sequence) ?? [];
  }

  /** Group and user must be there, and the membership must not. */
  public addMembership(membership: Omit<Membership, 'sequence'>): void {
    const row = { ...membership, sequence: this.#nextSequence() };
    const { id, groupId, userId } = membership;
    this.#memberships.set(id, row);
    membershipsIn(this.#ofGroup, groupId).add(userId, row);
    membershipsIn(this.#ofUser, userId).add(groupId, row);
  }

  /** Nothing happens for a membership that is not there. */
  public removeMembership(id: string): void {
    const membership = this.#memberships.get(id);
    if (membership === undefined) return;
    this.#memberships.delete(id);
    this.#ofGroup.get(membership.groupId)?.remove(membership.userId, membership);
    this.#ofUser.get(membership.userId)?.remove(membership.groupId, membership);
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #indexAddresses({ id, attributes }: Pick<DirectoryUser, 'id' | 'attributes'>): void {
    for (const address of addressesOf(attributes)) this.#addresses.add(address, id);
  }

  #forgetAddresses(id: string): void {
    const user = this.#users.get(id);
    if (user === undefined) return;
    for (const address of addressesOf(user.attributes)) this.#addresses.remove(address, id);
  }
}

function membershipsIn(all: Map<string, Memberships>, key: string): Memberships {
  const found = all.get(key);
  if (found !== undefined) return found;
  const made = new Memberships();
  all.set(key, made);
  return made;
}
