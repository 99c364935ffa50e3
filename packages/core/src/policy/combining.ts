// Answers made of what is stored: of one response, of parts of one representation, or of parts and what they lack.
import type {ContentRange} from '../fields/content-range.ts';
import {formatEntityTag, isStrongMatch, isWeakMatch} from '../fields/entity-tag.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead, ResponseHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {hasOwnValidation} from './preconditions.ts';
import {isAsSent, lengthOf, type Rendering, receivedRange, renderingOf} from './ranges.ts';
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
 * Choice (§3.3): where more than one range is missing, one range is asked for that covers them all.
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
  if (next > wanted.last) return {type: 'answer', stored: asDoubtedAs(before, stored), as, pieces: before};
  const after = ending(parts, wanted, next);
  if (before.length + after.length === 0) return undefined;
  const resumes = wanted.last + 1 - total(after);
  return {type: 'incomplete', stored, as, before, missing: {...wanted, first: next, last: resumes - 1}, after};
}

/**
 * What must be validated must be so as a piece, too: whose head answers need not have been asked about it since.
 *
 * Choice (§3.4): a newer part says nothing of an older one's `no-cache`.
 */
function asDoubtedAs(pieces: readonly Piece[], stored: StoredResponse): StoredResponse {
  const expired = stored.expired || pieces.some(piece => piece.stored.expired);
  const alwaysValidate = stored.facts.alwaysValidate || pieces.some(piece => piece.stored.facts.alwaysValidate);
  if (expired === stored.expired && alwaysValidate === stored.facts.alwaysValidate) return stored;
  return {...stored, expired, facts: {...stored.facts, alwaysValidate}};
}

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

/** The longest run of pieces that ends where the wanted range does. */
function ending(parts: readonly StoredResponse[], wanted: ContentRange, next: number): readonly Piece[] {
  const starts = parts.map(part => heldRange(part).first).filter(first => first > next);
  for (const start of starts.toSorted((a, b) => a - b)) {
    const run = piecesFrom(parts, wanted, start);
    if (run.length > 0 && start + total(run) > wanted.last) return run;
  }
  return [];
}

const holds =
  (position: number) =>
  (part: StoredResponse): boolean => {
    const {first, last} = heldRange(part);
    return first <= position && position <= last;
  };

/** Both are of one representation of one resource, byte for byte, and were chosen by the same fields. */
function isOfSame(stored: StoredResponse, other: StoredResponse): boolean {
  if (!hasRepresentation(stored.head) || !isAsSent(stored.head)) return false;
  if (JSON.stringify(stored.nominated) !== JSON.stringify(other.nominated)) return false;
  return isStrongMatch(stored.facts.etag, other.facts.etag) && isAsLong(heldRange(stored), heldRange(other));
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
  // It need not repeat how long the whole is.
  const complete = {...range, complete: range.complete ?? missing.complete};
  const shown = {...received, facts: {...received.facts, range: complete}};
  return {type: 'answer', stored: shown, as, pieces: [...before, piece, ...after]};
}

/** What a 206 says of itself, or not at all: it must repeat these where a 200 would have had them. RFC 9110 §15.3.7 */
const ownFields: readonly string[] = [
  'cache-control',
  'cache-groups',
  'cache-status',
  'clear-site-data',
  'content-digest',
  'content-length',
  'content-location',
  'content-md5',
  'content-range',
  'expires',
  'pragma',
  'set-cookie',
  'vary',
];

/**
 * The head of a received part, with the fields that only the stored parts of its representation told: an answer to
 * If-Range need not repeat them. `targeted` are the fields that may stand for Cache-Control.
 *
 * @see RFC 9110 §15.3.7, §15.3.7.3
 */
export function partHead(
  response: ResponseHead,
  stored: readonly StoredResponse[],
  targeted: readonly string[] = [],
): ResponseHead {
  const base = stored.find(one => describesPart(one, response));
  if (base === undefined) return response;
  const described = ['content-range', 'content-length', 'content-type'].flatMap(name => {
    const value = response.fields.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const merged = updatedFields(base.head.fields.without([...ownFields, ...targeted]), response.fields);
  return {...response, fields: described.reduce((fields, [name, value]) => fields.with(name, value), merged)};
}

/** The stored response is of the representation that a received part is of. */
function describesPart(stored: StoredResponse, response: ResponseHead): boolean {
  if (!hasRepresentation(stored.head) || !isAsSent(stored.head)) return false;
  const range = receivedRange(response);
  if (range === undefined || !isStrongMatch(stored.facts.etag, entityTagOf(response.fields))) return false;
  return isAsLong(heldRange(stored), range);
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
