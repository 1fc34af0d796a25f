import type { Random } from '../../core/ports/random';
import type { Members } from './input-rules';
import type { PageRequest } from './paging';
import type { SimulatorSettings } from './settings';

/** Where an operation does not say how many entries a page may have. */
const LARGEST_PAGE = 100;

/** One page in so many is empty, where pages are sometimes empty. */
const EMPTY_SHARE = 1 / 3;

/**
 * How many entries a page has at most, for this call of an operation: what the client asks for, or less on demand. The services
 * promise neither full pages nor that an empty one is the last; only the absence of a token ends a list.
 * @returns the input, with another `MaxResults` where the settings want one
 */
export function withPageSize<Input extends object>(
  members: Members,
  input: Input & PageRequest,
  { pages }: SimulatorSettings,
  random: Random,
): Input {
  if (pages === 'full' || !('NextToken' in members)) return input;
  const rule = members.MaxResults;
  const most = rule?.type === 'integer' ? rule.max : undefined;
  const asked = input.MaxResults ?? most ?? LARGEST_PAGE;
  // Two pages of five have a single entry, so that short lists have several pages, too; a full one is rare.
  if (pages === 'short') return { ...input, MaxResults: Math.floor(asked ** (random.next() ** 2)) };
  return random.next() < EMPTY_SHARE ? { ...input, MaxResults: 0 } : input;
}
