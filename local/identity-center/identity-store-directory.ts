import { createHash } from 'node:crypto';

import { rowOfUser } from './identity-store-file-form';
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
export interface DirectoryUser extends Sequenced, History {
  readonly id: string;
  readonly status: User['status'];
  readonly externalIds: readonly ExternalId[];
  readonly attributes: UserAttributes;
}

/** A group of the directory as it is now; who is in it is told by its memberships. */
export interface DirectoryGroup extends Sequenced, History {
  readonly id: string;
  readonly displayName: string;
  readonly description?: string | undefined;
  readonly externalIds: readonly ExternalId[];
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

/** Things found by names that are compared without regard to case; each name may belong to several, the oldest first. */
class NameIndex {
  readonly #ids = new Map<string, Set<string>>();

  public add(name: string, id: string): void {
    const key = name.toLowerCase();
    const ids = this.#ids.get(key) ?? new Set<string>();
    this.#ids.set(key, ids.add(id));
  }

  public remove(name: string, id: string): void {
    const key = name.toLowerCase();
    const ids = this.#ids.get(key);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(key);
  }

  public find(name: string): Iterable<string> {
    return this.#ids.get(name.toLowerCase()) ?? [];
  }
}

/** The id of a membership that the organization file names: the same for the same group and user in every run. */
function membershipIdOf(groupId: string, userId: string): string {
  const hex = createHash('sha256').update(`${groupId} ${userId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** A key for an external id: neither part can contain the character between them unnoticed. */
function externalKey({ issuer, id }: ExternalId): string {
  return JSON.stringify([issuer, id]);
}

/**
 * The users, groups and memberships of the identity store, found by id, by name, by address and from both sides of a
 * membership; listed from any place, so that a page costs what the page has.
 */
export class Directory {
  readonly #users = new Map<string, DirectoryUser>();
  readonly #userRows = new SequencedRows<DirectoryUser>();
  readonly #userNames = new NameIndex();
  readonly #addresses = new NameIndex();
  readonly #externalUsers = new Map<string, string>();
  readonly #groups = new Map<string, DirectoryGroup>();
  readonly #groupRows = new SequencedRows<DirectoryGroup>();
  readonly #groupNames = new NameIndex();
  readonly #externalGroups = new Map<string, string>();
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
    return this.#userRows.after(sequence);
  }

  /** Users whose name is this one but for its case. */
  public usersNamed(name: string): DirectoryUser[] {
    return this.#existing(this.#userNames.find(name), this.#users);
  }

  /** Users that have this address but for its case, the oldest first. */
  public usersWithAddress(address: string): DirectoryUser[] {
    return this.#existing(this.#addresses.find(address), this.#users).sort((a, b) => a.sequence - b.sequence);
  }

  public userByExternalId(externalId: ExternalId): DirectoryUser | undefined {
    return this.#users.get(this.#externalUsers.get(externalKey(externalId)) ?? '');
  }

  /** The id must be new. */
  public addUser(user: Omit<DirectoryUser, 'sequence'>): void {
    const row = { ...user, sequence: this.#nextSequence() };
    this.#userRows.append(row);
    this.#indexUser(row);
  }

  /** Puts the user in the place of the one with its id, which must be there. */
  public replaceUser(user: DirectoryUser): void {
    this.#unindexUser(user.id);
    this.#userRows.replace(user);
    this.#indexUser(user);
  }

  /** Takes the user out of the directory and of every group. */
  public removeUser(id: string): void {
    const user = this.#users.get(id);
    if (user === undefined) return;
    for (const membership of [...this.membershipsOfUser(id, 0)]) this.removeMembership(membership.id);
    this.#ofUser.delete(id);
    this.#unindexUser(id);
    this.#userRows.remove(user.sequence);
  }

  public group(id: string): DirectoryGroup | undefined {
    return this.#groups.get(id);
  }

  public groupsAfter(sequence: number): Iterable<DirectoryGroup> {
    return this.#groupRows.after(sequence);
  }

  /** Groups whose name is this one but for its case. */
  public groupsNamed(name: string): DirectoryGroup[] {
    return this.#existing(this.#groupNames.find(name), this.#groups);
  }

  public groupByExternalId(externalId: ExternalId): DirectoryGroup | undefined {
    return this.#groups.get(this.#externalGroups.get(externalKey(externalId)) ?? '');
  }

  /** The id must be new. */
  public addGroup(group: Omit<DirectoryGroup, 'sequence'>): void {
    const row = { ...group, sequence: this.#nextSequence() };
    this.#groupRows.append(row);
    this.#indexGroup(row);
  }

  /** Puts the group in the place of the one with its id, which must be there. */
  public replaceGroup(group: DirectoryGroup): void {
    this.#unindexGroup(group.id);
    this.#groupRows.replace(group);
    this.#indexGroup(group);
  }

  /** Takes the group out of the directory, and with it its memberships. */
  public removeGroup(id: string): void {
    const group = this.#groups.get(id);
    if (group === undefined) return;
    for (const membership of [...this.membershipsOfGroup(id, 0)]) this.removeMembership(membership.id);
    this.#ofGroup.delete(id);
    this.#unindexGroup(id);
    this.#groupRows.remove(group.sequence);
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

  #existing<T>(ids: Iterable<string>, things: ReadonlyMap<string, T>): T[] {
    return [...ids].flatMap((id) => things.get(id) ?? []);
  }

  #indexUser(user: DirectoryUser): void {
    this.#users.set(user.id, user);
    this.#userNames.add(user.attributes.UserName ?? '', user.id);
    for (const address of addressesOf(user.attributes)) this.#addresses.add(address, user.id);
    for (const externalId of user.externalIds) this.#externalUsers.set(externalKey(externalId), user.id);
  }

  #unindexUser(id: string): void {
    const user = this.#users.get(id);
    if (user === undefined) return;
    this.#users.delete(id);
    this.#userNames.remove(user.attributes.UserName ?? '', id);
    for (const address of addressesOf(user.attributes)) this.#addresses.remove(address, id);
    for (const externalId of user.externalIds) this.#externalUsers.delete(externalKey(externalId));
  }

  #indexGroup(group: DirectoryGroup): void {
    this.#groups.set(group.id, group);
    this.#groupNames.add(group.displayName, group.id);
    for (const externalId of group.externalIds) this.#externalGroups.set(externalKey(externalId), group.id);
  }

  #unindexGroup(id: string): void {
    const group = this.#groups.get(id);
    if (group === undefined) return;
    this.#groups.delete(id);
    this.#groupNames.remove(group.displayName, id);
    for (const externalId of group.externalIds) this.#externalGroups.delete(externalKey(externalId));
  }
}

function membershipsIn(all: Map<string, Memberships>, key: string): Memberships {
  const found = all.get(key);
  if (found !== undefined) return found;
  const made = new Memberships();
  all.set(key, made);
  return made;
}
