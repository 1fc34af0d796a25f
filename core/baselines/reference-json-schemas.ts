import { oneKeyOf, TARGET_JSON_SCHEMAS } from '../targets/json-schema';

const text = { type: 'string', minLength: 1 } as const;

/**
 * What rules write as tickets do, as definitions of a JSON Schema for editors. It says less than the readers do, which alone decide: a JSON
 * Schema knows nothing of scripts, invisible characters and sums.
 */
export const REFERENCE_JSON_SCHEMAS = {
  principal: oneKeyOf({ group: text, groupId: text, user: text, userId: text }),
  ...TARGET_JSON_SCHEMAS,
} as const;
