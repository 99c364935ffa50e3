import {parseList} from './list.ts';

/** One range of bytes as a request asks for it: by position (to the end without `last`), or so many bytes at the end. */
export type RangeSpec =
  | {readonly type: 'positions'; readonly first: number; readonly last: number | undefined}
  | {readonly type: 'suffix'; readonly length: number};

const unit = /^bytes=/i;
const positions = /^(\d+)-(\d*)$/;
const suffix = /^-(\d+)$/;

/** Positions too large to be exact are all past the end of anything. */
const clamped = (digits: string): number => Math.min(Number(digits), Number.MAX_SAFE_INTEGER);

/**
 * The byte range a Range field asks for.
 *
 * Several ranges, and units other than bytes, are `'unsupported'`: a field to be passed on and not to be understood.
 *
 * @see RFC 9110 §14.1.2, §14.2
 */
export function parseRange(value: string): RangeSpec | 'unsupported' | 'invalid' {
  const [prefix] = unit.exec(value) ?? [];
  if (prefix === undefined) return value.includes('=') ? 'unsupported' : 'invalid';
  const members = parseList(value.slice(prefix.length));
  const [member] = members;
  if (member === undefined) return 'invalid';
  return members.length === 1 ? parseSpec(member) : 'unsupported';
}

function parseSpec(text: string): RangeSpec | 'invalid' {
  const [, length] = suffix.exec(text) ?? [];
  if (length !== undefined) return {type: 'suffix', length: clamped(length)};
  const [, first, last] = positions.exec(text) ?? [];
  if (first === undefined || last === undefined) return 'invalid';
  const range = {type: 'positions', first: clamped(first), last: last === '' ? undefined : clamped(last)} as const;
  return range.last !== undefined && range.last < range.first ? 'invalid' : range;
}
