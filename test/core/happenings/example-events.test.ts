import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hint } from '../../../core/happenings/hint';
import { readHappening } from '../../../core/happenings/read-happening';
import { readServiceEvent } from '../../../local/events/event-envelope';
import { readOrganization } from '../../../local/identity-center/organization-file';

const EXAMPLES = join(__dirname, '..', '..', '..', 'examples');
const FOLDER = join(EXAMPLES, 'events');
const ORGANIZATION = readFileSync(join(EXAMPLES, 'organization.yaml'), 'utf8');
const organization = readOrganization(ORGANIZATION, 'organization.yaml');

/** `| file | what happened | what Latchkey looks at |`, as the README has it. */
const ROWS = readFileSync(join(FOLDER, 'README.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, file, , hints] = /^\| `([\w-]+\.json)` *\| (.*?) *\| (.*?) *\|$/.exec(line) ?? [];
    return file === undefined || hints === undefined ? [] : [[file, hints] as const];
  });

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}

/** In the words of the README. */
function words(hint: Hint): string {
  const nameOf = (arn: string): string =>
    organization.permissionSets.find((set) => set.arn === arn)?.name ?? `no such set ${arn}`;
  switch (hint.kind) {
    case 'account':
      return `account ${hint.id}`;
    case 'principal':
      return `${hint.type.toLowerCase()} ${hint.id}`;
    case 'place':
      return `place ${hint.accountId} ${nameOf(hint.permissionSetArn)}`;
    case 'permission set':
      return `permission set ${nameOf(hint.arn)}`;
    case 'organization':
    case 'assignments':
      return hint.kind;
  }
}

describe('the events of examples/events', () => {
  test('are all in its README, and no others', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

    expect(ROWS.map(([file]) => file).sort()).toEqual(files.sort());
  });

  test.each(ROWS)('%s is taken as it is, and leads to %s', (file, hints) => {
    const event = read(file);

    const taken = readServiceEvent(event, { id: () => 'drawn', account: 'none', region: 'none', at: 0 });

    expect(taken).toMatchObject(event as object);
    expect(readHappening(taken).map(words).join(', ') || 'nothing').toBe(hints);
  });

  test.each(ROWS)('%s names nothing that is not in the organization', (file) => {
    const text = JSON.stringify(read(file));
    const ids = [
      ...(text.match(/(?<=")\d{12}(?=")/g) ?? []),
      ...(text.match(/\b[57]a?[0-9a-f]*-[0-9a-f-]{27}\b/g) ?? []),
    ];

    expect(ids.filter((id) => !ORGANIZATION.includes(id) && !id.startsWith('5f0e0'))).toEqual([]);
  });
});
