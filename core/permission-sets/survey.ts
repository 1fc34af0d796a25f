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
  /** Whose the sets are from this name on was not found out in time: the plan is right up to it. Only where a page was asked for. */
  readonly unread?: string;
}

/** A part of the sets, by name: as many as there is time for. */
export interface SurveyPage {
  /** Begins after this name. */
  readonly after?: string;
  /** Epoch milliseconds. At least one set is asked about, so that every page gets on. */
  readonly deadline: number;
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
 * @param page - for whoever cannot remember: tags are read only for this part
 */
export async function survey(
  ports: SurveyPorts,
  scope: RolloutScope,
  deadline: number,
  { remember, page }: { readonly remember?: Remember; readonly page?: SurveyPage } = {},
): Promise<Survey | undefined> {
  const records = new Map((await ports.records.all()).map((each) => [each.name, each]));
  const arns = await namesOfAll(ports, records, deadline);
  if (arns === undefined) return undefined;
  const { tagged, unread } = await taggedOnes(
    ports,
    { scope, records, arns },
    page ?? { deadline },
    remember,
  );
  if (unread !== undefined && page === undefined) return undefined;
  const rest = unread === undefined ? {} : { unread };
  const { definitions } = ports.deployed;
  const { rules } = ports;
  const input: PlanInput = { definitions, records, arns, tagged, inManagement: undefined, scope, rules };
  const first = planSets(input);
  if (first.every(({ task }) => task === undefined)) return { planned: first, records, arns, ...rest };
  const inManagement = new Set(await ports.admin.setsIn(ports.managementAccountId));
  return { planned: planSets({ ...input, inManagement }), records, arns, ...rest };
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
 * its file takes over in any case is not asked. They are asked in the order of their names, as far as the time allows.
 */
async function taggedOnes(
  { admin, deployed, clock }: SurveyPorts,
  { scope, records, arns }: Pick<PlanInput, 'scope' | 'records' | 'arns'>,
  { after = '', deadline }: SurveyPage,
  remember?: Remember,
): Promise<{ readonly tagged: ReadonlySet<string>; readonly unread?: string }> {
  const tagged = new Set<string>();
  const inOrder = [...deployed.definitions].sort((one, other) => (one.name < other.name ? -1 : 1));
  let asked = 0;
  for (const definition of inOrder.filter(({ name }) => name > after && isInScope(scope, name))) {
    const arn = arns.get(definition.name);
    if (arn === undefined || isSettled(definition, arn, records.get(definition.name))) continue;
    if (asked > 0 && clock.now() >= deadline) return { tagged, unread: definition.name };
    const contents = await admin.read(arn, ['tags']);
    asked += 1;
    const isTagged = contents?.tags?.[OWNER_TAG.key] === OWNER_TAG.value;
    await remember?.(definition, arn, isTagged);
    if (isTagged) tagged.add(arn);
  }
  return { tagged };
}

/** Whether the tag of a set decides nothing, or is known. */
function isSettled(
  definition: PermissionSetDefinition,
  arn: string,
  record: PermissionSetRecord | undefined,
): boolean {
  const { foreign } = record ?? {};
  return (
    definition.adopt ||
    record?.arn === arn ||
    (foreign?.arn === arn && foreign.hash === definitionHash(definition))
  );
}
