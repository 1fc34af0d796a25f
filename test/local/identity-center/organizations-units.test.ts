import { createTestWorld, MANAGEMENT, refusal, type Output, type TestWorld } from './support';

const ROOT = 'r-ab12';
const WORKLOADS = 'ou-ab12-workload';
const PROD = '333333333333';

async function createdUnit(
  { call }: TestWorld,
  ParentId: string,
  Name: string,
  more: Output = {},
): Promise<Output> {
  const { OrganizationalUnit } = await call('CreateOrganizationalUnit', { ParentId, Name, ...more }, 'root');
  return OrganizationalUnit as Output;
}

describe('organizational units', () => {
  test('a new unit has an id of its root, is described and listed (H1)', async () => {
    const world = createTestWorld();

    const unit = await createdUnit(world, WORKLOADS, 'Test', { Tags: [{ Key: 'stage', Value: 'test' }] });

    const id = unit.Id as string;
    expect(unit).toEqual({
      Id: expect.stringMatching(/^ou-ab12-[0-9a-f]{8}$/) as unknown,
      Arn: `arn:aws:organizations::${MANAGEMENT}:ou/o-abcdefghij/${id}`,
      Name: 'Test',
      Path: `o-abcdefghij/r-ab12/${WORKLOADS}/${id}/`,
    });
    expect(await world.call('DescribeOrganizationalUnit', { OrganizationalUnitId: id })).toEqual({
      OrganizationalUnit: unit,
    });
    const { OrganizationalUnits } = await world.call('ListOrganizationalUnitsForParent', {
      ParentId: WORKLOADS,
    });
    expect((OrganizationalUnits as Output[]).map(({ Name }) => Name)).toEqual(['Prod', 'Dev', 'Test']);
    expect(await world.call('ListParents', { ChildId: id })).toEqual({
      Parents: [{ Id: WORKLOADS, Type: 'ORGANIZATIONAL_UNIT' }],
    });
    expect(await world.call('ListTagsForResource', { ResourceId: id })).toEqual({
      Tags: [{ Key: 'stage', Value: 'test' }],
    });
  });

  test.each([
    ['CreateOrganizationalUnit', { ParentId: 'r-zzzz', Name: 'X' }, 'ParentNotFoundException'],
    [
      'DescribeOrganizationalUnit',
      { OrganizationalUnitId: 'ou-ab12-99999999' },
      'OrganizationalUnitNotFoundException',
    ],
    [
      'UpdateOrganizationalUnit',
      { OrganizationalUnitId: 'ou-ab12-99999999', Name: 'X' },
      'OrganizationalUnitNotFoundException',
    ],
    [
      'DeleteOrganizationalUnit',
      { OrganizationalUnitId: 'ou-ab12-99999999' },
      'OrganizationalUnitNotFoundException',
    ],
    ['ListChildren', { ParentId: 'r-zzzz', ChildType: 'ACCOUNT' }, 'ParentNotFoundException'],
  ])('%s of an unknown id is refused (H1)', async (operation, input, code) => {
    expect((await refusal(createTestWorld().call(operation, input, 'root'))).code).toBe(code);
  });

  test('a name is there once among the units of a parent (H2)', async () => {
    const world = createTestWorld();
    const { Id: id } = await createdUnit(world, ROOT, 'Prod');
    const rename = (Name: string): Promise<Output> =>
      world.call('UpdateOrganizationalUnit', { OrganizationalUnitId: id, Name }, 'root');

    expect((await refusal(createdUnit(world, ROOT, 'Workloads'))).code).toBe(
      'DuplicateOrganizationalUnitException',
    );
    expect((await refusal(rename('Workloads'))).code).toBe('DuplicateOrganizationalUnitException');
    await expect(rename('Prod')).resolves.toMatchObject({ OrganizationalUnit: { Name: 'Prod' } });
  });

  test('there are five levels below the root (H3)', async () => {
    const world = createTestWorld();
    let parent = ROOT;
    for (const name of ['one', 'two', 'three', 'four', 'five']) {
      parent = (await createdUnit(world, parent, name)).Id as string;
    }

    const error = await refusal(createdUnit(world, parent, 'six'));

    expect(error.code).toBe('ConstraintViolationException');
    expect(error.members).toEqual({ Reason: 'OU_DEPTH_LIMIT_EXCEEDED' });
  });

  test('there are two thousand units (H3)', async () => {
    const world = createTestWorld();
    // Four stand in the organization file.
    for (let units = 4; units < 2_000; units += 1) {
      // A parent that has few keeps the look for a name of its own short.
      await createdUnit(world, units % 2 === 0 ? ROOT : WORKLOADS, `unit-${units}`);
    }

    expect((await refusal(createdUnit(world, ROOT, 'one too many'))).members).toEqual({
      Reason: 'OU_NUMBER_LIMIT_EXCEEDED',
    });
  });

  test('a unit keeps id, accounts and place when it is renamed (H4)', async () => {
    const world = createTestWorld();

    await world.call(
      'UpdateOrganizationalUnit',
      { OrganizationalUnitId: WORKLOADS, Name: 'Products' },
      'root',
    );

    expect(world.simulator.world.account(PROD)?.ou).toBe('Products/Prod');
    const { OrganizationalUnits } = await world.call('ListOrganizationalUnitsForParent', { ParentId: ROOT });
    expect(OrganizationalUnits).toMatchObject([{ Id: WORKLOADS, Name: 'Products' }, { Name: 'Security' }]);
    expect(await world.call('DescribeAccount', { AccountId: '555555555555' })).toMatchObject({
      Account: { Paths: [`o-abcdefghij/r-ab12/${WORKLOADS}/`] },
    });
  });

  test('a unit is deleted once it is empty (H5)', async () => {
    const world = createTestWorld();
    const remove = (id: unknown): Promise<Output> =>
      world.call('DeleteOrganizationalUnit', { OrganizationalUnitId: id }, 'root');
    const { Id: outer } = await createdUnit(world, ROOT, 'Outer');
    const { Id: inner } = await createdUnit(world, outer as string, 'Inner');

    expect((await refusal(remove(outer))).code).toBe('OrganizationalUnitNotEmptyException');
    expect((await refusal(remove(WORKLOADS))).code).toBe('OrganizationalUnitNotEmptyException');

    await remove(inner);
    await remove(outer);
    expect((await refusal(remove(outer))).code).toBe('OrganizationalUnitNotFoundException');
    expect((await refusal(world.call('ListTagsForResource', { ResourceId: outer }))).code).toBe(
      'TargetNotFoundException',
    );
  });

  test('children are answered by id, of one kind at a time, in pages (H6)', async () => {
    const { call } = createTestWorld();
    const children = (ChildType: string, more: Output = {}): Promise<Output> =>
      call('ListChildren', { ParentId: WORKLOADS, ChildType, ...more });

    const page = await children('ORGANIZATIONAL_UNIT', { MaxResults: 1 });
    const rest = await children('ORGANIZATIONAL_UNIT', { NextToken: page.NextToken });

    expect(await children('ACCOUNT')).toEqual({ Children: [{ Id: '555555555555', Type: 'ACCOUNT' }] });
    expect([...(page.Children as Output[]), ...(rest.Children as Output[])]).toMatchObject([
      { Type: 'ORGANIZATIONAL_UNIT' },
      { Type: 'ORGANIZATIONAL_UNIT' },
    ]);
    expect(rest).not.toHaveProperty('NextToken');
    expect((await refusal(children('HANDSHAKE'))).members).toEqual({ Reason: 'INVALID_ENUM' });
  });
});

describe('tags of the organization', () => {
  test.each([
    ['an account', PROD, { environment: 'prod', owner: 'a' }],
    ['a unit', WORKLOADS, {}],
    ['the root', ROOT, {}],
  ])('%s gets tags, and loses them (K1)', async (_what, ResourceId, before) => {
    const { call } = createTestWorld();
    const tags = async (): Promise<unknown> => {
      const { Tags } = await call('ListTagsForResource', { ResourceId });
      return Object.fromEntries(
        (Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
      );
    };

    await call(
      'TagResource',
      {
        ResourceId,
        Tags: [
          { Key: 'owner', Value: 'b' },
          { Key: 'x', Value: '' },
        ],
      },
      'root',
    );
    expect(await tags()).toEqual({ ...before, owner: 'b', x: '' });

    await call('UntagResource', { ResourceId, TagKeys: ['x', 'owner', 'absent'] }, 'root');
    const { owner: _owner, ...rest } = before as Record<string, string>;
    expect(await tags()).toEqual(rest);
  });

  test.each([
    [
      'a reserved key',
      [{ Key: 'aws:x', Value: '1' }],
      'InvalidInputException',
      'INVALID_SYSTEM_TAGS_PARAMETER',
    ],
    [
      'a key that comes twice',
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      'InvalidInputException',
      'DUPLICATE_TAG_KEY',
    ],
    [
      'more than fifty',
      Array.from({ length: 49 }, (_, index) => ({ Key: `key-${index}`, Value: '1' })),
      'ConstraintViolationException',
      'MAX_TAG_LIMIT_EXCEEDED',
    ],
  ])('%s is refused (K2)', async (_what, Tags, code, Reason) => {
    const error = await refusal(createTestWorld().call('TagResource', { ResourceId: PROD, Tags }, 'root'));

    expect([error.code, error.members]).toEqual([code, { Reason }]);
  });

  test('what is not there has no tags (K2)', async () => {
    const { call } = createTestWorld();
    const unknown = { ResourceId: '999999999999' };

    expect((await refusal(call('TagResource', { ...unknown, Tags: [] }, 'root'))).code).toBe(
      'TargetNotFoundException',
    );
    expect((await refusal(call('UntagResource', { ...unknown, TagKeys: ['a'] }, 'root'))).code).toBe(
      'TargetNotFoundException',
    );
  });
});
