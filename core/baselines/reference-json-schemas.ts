const text = { type: 'string', minLength: 1 } as const;

/** An object that has exactly one of these, and perhaps more. */
function oneKeyOf(one: Readonly<Record<string, object>>, more: Readonly<Record<string, object>> = {}) {
  return {
    type: 'object',
    properties: { ...one, ...more },
    oneOf: Object.keys(one).map((key) => ({ required: [key] })),
    additionalProperties: false,
  };
}

/**
 * What rules write as tickets do, as definitions of a JSON Schema for editors. It says less than the readers do, which alone decide: a JSON
 * Schema knows nothing of scripts, invisible characters and sums.
 */
export const REFERENCE_JSON_SCHEMAS = {
  principal: oneKeyOf({ group: text, groupId: text, user: text, userId: text }),
  target: {
    anyOf: [
      { $ref: '#/$defs/targetEntry' },
      { type: 'array', minItems: 1, items: { $ref: '#/$defs/targetEntry' } },
    ],
  },
  targetEntry: oneKeyOf(
    {
      account: { type: 'string', pattern: '^[0-9]{12}$' },
      accountName: text,
      ou: text,
      tag: {
        type: 'object',
        minProperties: 1,
        maxProperties: 50,
        additionalProperties: { type: 'string' },
      },
      all: { const: true },
    },
    { direct: { type: 'boolean' }, except: { $ref: '#/$defs/target' } },
  ),
} as const;
