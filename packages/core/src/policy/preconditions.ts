// The caller's own conditions: which of them a stored response may judge, and how.
import {isWeakMatch, parseEntityTags} from '../fields/entity-tag.ts';
import {parseHttpDate} from '../fields/http-date.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';

const validations: readonly string[] = ['if-none-match', 'if-modified-since'];
const originConditions: readonly string[] = ['if-match', 'if-unmodified-since'];

const hasAny = ({fields}: RequestHead, names: readonly string[]): boolean => names.some(name => fields.has(name));

/**
 * The request carries a condition.
 *
 * @see RFC 9110 §13.1
 */
export const isConditional = (head: RequestHead): boolean =>
  hasAny(head, validations) || hasAny(head, originConditions) || head.fields.has('if-range');

/**
 * The request carries a condition that speaks of the origin's state, not of a copy.
 *
 * @see RFC 9111 §4.3.2
 */
export const hasOriginCondition = (head: RequestHead): boolean => hasAny(head, originConditions);

/**
 * The caller validates a copy of its own and asks for nothing else that only the origin could judge.
 *
 * Choice (§4.3.2): such a request is answered from what is stored and fresh, a 304 included, where Fetch's mode
 * `default` would go around its cache. We sit above the client and answer what the origin would; whoever wants to ask
 * the origin itself says so by the mode `no-store` or `Cache-Control: no-cache`.
 *
 * @see RFC 9111 §4.3.2
 */
export const hasOwnValidation = (head: RequestHead): boolean => hasAny(head, validations) && !hasOriginCondition(head);

const notModifiedMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'QUERY']);

/**
 * A 304 is how the method's If-None-Match is answered; other methods get a 412.
 *
 * @see RFC 9110 §13.1.2
 */
export const mayBeNotModified = (method: string): boolean => notModifiedMethods.has(method);

/**
 * How a reusable stored response answers the caller's own validation: in full, or with a 304.
 *
 * A condition that cannot be read is not met, and one on anything but a successful response has no effect.
 *
 * @see RFC 9111 §4.3.2, RFC 9110 §13.1.2, §13.1.3, §13.2.1
 */
export function evaluate(request: CacheRequest, stored: StoredResponse): 'whole' | 'not-modified' {
  const {fields, method} = request.head;
  if (!mayBeNotModified(method) || stored.head.status < 200 || stored.head.status > 299) return 'whole';
  const tags = fields.get('if-none-match');
  // If-None-Match decides alone when it is there, even unreadable. RFC 9110 §13.1.3
  if (tags !== undefined) return isListed(tags, stored) ? 'not-modified' : 'whole';
  const since = fields.get('if-modified-since');
  return since !== undefined && isUnmodified(since, stored) ? 'not-modified' : 'whole';
}

function isListed(text: string, {facts}: StoredResponse): boolean {
  const tags = parseEntityTags(text);
  if (tags === '*') return true;
  return tags !== 'invalid' && tags.some(tag => isWeakMatch(tag, facts.etag));
}

/** Without Last-Modified, Date stands in for it, and the time of receipt for Date. */
function isUnmodified(since: string, {facts, responseTime}: StoredResponse): boolean {
  const limit = parseHttpDate(since, responseTime);
  if (limit === 'invalid') return false;
  const modified = facts.lastModified === undefined ? facts.date : parseHttpDate(facts.lastModified, responseTime);
  return modified !== 'invalid' && modified <= limit;
}
