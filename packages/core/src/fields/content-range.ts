/** Which bytes of a representation a part holds, both ends included; `complete` is the whole's length, where it is known. */
export type ContentRange = {readonly first: number; readonly last: number; readonly complete: number | undefined};

const byteRange = /^bytes[ \t]+(\d+)-(\d+)\/(\d+|\*)$/i;

/**
 * The bytes a 206 says it holds.
 *
 * `'invalid'` for other units, for what contradicts itself, and for the form of a 416, which names no bytes.
 *
 * @see RFC 9110 §14.4
 */
export function parseContentRange(value: string): ContentRange | 'invalid' {
  const [, first, last, length] = byteRange.exec(value) ?? [];
  const complete = length === '*' ? undefined : Number(length);
  const range = {first: Number(first), last: Number(last), complete};
  const isExact = [range.first, range.last, complete ?? 0].every(Number.isSafeInteger);
  return isExact && range.first <= range.last && range.last < (complete ?? Infinity) ? range : 'invalid';
}

/** The field value for a part. */
export const formatContentRange = ({first, last, complete}: ContentRange): string =>
  `bytes ${first}-${last}/${complete ?? '*'}`;
