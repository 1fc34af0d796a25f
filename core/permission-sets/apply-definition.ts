import {
  AdminCallError,
  CONTENT_PARTS,
  type ContentPart,
  type PermissionSetChange,
} from '../ports/permission-sets';
import { describeChanges } from './describe-changes';
import { changesTo, needsProvision, partsOf } from './differences';
import {
  OWNER_TAG,
  type PermissionSetContents,
  type PermissionSetDefinition,
  definitionHash,
  wantedContents,
} from './definition';
import type { ApplyPorts } from './ports';
import { type Drift, type PermissionSetRecord, type RolloutResult, owed, withResult } from './record';
import { type RolloutScope, isCorrected } from './rollout';
import { changeRecord } from './steps';
import { namesOfAll } from './survey';

/** The rollout that a set is worked on for. */
export interface ApplyContext {
  readonly plan: number;
  readonly scope: RolloutScope;
  /** Nothing new is begun after it; epoch milliseconds. */
  readonly deadline: number;
}

/** Looks after a change: what is not to be seen at once is usually there within seconds. */
const LOOK_PAUSES_MS = [0, 1_000, 2_000, 4_000, 8_000] as const;

/** What differs after so many rounds, some 40 s, is tried again later, and told if it stays so. */
const MOST_ROUNDS = 8;

/** A conflict passes when somebody else's change is done; each waits a different time. */
const CONFLICT_PAUSE_MS = 2_000;

/**
 * Brings a set to its definition: reads what is there, sends what differs, and reads again what was changed until nothing differs.
 * Six reads, the changes, and a read of each part that was changed. Answers false where the time was over first; repeated, it goes on
 * from what is there. The accounts follow in *Look at the rollout*.
 */
export async function applyDefinition(
  ports: ApplyPorts,
  record: PermissionSetRecord,
  definition: PermissionSetDefinition,
  context: ApplyContext,
): Promise<boolean> {
  const found = await takeHold(ports, record, definition, context);
  if (found === undefined) return true;
  const { arn, outcome } = found;
  const wanted = wantedContents(definition);
  let parts: readonly ContentPart[] = CONTENT_PARTS;
  for (let round = 0; ; round += 1) {
    const present =
      round === 0
        ? (found.present ?? (await ports.admin.read(arn, parts)))
        : await ports.admin.read(arn, parts);
    if (present === undefined)
      throw new AdminCallError('gone', 'DescribePermissionSet', `${arn} is not there any more`);
    const changes = changesTo(wanted, present, parts);
    if (changes.length === 0) break;
    if (round >= MOST_ROUNDS) throw unchanged(changes, present);
    if (ports.clock.now() >= context.deadline) return false;
    if (needsProvision(changes) && outcome !== 'created') await oweProvision(ports, definition.name);
    const isSent = await send(ports, arn, changes);
    parts = partsOf(changes);
    await ports.clock.sleep(isSent ? pauseBefore(round) : CONFLICT_PAUSE_MS * (0.5 + ports.random.next()));
  }
  await changeRecord(ports, definition.name, (present) =>
    applied(present, definition, outcome, context, ports.clock.now()),
  );
  return true;
}

/** Reads all of a set and says what others have changed; where the scope says so, and for sets that are named, it is put right. */
export async function verifyDefinition(
  ports: ApplyPorts,
  record: PermissionSetRecord,
  definition: PermissionSetDefinition,
  context: ApplyContext,
): Promise<boolean> {
  const { arn = '', name } = record;
  const present = await ports.admin.read(arn, CONTENT_PARTS);
  const drift = present === undefined ? ['the set is gone'] : driftOf(definition, present);
  if (drift.length > 0 && isCorrected(context.scope, name))
    return applyDefinition(ports, record, definition, context);
  const now = ports.clock.now();
  const stale = drift.length > 0 ? [] : await ports.admin.accounts(arn, 'stale');
  await changeRecord(ports, name, ({ drift: _before, task: _done, trouble: _over, ...rest }) => {
    const verified = { ...rest, verifiedAt: now };
    // Providing accounts with what somebody else has changed would spread it.
    if (drift.length > 0) return { ...verified, drift: found(drift, record.drift, now) };
    if (stale.length === 0) return withoutStale(verified, now);
    return { ...verified, task: 'provision', provisioning: owed(stale.length, now) };
  });
  return true;
}

/** The service took the changes and does not show them. */
function unchanged(
  changes: readonly PermissionSetChange[],
  present: Partial<PermissionSetContents>,
): AdminCallError {
  const left = describeChanges(changes, present).join(', ');
  return new AdminCallError(
    'unavailable',
    'DescribePermissionSet',
    `it does not show what was changed: ${left}`,
  );
}

/** What was found before, and told, is no news. */
function found(changes: readonly string[], before: Drift | undefined, at: number): Drift {
  const isSame = before?.changes.join() === changes.join();
  return { at, changes, ...(isSame && before.isTold === true ? { isTold: true } : {}) };
}

/** What differs between a definition and a set that was read whole, in words. */
export function driftOf(
  definition: PermissionSetDefinition,
  present: Partial<PermissionSetContents>,
): string[] {
  return describeChanges(changesTo(wantedContents(definition), present), present);
}

/** A set that Latchkey may change. */
interface Held {
  readonly arn: string;
  readonly outcome: 'created' | 'adopted' | 'updated';
  /** All of it, where it has just been read. */
  readonly present?: Partial<PermissionSetContents>;
}

/** Finds the set, makes it, or takes it over; undefined: it is somebody else's, which its record says now. */
async function takeHold(
  ports: ApplyPorts,
  record: PermissionSetRecord,
  definition: PermissionSetDefinition,
  context: ApplyContext,
): Promise<Held | undefined> {
  const { admin } = ports;
  const arn = record.arn ?? (await arnNamed(ports, definition.name));
  const present = arn === undefined ? undefined : await admin.read(arn, CONTENT_PARTS);
  if (arn === undefined || present === undefined) return makeOrFind(ports, record, definition, context);
  if (present.tags?.[OWNER_TAG.key] === OWNER_TAG.value) {
    if (record.arn !== arn) await own(ports, definition.name, arn);
    return { arn, outcome: 'updated', present };
  }
  if (!definition.adopt) {
    await refuse(ports, definition, arn, context.plan);
    return undefined;
  }
  await admin.change(arn, { change: 'tag', tags: { [OWNER_TAG.key]: OWNER_TAG.value } });
  await own(ports, definition.name, arn);
  return {
    arn,
    outcome: 'adopted',
    present: { ...present, tags: { ...present.tags, [OWNER_TAG.key]: OWNER_TAG.value } },
  };
}

/** A set of this name may be there without the index knowing it, such as one whose maker died before it could write that down. */
async function makeOrFind(
  ports: ApplyPorts,
  { arn: _gone, ...record }: PermissionSetRecord,
  definition: PermissionSetDefinition,
  context: ApplyContext,
): Promise<Held | undefined> {
  try {
    return await make(ports, definition);
  } catch (error) {
    if (!(error instanceof AdminCallError) || error.fault !== 'exists') throw error;
    const names = await namesOfAll(ports, new Map(), context.deadline);
    if (names?.has(definition.name) !== true) throw error;
    return takeHold(ports, record, definition, context);
  }
}

/** Makes the set with the owner's tag in the same call: whatever dies in between, the next one sees whose it is. */
async function make(ports: ApplyPorts, definition: PermissionSetDefinition): Promise<Held> {
  const { name, description, sessionDuration, relayState } = definition;
  const arn = await ports.admin.create({
    name,
    sessionDuration,
    tags: wantedContents(definition).tags,
    ...(description === undefined ? {} : { description }),
    ...(relayState === undefined ? {} : { relayState }),
  });
  await own(ports, name, arn);
  await ports.names.write(new Map([...(await ports.names.read()), [arn, name]]));
  return { arn, outcome: 'created' };
}

/** A set of this name, as the index knows it. */
async function arnNamed({ names, admin }: ApplyPorts, name: string): Promise<string | undefined> {
  const known = [...(await names.read())].filter(([, each]) => each === name);
  for (const [arn] of known) if ((await admin.nameOf(arn)) === name) return arn;
  return undefined;
}

async function own(ports: ApplyPorts, name: string, arn: string): Promise<void> {
  await changeRecord(ports, name, ({ deletedAt: _before, applied: _ofAnother, ...present }) => ({
    ...present,
    arn,
  }));
}

async function refuse(
  ports: ApplyPorts,
  definition: PermissionSetDefinition,
  arn: string,
  plan: number,
): Promise<void> {
  const reason =
    'a set of this name is there that does not carry the tag of Latchkey: write adopt: true in its file to take it over';
  await changeRecord(ports, definition.name, ({ arn: _not, ...present }) =>
    withResult(
      { ...present, foreign: { arn, hash: definitionHash(definition) } },
      { plan, at: ports.clock.now(), outcome: 'refused', reason },
    ),
  );
}

/** Before the first change that roles do not have by themselves. */
async function oweProvision(ports: ApplyPorts, name: string): Promise<void> {
  await changeRecord(ports, name, (present) =>
    present.provisioning?.mode === 'all' && present.provisioning.asked === undefined
      ? undefined
      : { ...present, provisioning: { since: ports.clock.now(), mode: 'all' } },
  );
}

/** Sends the changes in their order. Answers false where one met somebody else's, and what follows was not sent. */
async function send(
  { admin }: ApplyPorts,
  arn: string,
  changes: readonly PermissionSetChange[],
): Promise<boolean> {
  for (const change of changes) {
    try {
      await admin.change(arn, change);
    } catch (error) {
      const isSo =
        error instanceof AdminCallError && (error.fault === 'conflict' || isNothingToTake(error, change));
      if (!isSo) throw error;
      return false;
    }
  }
  return true;
}

/** What was to be taken away is gone already, unless the set itself is: the next read tells. */
function isNothingToTake({ fault }: AdminCallError, { change }: PermissionSetChange): boolean {
  return fault === 'gone' && (change === 'detach' || change.startsWith('delete'));
}

function pauseBefore(round: number): number {
  return LOOK_PAUSES_MS[round] ?? LOOK_PAUSES_MS[LOOK_PAUSES_MS.length - 1] ?? 0;
}

/** The set is as its definition wants it. What its accounts lack is the next thing to do. */
function applied(
  present: PermissionSetRecord,
  definition: PermissionSetDefinition,
  outcome: RolloutResult['outcome'],
  { plan }: ApplyContext,
  now: number,
): PermissionSetRecord {
  const { drift: _corrected, trouble: _over, draining: _back, ...rest } = present;
  const next: PermissionSetRecord = {
    ...rest,
    applied: definitionHash(definition),
    appliedAt: now,
    verifiedAt: now,
    isProtected: definition.protected,
  };
  const done: RolloutResult = { plan, at: now, outcome };
  if (outcome === 'created') return withResult(withoutStale(next, now), done);
  return {
    ...next,
    task: 'provision',
    result: done,
    provisioning: present.provisioning ?? { since: now, mode: 'accounts' },
  };
}

function withoutStale(record: PermissionSetRecord, now: number): PermissionSetRecord {
  return { ...record, accounts: { current: record.accounts?.current ?? 0, stale: 0, failed: [], at: now } };
}
