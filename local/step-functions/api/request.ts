import { AwsError } from '../../aws-api/json-service';

/** How long a string member may be, in characters. */
export interface Lengths {
  readonly least?: number;
  readonly most?: number;
}

/** The service's own wording of a broken constraint. It names the first one only; so does this. */
function invalid(key: string, value: unknown, constraint: string): AwsError {
  const shown =
    value === undefined ? 'null' : typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${shown} at '${key}' failed to satisfy constraint: ${constraint}`,
  );
}

/** The members of one call's input, read and checked as the service does. Reads throw `AwsError`. */
export class Request {
  readonly #input: Readonly<Record<string, unknown>>;

  /** `known` are the members that are supported; another one is refused rather than ignored. */
  constructor(input: Readonly<Record<string, unknown>>, known: readonly string[]) {
    this.#input = input;
    for (const [key, value] of Object.entries(input)) {
      if (value !== null && value !== undefined && !known.includes(key)) {
        throw new AwsError(
          'ValidationException',
          `the member '${key}' is not supported by the local runtime`,
        );
      }
    }
  }

  /** Required; null counts as absent, as it does on the wire. */
  string(key: string, lengths: Lengths = {}): string {
    const value = this.optionalString(key, lengths);
    if (value === undefined) throw invalid(key, value, 'Member must not be null');
    return value;
  }

  optionalString(key: string, { least = 0, most = Infinity }: Lengths = {}): string | undefined {
    const value = this.#read(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw wrongType(key, 'a string');
    if (value.length < least)
      throw invalid(key, value, `Member must have length greater than or equal to ${least}`);
    if (value.length > most)
      throw invalid(key, value, `Member must have length less than or equal to ${most}`);
    return value;
  }

  /** A word of an enumeration. Another one is named together with all that would do. */
  optionalOneOf<T extends string>(key: string, values: readonly T[]): T | undefined {
    const value = this.optionalString(key);
    if (value === undefined) return undefined;
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) {
      throw invalid(key, value, `Member must satisfy enum value set: [${values.join(', ')}]`);
    }
    return found;
  }

  /** A flag with its default. */
  boolean(key: string, otherwise: boolean): boolean {
    const value = this.#read(key) ?? otherwise;
    if (typeof value !== 'boolean') throw wrongType(key, 'a boolean');
    return value;
  }

  /** A structure, whose own members are not looked into. */
  optionalObject(key: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.#read(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || Array.isArray(value) || value === null)
      throw wrongType(key, 'an object');
    return value as Record<string, unknown>;
  }

  /** Absent is empty. */
  list(key: string): readonly unknown[] {
    const value = this.#read(key) ?? [];
    if (!Array.isArray(value)) throw wrongType(key, 'a list');
    return value as unknown[];
  }

  /** `maxResults`: 0 to 1000, where 0 stands for the default of 100. */
  maxResults(): number {
    const value = this.#read('maxResults') ?? 0;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType('maxResults', 'an integer');
    if (value < 0) throw invalid('maxResults', value, 'Member must have value greater than or equal to 0');
    if (value > 1000) throw invalid('maxResults', value, 'Member must have value less than or equal to 1000');
    return value === 0 ? 100 : value;
  }

  /** Own members only: `constructor` in a body must not find what every object inherits. */
  #read(key: string): unknown {
    const value = Object.hasOwn(this.#input, key) ? this.#input[key] : undefined;
    return value ?? undefined;
  }
}

/** A JSON type that the protocol cannot read; the service does not get to its constraints then. */
function wrongType(key: string, wanted: string): AwsError {
  return new AwsError('SerializationException', `the member '${key}' must be ${wanted}`);
}
