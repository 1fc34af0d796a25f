import type { Request } from './request';

/** One operation of the API. Throws `AwsError`. */
export type Operation = (input: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** Whether definitions, inputs and outputs are answered. */
export function includesData(request: Request): boolean {
  return request.optionalOneOf('includedData', ['ALL_DATA', 'METADATA_ONLY']) !== 'METADATA_ONLY';
}
