const text = { type: 'string', minLength: 1 } as const;

/** An object that has exactly one of these, and perhaps more. */
export function oneKeyOf(one: Readonly<Record<string, object>>, more: Readonly<Record<string, object>> = {}) {
  return {
    type: 'object',
    properties: { ...one, ...more },
    oneOf: Object.keys(one).map((key) => ({ required: [key] })),
    additionalProperties: false,
  };
}

/**
 * A target as definitions of a JSON Schema for editors. It says less than `readTarget` does, which alone decides: a JSON Schema knows
 * nothing of scripts, invisible characters and sums.
 */
export const TARGET_JSON_SCHEMAS = {
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
