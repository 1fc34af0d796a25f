import { fieldPath, type Report } from './field-problem';
import { checkKeys, isJsonObject, type JsonObject, member } from './field-reading';
import { kindOf, readText, type TextRule } from './safe-text';

/** A request has at most this many accounts: its revoke takes 500 × 2 calls, under a minute at 18 calls a second. */
const MOST_ACCOUNTS = 500;

const ACCOUNT: TextRule = {
  kind: 'name',
  longest: 12,
  pattern: /^[0-9]{12}$/,
  what: 'an account id of 12 digits',
};
const EXAMPLE = '{"account": "111122223333"} or a list of those';

/** Forms of the target grammar that are not there yet, each with its name in words. */
const NOT_SUPPORTED: Readonly<Record<string, string>> = {
  accountName: 'by account name',
  ou: 'by organizational unit',
  tag: 'by tag',
  all: 'that mean all accounts',
  except: 'with exceptions',
};

/** Reads `target`: one `{account}` or a list of them; answers 1 to 500 ids, each once, in the order given. */
export function readTarget(report: Report, value: unknown): readonly string[] | undefined {
  if (value === undefined) {
    report('target', value, 'is missing', `write ${EXAMPLE}`);
    return undefined;
  }
  const isList = Array.isArray(value);
  const entries: readonly unknown[] = isList ? value : [value];
  if (entries.length === 0) report('target', value, 'is an empty list', 'list at least one account');
  const accounts = entries.map((entry, index) =>
    readEntry(report, isList ? fieldPath('target', index) : 'target', entry),
  );
  const distinct = new Set(accounts.filter((account) => account !== undefined));
  if (distinct.size > MOST_ACCOUNTS) {
    report(
      'target',
      distinct.size,
      `lists ${distinct.size} accounts`,
      `send at most ${MOST_ACCOUNTS} per request`,
    );
  }
  return [...distinct];
}

/** One account of a list, or the only one. */
function readEntry(report: Report, field: string, entry: unknown): string | undefined {
  if (!isJsonObject(entry)) {
    report(field, entry, `is ${kindOf(entry)}, not an object`, `write ${EXAMPLE}`);
    return undefined;
  }
  const unsupported = Object.keys(NOT_SUPPORTED).filter((key) => Object.hasOwn(entry, key));
  for (const key of unsupported) reportUnsupported(report, field, key, entry);
  checkKeys(report, field, entry, ['account', ...Object.keys(NOT_SUPPORTED)]);
  const account = member(entry, 'account');
  // An entry of another form says what it means by that; a missing account would be a second report of one mistake.
  if (account === undefined && unsupported.length > 0) return undefined;
  return readAccount(report, fieldPath(field, 'account'), account);
}

function readAccount(report: Report, field: string, account: unknown): string | undefined {
  if (typeof account === 'number') {
    report(
      field,
      account,
      'is a number',
      'put the 12 digits in double quotes: a number loses its leading zeros',
    );
    return undefined;
  }
  return readText(report, field, account, ACCOUNT);
}

function reportUnsupported(report: Report, field: string, key: string, entry: JsonObject): void {
  const problem = `targets ${NOT_SUPPORTED[key] ?? ''} are not supported yet`;
  report(
    fieldPath(field, key),
    member(entry, key),
    problem,
    'list the accounts by id: [{"account": "111122223333"}]',
  );
}
