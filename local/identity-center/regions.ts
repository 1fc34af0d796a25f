import { conflict, notFound, quotaExceeded, validationError } from './exceptions';
import type { IDENTITY_CENTER_INPUTS } from './identity-center-inputs';
import type { IdentityCenterEnvironment } from './identity-center-service';
import { checkInstance } from './instances';
import { drawLatency } from './latency';
import { pageOf } from './paging';
import { listMember } from './permission-sets';
import type { Handlers, Output } from './simulated-service';

/** Regions of one instance, the primary one included. */
const MOST_REGIONS = 6;

/** A Region beside the primary one. Instants are epoch milliseconds. */
interface AddedRegion {
  readonly sequence: number;
  readonly name: string;
  readonly addedAt: number;
  readonly activeAt: number;
  /** Set once its removal was asked for. */
  readonly goneAt?: number;
}

/** A Region as calls answer it. */
interface Region {
  readonly sequence: number;
  readonly name: string;
  readonly addedAt: number;
  readonly status: 'ACTIVE' | 'ADDING' | 'REMOVING';
  readonly isPrimary: boolean;
}

type RegionOperation = 'AddRegion' | 'DescribeRegion' | 'ListRegions' | 'RemoveRegion';

/** The Regions in which the instance works: the one in which it was made, and others that were added. */
export function regionHandlers({
  world,
  settings,
  now,
  random,
}: IdentityCenterEnvironment): Pick<Handlers<typeof IDENTITY_CENTER_INPUTS>, RegionOperation> {
  const added = new Map<string, AddedRegion>();
  let sequence = 0;

  const regions = (): Region[] => {
    const at = now();
    for (const { name, goneAt } of added.values())
      if (goneAt !== undefined && goneAt <= at) added.delete(name);
    const primary = { name: world.organization.instance.region, addedAt: world.startedAt };
    return [
      { ...primary, sequence: 0, status: 'ACTIVE', isPrimary: true },
      ...[...added.values()].map(({ activeAt, goneAt, ...region }): Region => {
        const status = goneAt !== undefined ? 'REMOVING' : activeAt <= at ? 'ACTIVE' : 'ADDING';
        return { ...region, status, isPrimary: false };
      }),
    ];
  };
  const find = (name: string): Region | undefined => regions().find((region) => region.name === name);

  return {
    AddRegion(input) {
      checkInstance(world, input.InstanceArn);
      const { RegionName: name } = input;
      if (find(name) !== undefined) throw conflict(`Region ${name} is added already.`);
      if (regions().length >= MOST_REGIONS) throw quotaExceeded('Region', MOST_REGIONS, world.instanceArn);
      const addedAt = now();
      sequence += 1;
      added.set(name, {
        sequence,
        name,
        addedAt,
        activeAt: addedAt + drawLatency(settings.regionLatency, random),
      });
      return { Status: find(name)?.status };
    },

    DescribeRegion(input) {
      checkInstance(world, input.InstanceArn);
      const region = find(input.RegionName);
      if (region === undefined) throw notFound(`Could not find Region ${input.RegionName}`);
      return regionView(region);
    },

    ListRegions(input) {
      checkInstance(world, input.InstanceArn);
      const { items, nextToken } = pageOf(regions(), (region) => region.sequence, input);
      return { ...listMember('Regions', items.map(regionView), ['always'], settings), ...nextToken };
    },

    RemoveRegion(input) {
      checkInstance(world, input.InstanceArn);
      const { RegionName: name } = input;
      const region = find(name);
      if (region === undefined) throw notFound(`Could not find Region ${name}`);
      if (region.isPrimary) throw validationError(`The primary Region ${name} cannot be removed`);
      if (region.status !== 'ACTIVE') throw conflict(`Region ${name} is ${region.status}.`);
      const present = added.get(name);
      const goneAt = now() + drawLatency(settings.regionLatency, random);
      if (present !== undefined) added.set(name, { ...present, goneAt });
      return { Status: 'REMOVING' };
    },
  };
}

function regionView({ name, status, addedAt, isPrimary }: Region): Output {
  return { RegionName: name, Status: status, AddedDate: addedAt / 1000, IsPrimaryRegion: isPrimary };
}
