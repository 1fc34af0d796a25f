import type { AwsCaller } from '../aws-caller';
import type { Operation } from './operation';

/**
 * Adds Step Functions' own API to what state machines can call (`aws-sdk:sfn`). The SDK integration writes members with a
 * capital letter, this API with a small one; it gives dates as text.
 */
export function withOwnApi(others: AwsCaller, operations: ReadonlyMap<string, Operation>): AwsCaller {
  return {
    supports: (service, operation) =>
      service === 'sfn' ? operations.has(operation) : others.supports(service, operation),
    call: async (service, operation, input, machineArn) => {
      const own = service === 'sfn' ? operations.get(operation) : undefined;
      if (own === undefined) return await others.call(service, operation, input, machineArn);
      const answer = own(
        renamed(input, (key) => key.charAt(0).toLowerCase() + key.slice(1)) as Record<string, unknown>,
      );
      return renamed(answer, (key) => key.charAt(0).toUpperCase() + key.slice(1)) as Record<string, unknown>;
    },
  };
}

/** Renames members at every depth; what stands in strings, such as an execution's input, is left alone. */
function renamed(value: unknown, rename: (key: string) => string, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, rename));
  if (typeof value === 'number' && /(Date|timestamp)$/u.test(key))
    return new Date(value * 1000).toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [rename(name), renamed(inner, rename, name)]),
  );
}
