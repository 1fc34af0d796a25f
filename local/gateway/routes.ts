import type { ApiMethod } from './api-method';

/** A resource of the API with its methods. */
export interface Route {
  readonly resourceId: string;
  /** As the template has it: `/requests/{id}`. */
  readonly resourcePath: string;
  /** By HTTP method, `ANY` among them. */
  readonly methods: ReadonlyMap<string, ApiMethod>;
}

/** Where a request goes. */
export interface Destination {
  readonly route: Route;
  readonly method: ApiMethod;
  /** As they stand in the path, still percent-encoded: a REST API does not decode them. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** A trailing slash makes no difference to a REST API. */
const segmentsOf = (path: string) => path.replace(/\/$/, '').split('/').slice(1);

/** Parameters if the path fits, with a rank per segment: a literal goes before a parameter, that before a greedy one. */
function fit(
  route: Route,
  segments: readonly string[],
): { parameters: Record<string, string>; rank: string } | undefined {
  const parameters: Record<string, string> = {};
  // One digit per segment, compared from the left: the first segment that differs decides between two resources.
  let rank = '';
  const wanted = segmentsOf(route.resourcePath);
  for (const [index, part] of wanted.entries()) {
    const segment = segments[index];
    if (segment === undefined || segment === '') return undefined;
    const greedy = /^\{(.+)\+\}$/.exec(part)?.[1];
    if (greedy !== undefined) {
      parameters[greedy] = segments.slice(index).join('/');
      return { parameters, rank: `${rank}2` };
    }
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name !== undefined) parameters[name] = segment;
    else if (part !== decoded(segment)) return undefined;
    rank += name === undefined ? '0' : '1';
  }
  return segments.length === wanted.length ? { parameters, rank } : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A broken escape fits no literal segment; it may still be a parameter's value.
    return segment;
  }
}

/**
 * Finds the method that serves `path` (below the stage). The most literal resource is chosen first, and then its method:
 * one that lacks the method is not passed over for a greedier one, as on AWS.
 */
export function findRoute(
  routes: readonly Route[],
  httpMethod: string,
  path: string,
): Destination | undefined {
  const segments = segmentsOf(path);
  const [best] = routes
    .flatMap((route) => {
      const found = fit(route, segments);
      return found === undefined ? [] : [{ route, ...found }];
    })
    .sort((left, right) => (left.rank < right.rank ? -1 : 1));
  const method = best?.route.methods.get(httpMethod) ?? best?.route.methods.get('ANY');
  return best === undefined || method === undefined
    ? undefined
    : { route: best.route, method, pathParameters: best.parameters };
}
