// Which bytes a response holds, and which a request asks for.
import {type ContentRange, parseContentRange} from '../fields/content-range.ts';
import {isStrongMatch, parseEntityTag} from '../fields/entity-tag.ts';
import {parseHttpDate} from '../fields/http-date.ts';
import {parseRange, type RangeSpec} from '../fields/range.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead, ResponseHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {evaluate, hasOwnValidation} from './preconditions.ts';

/** How a stored response answers: whole, with a 304, with a 416, or with this part of it, which is a 206. */
export type Rendering = 'whole' | 'not-modified' | 'not-satisfiable' | ContentRange;

/** How many bytes lie in a range. */
export const lengthOf = ({first, last}: Pick<ContentRange, 'first' | 'last'>): number => last - first + 1;

/**
 * The content is the representation's own bytes, so that Content-Length and ranges count them.
 *
 * @see RFC 9110 §8.6, §14.1.2
 */
export const isAsSent = ({fields, decoded}: ResponseHead): boolean =>
  decoded !== true && !fields.has('content-encoding');

/**
 * The bytes a 206 holds; `undefined` for any other response, for several ranges, and where they cannot be told.
 *
 * @see RFC 9110 §14.4, §15.3.7
 */
export function receivedRange(response: ResponseHead): ContentRange | undefined {
  if (response.status !== 206 || !isAsSent(response)) return undefined;
  const value = response.fields.get('content-range');
  const range = value === undefined ? 'invalid' : parseContentRange(value);
  return range === 'invalid' ? undefined : range;
}

/**
 * The request asks for a range in a way that only the origin can answer: several ranges, another unit, nonsense, or
 * by a method for which we know no ranges. (HEAD is known to have none, so the field means nothing there.)
 *
 * @see RFC 9110 §14.2
 */
export function isRangePassedOn({method, fields}: RequestHead): boolean {
  const value = fields.get('range');
  if (value === undefined || method === 'HEAD') return false;
  return method !== 'GET' || typeof parseRange(value) === 'string';
}

/**
 * What the request asks of the representation that a stored response is of, or a part of; `undefined` where that
 * cannot be told from what is stored.
 *
 * The caller's own conditions come first, then If-Range, then Range. What is not a 200 is answered whole.
 *
 * Choice (RFC 9110 §14.2): so is a representation without a single byte, because no range of it could be named.
 *
 * @see RFC 9111 §4.3.2
 * @see RFC 9110 §13.2.2, §14.2
 */
export function renderingOf(request: CacheRequest, stored: StoredResponse): Rendering | undefined {
  if (hasOwnValidation(request.head) && evaluate(request, stored) === 'not-modified') return 'not-modified';
  const spec = rangeAsked(request, stored);
  if (spec === undefined) return 'whole';
  const {range} = stored.facts;
  if (range === undefined && (stored.head.status !== 200 || stored.size === 0)) return 'whole';
  return isAsSent(stored.head) ? resolved(spec, range === undefined ? stored.size : range.complete) : undefined;
}

/** The range that counts: none without Range, and none when the condition in If-Range does not hold. */
function rangeAsked({head}: CacheRequest, stored: StoredResponse): RangeSpec | undefined {
  const value = head.method === 'GET' ? head.fields.get('range') : undefined;
  if (value === undefined) return undefined;
  const condition = head.fields.get('if-range');
  if (condition !== undefined && !isOf(stored, condition)) return undefined;
  const spec = parseRange(value);
  return typeof spec === 'object' ? spec : undefined;
}

/**
 * The stored response is of the representation that an If-Range field names: by a strong entity tag, or by the very
 * date of a modification that was over for a second when the response was made. RFC 9110 §13.1.5, §8.8.2.2
 */
function isOf({facts, responseTime}: StoredResponse, condition: string): boolean {
  const tag = parseEntityTag(condition);
  if (tag !== 'invalid') return isStrongMatch(facts.etag, tag);
  if (facts.lastModified === undefined) return false;
  const named = parseHttpDate(condition, responseTime);
  const modified = parseHttpDate(facts.lastModified, responseTime);
  return named !== 'invalid' && named === modified && facts.date - named >= 1000;
}

/** The bytes a range means in a representation of this length; `undefined` when that takes a length nobody knows. */
function resolved(spec: RangeSpec, complete: number | undefined): ContentRange | 'not-satisfiable' | undefined {
  if (complete === undefined) {
    const {first, last} = spec.type === 'positions' ? spec : {first: 0, last: undefined};
    return last === undefined ? undefined : {first, last, complete};
  }
  if (spec.type === 'suffix') {
    if (spec.length === 0) return 'not-satisfiable';
    return {first: Math.max(0, complete - spec.length), last: complete - 1, complete};
  }
  if (spec.first >= complete) return 'not-satisfiable';
  return {first: spec.first, last: Math.min(spec.last ?? complete, complete - 1), complete};
}
