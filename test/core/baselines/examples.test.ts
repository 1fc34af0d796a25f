import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isControlTowerGroup, isControlTowerPermissionSet } from '../../../core/baselines/control-tower';
import { wantedClaims } from '../../../core/baselines/wanted-claims';
import { OrganizationIndex } from '../../../core/targets/organization-index';
import { setUpControlTower } from '../../../local/identity-center/control-tower';
import { readAccessFiles } from '../../../lib/access-definitions';
import { readOrganization } from '../../../local/identity-center/organization-file';
import { World } from '../../../local/identity-center/world';
import { pictureOf } from '../../support/fake-pictures';
import { resolvedRules } from './rules';

const ROOT = join(__dirname, '..', '..', '..');
const FILE = join(ROOT, 'examples', 'organization.yaml');
const organization = readOrganization(readFileSync(FILE, 'utf8'), FILE);
const { baselines, permissionSetFiles } = readAccessFiles(join(ROOT, 'access'), 'aws');

/** `account: set group` of all that the shipped rules make in the example organization. */
function assignments(): string[] {
  const index = new OrganizationIndex(pictureOf(organization.accounts));
  const rules = resolvedRules(
    ...baselines.baselines.map((baseline) => {
      const name = 'group' in baseline.principal ? baseline.principal.group : '';
      const id = organization.groups.find(({ displayName }) => displayName === name)?.id ?? '';
      const permissionSets = baseline.permissionSets.map((set) => ({ name: set, arn: set }));
      return { baseline, principal: { type: 'GROUP' as const, id, name }, permissionSets };
    }),
  );
  const never = new Map([
    ['111122223333', 'management'],
    ['222233334444', 'host'],
  ]);
  return index.accounts.flatMap((account) => {
    const tags = organization.accounts.find(({ id }) => id === account.id)?.tags;
    return wantedClaims(rules, { index, account, tags, never }).wanted.map(
      ({ rule, key }) => `${account.name}: ${key.permissionSetArn} by ${rule}`,
    );
  });
}

describe('the shipped baselines', () => {
  test('name groups of the example organization and shipped permission sets', () => {
    const groups = organization.groups.map(({ displayName }) => displayName);
    const sets = permissionSetFiles.map(({ definition }) => definition.name);

    for (const { principal, permissionSets } of baselines.baselines) {
      expect(groups).toContain('group' in principal ? principal.group : principal);
      expect(permissionSets.filter((name) => !sets.includes(name))).toEqual([]);
    }
  });

  test('change nothing that they did not make', () => {
    expect(baselines).toMatchObject({ isPresent: true, mode: 'report' });
    expect(baselines.baselines.map(({ mode }) => mode)).toEqual(['report', 'report', 'report']);
  });

  test('give each group what its description says', () => {
    const found = assignments();
    const accountsOf = (words: string): string[] =>
      found.filter((each) => each.endsWith(words)).map((each) => each.split(':')[0] ?? '');
    const workloads = [
      'payments-prod',
      'orders-prod',
      'analytics-prod',
      'payments-dev',
      'orders-dev',
      'analytics-dev',
    ];

    expect(accountsOf('ReadOnly by platform-operates-workloads')).toEqual(workloads);
    expect(accountsOf('Operator by platform-operates-workloads')).toEqual(workloads);
    expect(accountsOf('SecurityAudit by security-audits')).toEqual([
      'log-archive',
      'shared-network',
      ...workloads,
    ]);
    expect(accountsOf('Developer by payments-develops')).toEqual(['payments-dev']);
    expect(found).toHaveLength(21);
  });
});

describe('the names of AWS Control Tower', () => {
  test('are those that the simulated one makes', () => {
    const world = new World({
      organization: { ...organization, groups: [], permissionSets: [], assignments: [] },
      callers: [],
      now: () => 0,
      random: { next: () => 0.5 },
      drawListLag: () => 0,
    });
    let made = 0;

    setUpControlTower(world, { newId: () => `group-${(made += 1)}`, now: 0 });

    const sets = world.permissionSets().map(({ name }) => name);
    const groups = world.groups().map(({ displayName }) => displayName);
    expect([sets.length, groups.length]).toEqual([6, 8]);
    expect(sets.filter((name) => !isControlTowerPermissionSet(name))).toEqual([]);
    expect(groups.filter((name) => !isControlTowerGroup(name))).toEqual([]);
  });

  test('are no others that begin with AWS', () => {
    expect(isControlTowerPermissionSet('AWSOurOwn')).toBe(false);
    expect(isControlTowerGroup('AWSPlatform')).toBe(false);
  });
});
