// What a 304 or a HEAD answer says about stored responses.
import type {ResponseDirectives} from '../fields/cache-control.ts';
import {parseContentLength} from '../fields/content-length.ts';
import {isStrongMatch, isWeakMatch, parseEntityTags} from '../fields/entity-tag.ts';
import {parseHttpDate} from '../fields/http-date.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead, ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import {type Partition, type StoredResponse, shareable} from '../model/stored-response.ts';
import {isShareable} from './authenticated.ts';
import {described, type ExchangeTimes} from './described.ts';
import {directivesReceived} from './overriding.ts';
import {updatedFields} from './updated-fields.ts';
import {entityTagOf, lastModifiedOf} from './validators.ts';

/**
 * The candidates a 304 speaks of, the preferred one first; none when it fits none of them.
 *
 * `sent` is the request that was answered: it tells what a 304 without validators means.
 *
 * @see RFC 9111 §4.3.4
 */
export function freshenedBy(
  notModified: ResponseHead,
  candidates: readonly StoredResponse[],
  sent: RequestHead,
): readonly StoredResponse[] {
  const tag = entityTagOf(notModified.fields);
  if (tag !== undefined) {
    const same = candidates.filter(({facts}) => isStrongMatch(facts.etag, tag));
    if (same.length > 0) return same;
    // Deviation (§4.3.4): a strong tag that equals a stored weak one by weak comparison still names it. Servers that
    // weaken the tag of a compressed 200 (nginx) send it strong with the 304; we keep bodies decoded, so both fit.
    return candidates.filter(({facts}) => isWeakMatch(facts.etag, tag)).slice(0, 1);
  }
  const modified = lastModifiedOf(notModified.fields, 0);
  if (modified === undefined) return soleValidated(candidates, sent);
  return candidates.filter(stored => hasModified(stored, modified)).slice(0, 1);
}

/**
 * A 304 without validators means the one validator that was asked about.
 *
 * Deviation (§4.3.4): a stored response with a validator is freshened by such a 304, though it should have repeated
 * the validator (RFC 9110 §15.4.5); many hand-written servers do not, and the question leaves no doubt.
 * Choice (§4.3.4): one without validators is not. Only a caller's own date can have brought that 304, and it tells
 * nothing of what was stored before that date.
 */
function soleValidated(candidates: readonly StoredResponse[], sent: RequestHead): readonly StoredResponse[] {
  const asked = sent.fields.get('if-none-match');
  const since = sent.fields.get('if-modified-since');
  if (asked === undefined)
    return candidates.filter(({facts}) => since !== undefined && facts.lastModified === since).slice(0, 1);
  const tags = parseEntityTags(asked);
  const tag = typeof tags !== 'string' && tags.length === 1 ? tags[0] : undefined;
  return candidates.filter(({facts}) => isWeakMatch(facts.etag, tag)).slice(0, 1);
}

function hasModified({facts, responseTime}: StoredResponse, modified: string): boolean {
  if (facts.lastModified === undefined) return false;
  return parseHttpDate(facts.lastModified, responseTime) === parseHttpDate(modified, responseTime);
}

/**
 * The stored response after an update: newer fields, and everything that follows from them computed anew.
 *
 * What the update says about variants and sharing holds too: `request` is the one that was answered, so its
 * nominated values and its partition are the ones now vouched for.
 *
 * @see RFC 9111 §4.3.4, §3.2
 */
export function freshened(
  request: CacheRequest,
  stored: StoredResponse,
  update: ResponseHead,
  policy: Policy,
  times: ExchangeTimes,
): StoredResponse {
  const merged = {...stored.head, fields: updatedFields(stored.head.fields, update.fields)};
  const partition = partitionAfter(request, stored, directivesReceived(merged, policy), policy);
  return {...stored, ...described(request, merged, policy, times), partition};
}

/**
 * What was shareable stays so, whoever validated it, until the origin takes that back. What is one user's stays that user's:
 * the bytes were made for them.
 */
function partitionAfter(
  request: CacheRequest,
  stored: StoredResponse,
  directives: ResponseDirectives,
  policy: Policy,
): Partition {
  const isShared = stored.partition === shareable && isShareable(request, directives, policy);
  return isShared ? shareable : request.partition;
}

/**
 * The answer to a HEAD speaks of the same representation as the stored response.
 *
 * Validators and length count as far as the answer gives them. A length that can be compared with nothing is no
 * disagreement: the stored one may have come in chunks and compressed.
 *
 * @see RFC 9111 §4.3.5
 */
export function headAgrees(stored: StoredResponse, head: ResponseHead): boolean {
  const tag = entityTagOf(head.fields);
  if (tag !== undefined && !isWeakMatch(tag, stored.facts.etag)) return false;
  const modified = lastModifiedOf(head.fields, stored.responseTime);
  if (modified !== undefined && !hasModified(stored, modified)) return false;
  return hasLength(stored, head);
}

function hasLength(stored: StoredResponse, {fields}: ResponseHead): boolean {
  const length = parseContentLength(fields);
  if (length === undefined) return true;
  const {range} = stored.facts;
  if (range !== undefined) return range.complete === undefined || length === range.complete;
  const storedLength = parseContentLength(stored.head.fields);
  if (storedLength !== undefined) return length === storedLength;
  return fields.has('content-encoding') || length === stored.size;
}

/**
 * The stored response once the origin has shown that it is outdated: stale, and reused after validation only.
 *
 * @see RFC 9111 §4.3.5
 */
export const disagreed = (stored: StoredResponse): StoredResponse => ({
  ...stored,
  facts: {...stored.facts, lifetime: 0, alwaysValidate: true},
});
