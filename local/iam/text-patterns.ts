/** A compiled pattern. */
export type TextPattern = (text: string) => boolean;

/** A pattern with `*` (any number of characters, slashes too) and `?` (one), matched against the whole text. */
export function wildcard(pattern: string): TextPattern {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .split('')
    .map((character) =>
      character === '*'
        ? '[^]*'
        : character === '?'
          ? '[^]'
          : character.replace(/[\\^$.|+()[\]{}/]/g, '\\$&'),
    )
    .join('');
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(text);
}

/** Parts of an ARN: `arn`, partition, service, Region, account, and the resource with whatever colons it has. */
const ARN_PARTS = 6;

/**
 * ARNs are compared part by part, so that a `*` in one part does not reach into the next; the sixth part is the rest.
 * A pattern of fewer parts is no ARN and matches nothing.
 */
export function arnPattern(pattern: string): TextPattern {
  const parts = arnParts(pattern).map(wildcard);
  if (parts.length < ARN_PARTS) return () => false;
  return (text) => {
    const values = arnParts(text);
    return values.length === ARN_PARTS && parts.every((matches, index) => matches(values[index] ?? ''));
  };
}

/** Whether a pattern has all the parts of an ARN. */
export function isArnPattern(pattern: string): boolean {
  return pattern.startsWith('arn:') && arnParts(pattern).length === ARN_PARTS;
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  if (parts.length <= ARN_PARTS) return parts;
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}
