import type { FieldProblem } from './field-problem';
import { findJsonFault } from './json-syntax';
import { kindOf } from './safe-text';

/** The largest body of a request, in bytes of UTF-8. A ticket for 500 accounts has about 14,000. */
export const LARGEST_BODY_BYTES = 16_384;

/** A body that was read, or why it was not: too large (HTTP 413) or not one JSON object (HTTP 400). */
export type TextReading =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  | {
      readonly ok: false;
      readonly reason: 'too-large' | 'malformed';
      readonly problems: readonly FieldProblem[];
    };

/**
 * Reads the text of a request's body. Faults are told by line and column, without the text around them. What the
 * object's members mean is not looked at: see `parseTicket`.
 */
export function parseTicketText(text: string): TextReading {
  // The length in code units is never above the length in bytes, so a huge text is refused before it is looked at.
  const bytes = text.length > LARGEST_BODY_BYTES ? text.length : utf8Length(text);
  if (bytes > LARGEST_BODY_BYTES) {
    return refused('too-large', `${text.length > LARGEST_BODY_BYTES ? 'over ' : ''}${bytes} bytes`, {
      problem: `is larger than ${LARGEST_BODY_BYTES} bytes`,
      remedy: 'split the accounts over several requests',
    });
  }
  if (text.trim() === '') {
    return refused('malformed', '(empty)', { problem: 'is empty', remedy: 'send one JSON object' });
  }
  const fault = findJsonFault(text);
  if (fault !== undefined) {
    return refused('malformed', place(text, fault.offset), {
      problem: `is not JSON that is accepted here: ${fault.problem}`,
      remedy: fault.remedy,
    });
  }
  const body: unknown = JSON.parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refused('malformed', kindOf(body), {
      problem: `is ${kindOf(body)}, not an object`,
      remedy: 'send one JSON object',
    });
  }
  return { ok: true, body: body as Record<string, unknown> };
}

/** The length of `text` in UTF-8. A lone surrogate counts three, as the replacement character that it becomes. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else bytes += code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function refused(
  reason: 'too-large' | 'malformed',
  value: string,
  fault: { readonly problem: string; readonly remedy: string },
): TextReading {
  return { ok: false, reason, problems: [{ field: '(body)', value, ...fault }] };
}

/** As editors count: lines and columns from 1, columns in UTF-16 code units. */
function place(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
