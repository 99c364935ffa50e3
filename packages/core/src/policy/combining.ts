// Answers made of what is stored: of one response, of parts of one representation, or of parts and what they lack.
import {type ContentRange, formatContentRange} from '../fields/content-range.ts';
import {formatEntityTag, isStrongMatch, isWeakMatch} from '../fields/entity-tag.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead, ResponseHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {hasOwnValidation} from './preconditions.ts';
import {isAsSent, lengthOf, type Rendering, renderingOf} from './ranges.ts';
import {updatedFields} from './updated-fields.ts';
import {entityTagOf, lastModifiedOf} from './validators.ts';

/** Bytes of a stored response, counted from the beginning of what it holds. */
export type Piece = {readonly stored: StoredResponse; readonly offset: number; readonly length: number};

/** How a request can be answered from what is stored, its freshness aside. */
export type StoredAnswer = {
  readonly type: 'answer';
  /** Whose head answers, and whose freshness counts. */
  readonly stored: StoredResponse;
  readonly as: Rendering;
  /** The bytes, in order, when they are not simply all of `stored`. */
  readonly pieces: readonly Piece[] | undefined;
};

/** An answer that lacks one range of bytes. */
export type Incomplete = {
  readonly type: 'incomplete';
  readonly stored: StoredResponse;
  readonly as: Rendering;
  readonly before: readonly Piece[];
  readonly missing: ContentRange;
  readonly after: readonly Piece[];
};

/**
 * The answer to a request from the stored responses that match it, the most preferred first.
 *
 * Parts of one representation, as their equal strong entity tags tell, answer together, with the most recent one's
 * head. A representation stored whole is one of its parts.
 *
 * Choice (§3.4): dates of modification, however strong, do not suffice; two changes in one second would mix.
 *
 * @see RFC 9111 §3.3, §3.4
 * @see RFC 9110 §15.3.7.3
 */
export function answerFrom(
  request: CacheRequest,
  matching: readonly StoredResponse[],
): StoredAnswer | Incomplete | undefined {
  let incomplete: Incomplete | undefined;
  for (const stored of matching) {
    const as = renderingOf(request, stored);
    if (as === undefined) continue;
    const isSimple = typeof as === 'string' && (as !== 'whole' || stored.facts.range === undefined);
    const answer = isSimple
      ? ({type: 'answer', stored, as, pieces: undefined} as const)
      : gathered(stored, as, matching);
    if (answer?.type === 'answer') return answer;
    incomplete ??= answer;
  }
  return incomplete;
}

/** The bytes asked for, from all that is stored of this representation. */
function gathered(
  stored: StoredResponse,
  as: Rendering,
  matching: readonly StoredResponse[],
): StoredAnswer | Incomplete | undefined {
  const wanted = typeof as === 'object' ? as : wholeOf(stored);
  if (wanted === undefined) return undefined;
  const parts = matching.filter(other => other === stored || isOfSame(other, stored));
  const before = piecesFrom(parts, wanted, wanted.first);
  const next = wanted.first + total(before);
  if (next > wanted.last) return {type: 'answer', stored: asExpiredAs(before, stored), as, pieces: before};
  const resumes = Math.min(...parts.map(part => heldRange(part).first).filter(first => first > next), wanted.last + 1);
  const after = piecesFrom(parts, wanted, resumes);
  const isRest = resumes + total(after) > wanted.last && before.length + after.length > 0;
  if (!isRest) return undefined;
  return {type: 'incomplete', stored, as, before, missing: {...wanted, first: next, last: resumes - 1}, after};
}

/** What has been expired counts after a validation only, also as a piece: a newer part may have been left out. */
const asExpiredAs = (pieces: readonly Piece[], stored: StoredResponse): StoredResponse =>
  !stored.expired && pieces.some(piece => piece.stored.expired) ? {...stored, expired: true} : stored;

const total = (pieces: readonly Piece[]): number => pieces.reduce((sum, {length}) => sum + length, 0);

/** The bytes a stored response holds. */
const heldRange = ({facts, size}: StoredResponse): ContentRange =>
  facts.range ?? {first: 0, last: size - 1, complete: size};

function wholeOf({facts}: StoredResponse): ContentRange | undefined {
  const {complete} = facts.range ?? {};
  return complete === undefined ? undefined : {first: 0, last: complete - 1, complete};
}

/** Pieces that follow one another without a gap, from a position as far as they go. */
function piecesFrom(parts: readonly StoredResponse[], {last}: ContentRange, from: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = from; at <= last; ) {
    const [part] = parts.filter(holds(at)).toSorted((a, b) => heldRange(b).last - heldRange(a).last);
    if (part === undefined) break;
    const held = heldRange(part);
    const piece = {stored: part, offset: at - held.first, length: Math.min(last, held.last) - at + 1};
    pieces.push(piece);
    at += piece.length;
  }
  return pieces;
}

const holds =
  (position: number) =>
  (part: StoredResponse): boolean => {
    const {first, last} = heldRange(part);
    return first <= position && position <= last;
  };

/** Both are of one representation, byte for byte, and were chosen by the same fields. */
function isOfSame(stored: StoredResponse, other: StoredResponse): boolean {
  if (!hasRepresentation(stored.head) || !isAsSent(stored.head)) return false;
  if (String(stored.nominated) !== String(other.nominated)) return false;
  const [a, b] = [stored.facts.etag, other.facts.etag];
  return a !== undefined && b !== undefined && isStrongMatch(a, b) && isAsLong(heldRange(stored), heldRange(other));
}

const hasRepresentation = ({status}: ResponseHead): boolean => status === 200 || status === 206;

const isAsLong = (a: ContentRange, b: ContentRange): boolean =>
  a.complete === undefined || b.complete === undefined || a.complete === b.complete;

/**
 * The request that asks for what is missing, or for everything when the representation is another one by now;
 * `undefined` when it cannot be asked for: without a strong entity tag, or by a caller with conditions of its own.
 *
 * @see RFC 9111 §3.4
 * @see RFC 9110 §13.1.5, §14.2
 */
export function completingRequest({head}: CacheRequest, {stored, as, missing}: Incomplete): RequestHead | undefined {
  const {etag} = stored.facts;
  // If-Range does not hold for what is stored, so its caller has something else.
  if (as === 'whole' && head.fields.has('range')) return undefined;
  if (head.method !== 'GET' || hasOwnValidation(head) || etag === undefined || etag.weak) return undefined;
  const last = missing.complete === missing.last + 1 ? '' : missing.last;
  const range = `bytes=${missing.first}-${last}`;
  return {...head, fields: head.fields.with('range', range).with('if-range', formatEntityTag(etag))};
}

/**
 * What a received part brings for an answer that lacked it; `undefined` when it is not that, or of another
 * representation. `received` is the part as it would be stored.
 *
 * @see RFC 9111 §3.4
 */
export function completedBy(
  {stored, as, before, missing, after}: Incomplete,
  received: StoredResponse,
): StoredAnswer | undefined {
  const {range} = received.facts;
  if (range === undefined || !isOfSame(received, stored)) return undefined;
  if (range.first > missing.first || range.last < missing.last) return undefined;
  const piece = {stored: received, offset: missing.first - range.first, length: lengthOf(missing)};
  return {type: 'answer', stored: received, as, pieces: [...before, piece, ...after]};
}

/**
 * The head of a received part, with the fields that only the stored parts of its representation told: an answer to
 * If-Range need not repeat them.
 *
 * @see RFC 9110 §15.3.7, §15.3.7.3
 */
export function partHead(response: ResponseHead, stored: readonly StoredResponse[]): ResponseHead {
  const tag = entityTagOf(response.fields);
  const base = stored.find(
    ({facts}) => tag !== undefined && facts.etag !== undefined && isStrongMatch(facts.etag, tag),
  );
  if (base === undefined || !isAsSent(base.head)) return response;
  const described = ['content-range', 'content-length', 'content-type'].flatMap(name => {
    const value = response.fields.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const merged = updatedFields(base.head.fields.without(['content-range', 'content-length']), response.fields);
  return {...response, fields: described.reduce((fields, [name, value]) => fields.with(name, value), merged)};
}

/**
 * The head of an answer made of stored bytes: the whole is a 200, a part is a 206 that says which. `held` is what the
 * stored response of this head holds, when that is a part.
 *
 * @see RFC 9110 §15.3.7
 */
export function renderedHead(
  head: ResponseHead,
  held: ContentRange | undefined,
  as: 'whole' | ContentRange,
): ResponseHead {
  if (as !== 'whole') {
    const fields = head.fields.with('content-range', formatContentRange(as)).with('content-length', `${lengthOf(as)}`);
    return {...head, status: 206, statusText: 'Partial Content', fields};
  }
  if (held === undefined) return head;
  const fields = head.fields.without(['content-range']).with('content-length', `${held.complete}`);
  return {...head, status: 200, statusText: 'OK', fields};
}

/**
 * The response shows that the stored one is of another representation: their validators differ, or one of them is of
 * none at all, as an error is.
 *
 * @see RFC 9110 §15.3.7.3
 */
export function isOfAnother({facts, head}: StoredResponse, response: ResponseHead): boolean {
  if (!hasRepresentation(head) || !hasRepresentation(response)) return true;
  const tag = entityTagOf(response.fields);
  if (tag !== undefined && facts.etag !== undefined) return !isWeakMatch(tag, facts.etag);
  const modified = lastModifiedOf(response.fields, 0);
  return modified !== undefined && facts.lastModified !== undefined && modified !== facts.lastModified;
}
