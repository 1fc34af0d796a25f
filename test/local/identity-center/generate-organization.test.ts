import { createSeededRandom } from '../../../local/clock/seeded-random';
import {
  generateOrganization,
  type OrganizationSize,
} from '../../../local/identity-center/generate-organization';
import { readOrganization } from '../../../local/identity-center/organization-file';
import { organizationText } from '../../../local/identity-center/organization-text';

const textOf = (accounts: number, seed = 1): string =>
  organizationText(generateOrganization({ accounts }, createSeededRandom(seed)));

describe('a generated organization', () => {
  test.each([4, 10, 100])('of %p accounts is one that can be loaded (F10)', (accounts) => {
    const made = readOrganization(textOf(accounts), 'generated.yaml');

    expect(made.accounts).toHaveLength(accounts);
    expect(made.users).toHaveLength(Math.max(8, accounts * 5));
    expect(made.permissionSets).toHaveLength(Math.max(10, accounts / 4));
  });

  test('has about as many assignments as were asked for, and every permission set in use (F10)', () => {
    const size = { accounts: 100, permissionSets: 40, assignments: 3000 };
    const made = readOrganization(
      organizationText(generateOrganization(size, createSeededRandom(1))),
      'generated.yaml',
    );

    expect(made.assignments.length).toBeGreaterThan(2850);
    expect(made.assignments.length).toBeLessThan(3150);
    const inUse = new Set(made.assignments.map(({ permissionSetArn }) => permissionSetArn));
    expect(made.permissionSets.filter(({ arn }) => !inUse.has(arn))).toEqual([]);
    // A delegated administrator could not use what has a role in the management account.
    expect(made.assignments.filter(({ accountId }) => accountId === made.managementAccountId)).toEqual([]);
  });

  test('is the same for the same seed, and another one for another (F10)', () => {
    expect(textOf(20, 7)).toBe(textOf(20, 7));
    expect(textOf(20, 7)).not.toBe(textOf(20, 8));
  });

  test.each<[string, OrganizationSize, string]>([
    ['three accounts', { accounts: 3 }, 'accounts is 3: give a number from 4 to 9000'],
    [
      'one permission set',
      { accounts: 10, permissionSets: 1 },
      'permissionSets is 1: give a number from 5 to 3500',
    ],
    ['no users', { accounts: 10, users: 0 }, 'users is 0: give a number from 8 to 200000'],
  ])('is refused with %s (F10)', (_, size, message) => {
    expect(() => generateOrganization(size, createSeededRandom(1))).toThrow(message);
  });

  test('may have no assignments at all (F10)', () => {
    const text = organizationText(
      generateOrganization({ accounts: 10, permissionSets: 5, assignments: 0 }, createSeededRandom(1)),
    );
    expect(readOrganization(text, 'generated.yaml').assignments).toEqual([]);
  });

  test('is written an entry to a line, as far as it fits (F10)', () => {
    expect(textOf(20)).toContain(
      '  - { id: "111122223333", name: management, email: aws+management@example.com, ou: "", tags: { environment: core, owner: platform } }\n',
    );
  });
});
