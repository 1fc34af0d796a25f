import { fieldPath, type Report } from '../tickets/field-problem';
import { checkKeys, isJsonObject, type JsonObject, member } from '../tickets/field-reading';
import { kindOf, readText, type TextRule } from '../tickets/safe-text';

/** Keys and patterns of tags that an account must all have; a pattern is a value in which `*` stands for any characters. */
export type TagPatterns = Readonly<Record<string, string>>;

/** What one entry of a target is about: exactly one of these. */
export type Selector =
  /** An account id of 12 digits. */
  | { readonly account: string }
  /** An account's name as it is, or a pattern with `*`. */
  | { readonly accountName: string }
  /**
   * A unit by id (`ou-…`), the root by id (`r-…`) or as `/`, or a path of names from the root, such as `Workloads/Prod`. With
   * everything below it, or with its own children only.
   */
  | { readonly ou: string; readonly direct?: true }
  | { readonly tag: TagPatterns }
  | { readonly all: true };

/** One entry of a target, in the form in which it is written. */
export type TargetEntry = Selector & { readonly except?: Target };

/** Accounts, as a request, a baseline or a rule names them: all that some entry means. Never empty. */
export type Target = readonly TargetEntry[];

/** Entries of one target, those of its exceptions counted with them. */
const MOST_ENTRIES = 1_000;

/** A target, its exceptions, and theirs. More than that nobody reads right. */
const DEEPEST_EXCEPTION = 3;

/** Tags that an account can have; the limit of Organizations. */
const MOST_TAGS = 50;

const EXAMPLE =
  '{"account": "111122223333"}, {"accountName": "payments-*"}, {"ou": "Workloads/Prod"}, {"tag": {"environment": "prod"}}, {"all": true}, or a list of those';

const ACCOUNT: TextRule = {
  kind: 'name',
  longest: 12,
  pattern: /^[0-9]{12}$/,
  what: 'an account id of 12 digits',
};
/** `AccountName` of Organizations has at most 50 characters; a pattern may have stars besides. */
const ACCOUNT_NAME: TextRule = {
  kind: 'name',
  longest: 64,
  what: "an account's name, or a pattern such as payments-*",
};
/** Five names of up to 128 characters: units are nested no deeper. */
const UNIT: TextRule = {
  kind: 'name',
  longest: 650,
  what: 'an organizational unit: ou-…, a path from the root such as Workloads/Prod, or / for the root',
};
const TAG_KEY: TextRule = { kind: 'name', longest: 128, what: "a tag's key" };
const TAG_VALUE: TextRule = {
  kind: 'name',
  longest: 256,
  what: "a tag's value, or a pattern with * for any characters",
};

const READERS = {
  account: readAccount,
  accountName: (report, field, value) => {
    const accountName = readText(report, field, value, ACCOUNT_NAME);
    return accountName === undefined ? undefined : { accountName };
  },
  ou: readUnit,
  tag: readTags,
  all: (report, field, value) => {
    if (value === true) return { all: true };
    report(field, value, 'is not true', 'write true, or say which accounts are meant');
    return undefined;
  },
} as const satisfies Readonly<
  Record<string, (report: Report, field: string, value: unknown) => Selector | undefined>
>;

const SELECTORS = Object.keys(READERS) as (keyof typeof READERS)[];

/** Counts entries over all exceptions of one target. */
interface Place {
  readonly level: number;
  readonly counted: { entries: number };
}

/**
 * Reads a target: one entry or a list of them; undefined where anything about it was reported. Whether what it names is there is not
 * looked at: see `resolveTarget`.
 * @param field where it stands, for the problems
 */
export function readTarget(report: Report, field: string, value: unknown): Target | undefined {
  const counted = { entries: 0 };
  const found = { problems: 0 };
  const noted: Report = (...problem) => {
    found.problems += 1;
    report(...problem);
  };
  const target = readEntries(noted, field, value, { level: 1, counted });
  const { entries } = counted;
  if (entries > MOST_ENTRIES) {
    noted(field, entries, `has ${entries} entries`, `write at most ${MOST_ENTRIES}, exceptions included`);
  }
  return found.problems === 0 ? target : undefined;
}

/** The account ids of a target that is made of nothing else, each once, in the order given; else undefined. */
export function plainAccounts(target: Target): string[] | undefined {
  const ids = target.map((entry) =>
    'account' in entry && entry.except === undefined ? entry.account : undefined,
  );
  return ids.includes(undefined) ? undefined : [...new Set(ids.filter((id) => id !== undefined))];
}

function readEntries(report: Report, field: string, value: unknown, place: Place): Target | undefined {
  if (value === undefined) {
    report(field, value, 'is missing', `write ${EXAMPLE}`);
    return undefined;
  }
  const isList = Array.isArray(value);
  const written: readonly unknown[] = isList ? value : [value];
  if (written.length === 0) report(field, value, 'is an empty list', 'list at least one account');
  place.counted.entries += written.length;
  const entries = written.map((entry, index) =>
    readEntry(report, isList ? fieldPath(field, index) : field, entry, place),
  );
  const right = entries.filter((entry) => entry !== undefined);
  return right.length === 0 || right.length < entries.length ? undefined : right;
}

function readEntry(report: Report, field: string, entry: unknown, place: Place): TargetEntry | undefined {
  if (!isJsonObject(entry)) {
    report(field, entry, `is ${kindOf(entry)}, not an object`, `write ${EXAMPLE}`);
    return undefined;
  }
  checkKeys(report, field, entry, [...SELECTORS, 'direct', 'except']);
  const given = SELECTORS.filter((key) => member(entry, key) !== undefined);
  const selectors = given.map((key) => READERS[key](report, fieldPath(field, key), member(entry, key)));
  const [by, second] = given;
  if (by === undefined) {
    // The commonest form, so that a misspelled key is found as the account that is missing.
    report(fieldPath(field, 'account'), undefined, 'is missing', `write ${EXAMPLE}`);
  } else if (second !== undefined) {
    const remedy = 'write one entry for each in a list to mean both together, or take some out with except';
    report(fieldPath(field, second), member(entry, second), `stands beside ${by}`, remedy);
  }
  const isDirect = readDirect(report, field, entry);
  const isExcepted = Object.hasOwn(entry, 'except');
  const except = isExcepted ? readExcept(report, fieldPath(field, 'except'), entry, place) : undefined;
  const [selector] = selectors;
  if (given.length !== 1 || selector === undefined || isDirect === undefined) return undefined;
  if (isExcepted && except === undefined) return undefined;
  return {
    ...selector,
    ...(isDirect ? { direct: true } : {}),
    ...(except === undefined ? {} : { except }),
  };
}

function readExcept(report: Report, field: string, entry: JsonObject, place: Place): Target | undefined {
  const value = member(entry, 'except');
  if (place.level < DEEPEST_EXCEPTION) {
    return readEntries(report, field, value, { ...place, level: place.level + 1 });
  }
  report(
    field,
    kindOf(value),
    'is an exception from an exception from an exception',
    'write what is meant as a list with one exception each',
  );
  return undefined;
}

/** Undefined after a problem was reported. */
function readDirect(report: Report, field: string, entry: JsonObject): boolean | undefined {
  const direct = member(entry, 'direct');
  if (direct === undefined) return false;
  const at = fieldPath(field, 'direct');
  if (typeof direct !== 'boolean') {
    report(at, direct, `is ${kindOf(direct)}, neither true nor false`, 'write true, or leave it out');
    return undefined;
  }
  if (member(entry, 'ou') !== undefined) return direct;
  report(at, direct, 'stands without ou', 'leave it out: it says that the units below a unit are not meant');
  return undefined;
}

function readAccount(report: Report, field: string, value: unknown): Selector | undefined {
  if (typeof value === 'number') {
    report(
      field,
      value,
      'is a number',
      'put the 12 digits in double quotes: a number loses its leading zeros',
    );
    return undefined;
  }
  const account = readText(report, field, value, ACCOUNT);
  return account === undefined ? undefined : { account };
}

/** A path without the slash that it may begin with. */
function readUnit(report: Report, field: string, value: unknown): Selector | undefined {
  const text = readText(report, field, value, UNIT);
  if (text === undefined || text === '/') return text === undefined ? undefined : { ou: text };
  const path = text.replace(/^\//, '');
  if (!path.split('/').includes('')) return { ou: path };
  report(field, value, 'has an empty name in its path', `write ${UNIT.what}`);
  return undefined;
}

function readTags(report: Report, field: string, value: unknown): Selector | undefined {
  if (!isJsonObject(value)) {
    report(field, value, `is ${kindOf(value)}, not an object`, 'write {"environment": "prod"}');
    return undefined;
  }
  const keys = Object.keys(value).sort();
  if (keys.length === 0 || keys.length > MOST_TAGS) {
    report(field, value, `names ${keys.length} tags`, `name 1 to ${MOST_TAGS} tags that must all be there`);
    return undefined;
  }
  const tags = keys.flatMap((key) => {
    const at = fieldPath(field, key);
    const name = readText(report, at, key, TAG_KEY);
    const given = member(value, key);
    // A tag may have an empty value; every other text is checked as a name is.
    const pattern = given === '' ? '' : readText(report, at, given, TAG_VALUE);
    return name === undefined || pattern === undefined ? [] : [[name, pattern] as const];
  });
  return tags.length < keys.length ? undefined : { tag: Object.fromEntries(tags) };
}
