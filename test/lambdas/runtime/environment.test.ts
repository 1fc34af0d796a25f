import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readAccessDefinitions,
  readBaselines,
  readSettings,
  requireEnvironment,
} from '../../../lambdas/runtime/environment';
import { TEST_SETTINGS } from '../../support/test-settings';

describe('the environment of a function', () => {
  const before = { ...process.env };

  afterEach(() => {
    process.env = { ...before };
  });

  test('gives what the infrastructure set', () => {
    process.env.LEDGER_TABLE = 'ledger';

    expect(requireEnvironment('ledgerTable')).toBe('ledger');
  });

  test.each([undefined, ''])('names a variable that is %p, and what to do', (value) => {
    delete process.env.LEDGER_TABLE;
    if (value !== undefined) process.env.LEDGER_TABLE = value;

    expect(() => requireEnvironment('ledgerTable')).toThrow(
      'environment variable LEDGER_TABLE is not set: deploy the function with it',
    );
  });

  test('gives the settings, checked', () => {
    process.env.LATCHKEY_SETTINGS = JSON.stringify(TEST_SETTINGS);

    expect(readSettings()).toEqual(TEST_SETTINGS);
  });

  test('names a setting that is wrong, and its value', () => {
    process.env.LATCHKEY_SETTINGS = JSON.stringify({ ...TEST_SETTINGS, hostAccountId: '1' });

    expect(() => readSettings()).toThrow(
      /LATCHKEY_SETTINGS is not usable: hostAccountId is "1": must be twelve digits/,
    );
  });

  test('gives the policy out of the file in the layer', () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-environment-'));
    process.env.ACCESS_FILE = join(folder, 'access.json');
    writeFileSync(process.env.ACCESS_FILE, JSON.stringify({ policy: { callers: [], rules: [] } }));

    expect(readAccessDefinitions().policy).toEqual({ callers: [], rules: [] });
    rmSync(folder, { recursive: true });
  });

  test('gives the baselines out of the file in the layer', () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-environment-'));
    process.env.BASELINES_FILE = join(folder, 'baselines.json');
    writeFileSync(process.env.BASELINES_FILE, JSON.stringify({ baselines: [], isPresent: true }));

    expect(readBaselines()).toEqual({ baselines: [], isPresent: true });
    rmSync(folder, { recursive: true });
  });

  test('stops where the layer is missing', () => {
    process.env.ACCESS_FILE = '/nowhere/access.json';

    expect(() => readAccessDefinitions()).toThrow(/ENOENT.*\/nowhere\/access\.json/);
  });
});
