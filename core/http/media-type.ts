/** `type/subtype` and the parameters behind it; RFC 9110, section 8.3.1. */
const MEDIA_TYPE = /^\s*([\w.+-]+\/[\w.+-]+)\s*((?:;[^;]*)*)$/;
/** The one parameter that changes what the bytes mean. JSON is UTF-8 (RFC 8259, section 8.1). */
const CHARSET = /^;\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i;

/**
 * Whether a `content-type` header declares JSON that can be read: `application/json` or a type that ends in `+json`,
 * in UTF-8. A missing header declares nothing: false.
 */
export function isJsonMediaType(header: string | undefined): boolean {
  const match = MEDIA_TYPE.exec(header ?? '');
  const type = match?.[1]?.toLowerCase() ?? '';
  if (type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type)) return false;
  const parameters = (match?.[2] ?? '').split(/(?=;)/);
  const charset = parameters
    .map((parameter) => CHARSET.exec(parameter)?.[1])
    .find((found) => found !== undefined);
  return charset === undefined || /^utf-?8$/i.test(charset);
}
