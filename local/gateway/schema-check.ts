/** Says what is wrong with a value, in the service's words; an empty list if nothing is. */
export type SchemaCheck = (value: unknown) => readonly string[];

/** A keyword that looks at values of one kind only, as JSON Schema has it: others pass. */
export const about =
  <T>(is: (value: unknown) => value is T, complaint: (value: T) => string | undefined): SchemaCheck =>
  (value) => {
    const text = is(value) ? complaint(value) : undefined;
    return text === undefined ? [] : [text];
  };

/** What a JSON value is, as far as keywords ask. */
export const isString = (value: unknown): value is string => typeof value === 'string';
/** @see isString */
export const isNumber = (value: unknown): value is number => typeof value === 'number';
/** @see isString */
export const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** A value as a complaint shows it. */
export const json = (value: unknown) => JSON.stringify(value);
