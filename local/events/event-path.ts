import { isJsonObject, ownProperty } from '../assembly/json-values';

/** Takes one value out of an event; `undefined` if it is not there. */
export type EventPath = (event: unknown) => unknown;

/** A step: a name after a dot, a name in brackets and quotes, or an index. */
const STEP = /\.([\w-]+)|\[(?:'([^']+)'|"([^"]+)"|(\d+))\]/y;

/**
 * Compiles the JSON paths that rules may use: `$`, `$.detail.name`, `$.detail['a name']`, `$.resources[0]`.
 *
 * @throws Error for what else JSONPath has (wildcards, filters, slices), showing the path
 */
export function compilePath(path: string, where: string): EventPath {
  const steps: (string | number)[] = [];
  let position = 1;
  while (path.startsWith('$') && position < path.length) {
    STEP.lastIndex = position;
    const step = STEP.exec(path);
    if (step === null) break;
    const [whole, dotted, single, double, index] = step;
    steps.push(index === undefined ? (dotted ?? single ?? double ?? '') : Number(index));
    position += whole.length;
  }
  if (!path.startsWith('$') || position !== path.length) {
    throw new Error(
      `${where} has the path "${path}", which is not supported; write $.name, $['a name'] or $.list[0]`,
    );
  }
  return (event) =>
    steps.reduce<unknown>((value, step) => {
      if (typeof step === 'number') return Array.isArray(value) ? (value[step] as unknown) : undefined;
      return isJsonObject(value) ? ownProperty(value, step) : undefined;
    }, event);
}
