import { OWNER_TAG, type PermissionSetDefinition, definitionHash } from './definition';
import { type PlanInput, type PlannedSet, planSets } from './plan';
import type { SurveyPorts } from './ports';
import type { PermissionSetRecord } from './record';
import { type RolloutScope, isInScope } from './rollout';

/** A plan, and what it was made of. */
export interface Survey {
  readonly planned: readonly PlannedSet[];
  readonly records: ReadonlyMap<string, PermissionSetRecord>;
  /** ARNs of all sets of the instance, by name. */
  readonly arns: ReadonlyMap<string, string>;
}

/** Hears whether a set of a definition's name carries the tag of the owner, so that it need not be asked again. */
export type Remember = (definition: PermissionSetDefinition, arn: string, isTagged: boolean) => Promise<void>;

/** After so many new names the index is written, so that a survey that is interrupted goes on where it was. */
const NAMES_AT_ONCE = 50;

/**
 * Looks at the instance and works out the plan. Costs a call for each hundred sets where nothing is to be done; one more for a name
 * that is new since the last time and for a set that Latchkey may have made without the ledger knowing; and where anything is to be
 * changed, one for each hundred sets that the management account has.
 *
 * @param deadline - epoch milliseconds; undefined is answered where it came first, and the next survey goes on from there
 */
export async function survey(
  ports: SurveyPorts,
  scope: RolloutScope,
  deadline: number,
  remember: Remember = () => Promise.resolve(),
): Promise<Survey | undefined> {
  const records = new Map((await ports.records.all()).map((each) => [each.name, each]));
  const arns = await namesOfAll(ports, records, deadline);
  if (arns === undefined) return undefined;
  const tagged = await taggedOnes(ports, scope, records, arns, deadline, remember);
  if (tagged === undefined) return undefined;
  const { definitions } = ports.deployed;
  const { rules } = ports;
  const input: PlanInput = { definitions, records, arns, tagged, inManagement: undefined, scope, rules };
  const first = planSets(input);
  if (first.every(({ task }) => task === undefined)) return { planned: first, records, arns };
  const inManagement = new Set(await ports.admin.setsIn(ports.managementAccountId));
  return { planned: planSets({ ...input, inManagement }), records, arns };
}

/** All sets by name. A set that the list does not show yet, or any more, is asked for where the ledger knows it. */
export async function namesOfAll(
  { admin, names, clock }: Pick<SurveyPorts, 'admin' | 'names' | 'clock'>,
  records: ReadonlyMap<string, PermissionSetRecord>,
  deadline: number,
): Promise<ReadonlyMap<string, string> | undefined> {
  const known = await names.read();
  const listed = await admin.list();
  const own = [...records.values()].flatMap(({ arn }) => arn ?? []);
  const unlisted = own.filter((arn) => !listed.includes(arn));
  const found = new Map<string, string>();
  let unsaved = [...known.keys()].some((arn) => !listed.includes(arn)) ? 1 : 0;
  for (const arn of [...listed, ...unlisted]) {
    let name = unlisted.includes(arn) ? undefined : known.get(arn);
    if (name === undefined) {
      if (clock.now() >= deadline) {
        await names.write(new Map([...known, ...found]));
        return undefined;
      }
      name = await admin.nameOf(arn);
      unsaved += 1;
    }
    if (name !== undefined) found.set(arn, name);
    if (unsaved > NAMES_AT_ONCE) {
      await names.write(new Map([...known, ...found]));
      unsaved = 1;
    }
  }
  if (unsaved > 0) await names.write(found);
  return new Map([...found].map(([arn, name]) => [name, arn]));
}

/**
 * Of the sets whose record does not say so, those that carry Latchkey's tag: it made them, and died before it could write that. One that
 * its file takes over in any case is not asked.
 */
async function taggedOnes(
  { admin, deployed, clock }: SurveyPorts,
  scope: RolloutScope,
  records: ReadonlyMap<string, PermissionSetRecord>,
  arns: ReadonlyMap<string, string>,
  deadline: number,
  remember: Remember,
): Promise<ReadonlySet<string> | undefined> {
  const tagged = new Set<string>();
  for (const definition of deployed.definitions) {
    const arn = arns.get(definition.name);
    const record = records.get(definition.name);
    const isKnown =
      definition.adopt ||
      record?.arn === arn ||
      (record?.foreign?.arn === arn && record?.foreign?.hash === definitionHash(definition));
    if (arn === undefined || isKnown || !isInScope(scope, definition.name)) continue;
    if (clock.now() >= deadline) return undefined;
    const contents = await admin.read(arn, ['tags']);
    const isTagged = contents?.tags?.[OWNER_TAG.key] === OWNER_TAG.value;
    await remember(definition, arn, isTagged);
    if (isTagged) tagged.add(arn);
  }
  return tagged;
}
