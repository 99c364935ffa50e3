import {type EntityTag, formatEntityTag} from '../fields/entity-tag.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {isConditional, mayBeNotModified} from './preconditions.ts';

/** Entity tags may be long, and servers refuse long fields: the most preferred ones are sent. */
const maxEntityTags = 16;

/**
 * The request that asks the origin whether a candidate still holds; `undefined` when no candidate can be validated.
 *
 * Candidates are those the request matches, the chosen one first. A request that carries conditions of its own is
 * never overridden: its 304 belongs to its caller. Neither is a method that a rule made cacheable: a POST whose
 * If-None-Match fails is answered with a 412.
 *
 * Choice (§4.3.1): when the first candidate with a validator has only a date, it alone is validated. An older
 * sibling's entity tag beside it would make the origin ignore the date.
 *
 * @see RFC 9111 §4.3.1
 */
export function validationRequest(
  request: CacheRequest,
  candidates: readonly StoredResponse[],
): RequestHead | undefined {
  const {head} = request;
  if (isConditional(head) || !mayBeNotModified(head.method)) return undefined;
  const first = candidates.find(({facts}) => facts.etag !== undefined || facts.lastModified !== undefined);
  if (first === undefined) return undefined;
  const tags = first.facts.etag === undefined ? [] : entityTags(candidates);
  const since = tags.length > 1 ? undefined : first.facts.lastModified;
  let {fields} = head;
  if (tags.length > 0) fields = fields.with('if-none-match', tags.join(', '));
  if (since !== undefined) fields = fields.with('if-modified-since', since);
  return {...head, fields};
}

/** The candidates' entity tags as they are sent, each once. */
function entityTags(candidates: readonly StoredResponse[]): readonly string[] {
  const tags = candidates.map(({facts}) => facts.etag).filter((tag): tag is EntityTag => tag !== undefined);
  return [...new Set(tags.map(formatEntityTag))].slice(0, maxEntityTags);
}
