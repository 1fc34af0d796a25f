import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileAccessDefinitions } from '../../lib/access-definitions';

const POLICY = `
callers:
  - name: service-desk
    role: arn:aws:iam::333344445555:role/ServiceDesk
    may: { ask: true }
rules:
  - name: look
    effect: allow
    principals: { users: ['*'] }
    permissionSets: [ReadOnlyAccess]
    accounts: ['*']
    longest: PT8H
`;

/** A folder with this policy, and one to compile into. */
function folders(policy?: string): { readonly access: string; readonly out: string } {
  const work = mkdtempSync(join(tmpdir(), 'latchkey-access-'));
  const access = join(work, 'access');
  mkdirSync(access);
  if (policy !== undefined) writeFileSync(join(access, 'policy.yaml'), policy);
  return { access, out: join(work, 'out') };
}

describe('compileAccessDefinitions', () => {
  test('writes the checked policy and its hash as access.json, and nothing else is left in its folder', () => {
    // GIVEN a folder that an earlier run has left something in
    const { access, out } = folders(POLICY);
    mkdirSync(out);
    writeFileSync(join(out, 'left-behind.json'), '{}');
    // WHEN
    const { policy, hash, directory } = compileAccessDefinitions(access, out, 'aws');
    // THEN
    expect(readdirSync(out)).toEqual(['access.json', 'permission-sets.json']);
    expect(JSON.parse(readFileSync(join(directory, 'access.json'), 'utf8'))).toEqual({
      policy: plain(policy),
      hash,
    });
    expect(policy.rules).toHaveLength(1);
  });

  test('gives the same policy the same hash, however it is laid out, and another policy another', () => {
    const hashOf = (policy: string): string => {
      const { access, out } = folders(policy);
      return compileAccessDefinitions(access, out, 'aws').hash;
    };
    expect(hashOf(POLICY)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(`# a comment\n${POLICY.replace("['*']", '["*"]')}`)).toBe(hashOf(POLICY));
    expect(hashOf(POLICY.replace('PT8H', 'PT9H'))).not.toBe(hashOf(POLICY));
  });

  test('names file, key, value and remedy of a definition that cannot be used', () => {
    const { access, out } = folders(POLICY.replace('PT8H', 'eight hours'));
    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(
      /access\/policy\.yaml.*longest.*eight hours/,
    );
  });

  test('says where a file stops being YAML', () => {
    const { access, out } = folders('callers: [');
    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(/policy\.yaml is not YAML: .*line 1/);
  });

  test('names the file that is not there', () => {
    const { access, out } = folders();
    expect(() => compileAccessDefinitions(access, out, 'aws')).toThrow(
      /policy\.yaml cannot be read: make it/,
    );
  });
});

/** As JSON keeps it: what is undefined is not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
