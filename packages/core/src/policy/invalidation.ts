// What an answer tells the cache to forget. Whose origin says so matters as much as what it says.
import {parseCacheGroups} from '../fields/cache-groups.ts';
import {clearsCache} from '../fields/clear-site-data.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import {isSafe} from './registries.ts';
import {isSameOrigin, parsedUrl, targetUri} from './urls.ts';

/** What an answer empties. `urls` hold secrets as sent; `groups` are those of the target's origin. */
export type Invalidation = {
  readonly urls: readonly string[];
  readonly groups: readonly string[];
  /** The origin to be emptied in the requester's partition, by Clear-Site-Data. */
  readonly site: string | undefined;
};

const related: readonly string[] = ['location', 'content-location'];

/**
 * What must not be reused any more, given this answer.
 *
 * Choice (§4.4, MAY): Location and Content-Location are invalidated too, because the page a form just created is
 * the one read next. Never across origins (MUST NOT): any site could otherwise empty our cache of another.
 *
 * @see RFC 9111 §4.4, RFC 9875 §3, Clear Site Data §3.1
 */
export function invalidated(request: CacheRequest, response: ResponseHead, policy: Policy): Invalidation {
  const site = clearedSite(response, policy);
  const {method} = request.head;
  if (isSafe(method) || policy.methods.includes(method)) return {urls: [], groups: [], site};
  const target = new URL(request.head.url);
  // A client that followed redirects unseen shows the last answer only; one from elsewhere has no say here.
  const isOwn = !response.redirected || isSameOrigin(response.url, target.href);
  return {
    urls: isSuccess(response) ? [...new Set([request.head.url, ...(isOwn ? relatedUrls(target, response) : [])])] : [],
    // Choice (RFC 9875 §3): on any status, because the origin names the groups itself.
    groups: isOwn ? parseCacheGroups(response.fields, 'cache-group-invalidation') : [],
    site,
  };
}

/**
 * Whether the request has changed what it asked to change.
 *
 * Choice (§4.4): an answer whose status is hidden counts as success, and so does one that came after redirects
 * followed unseen, whatever its own status: the first answer was a 3xx. To forget too much is safe.
 */
export function isSuccess({status, redirected, type}: Pick<ResponseHead, 'status' | 'redirected' | 'type'>): boolean {
  return (status >= 200 && status <= 399) || redirected || type === 'opaque' || type === 'opaqueredirect';
}

/** The URIs of the target's own origin that the answer names. */
function relatedUrls(target: URL, {fields, redirected, url}: ResponseHead): readonly string[] {
  const base = redirected ? url : target.href;
  const named = related.flatMap(name => fields.lines(name)).concat(redirected ? [url] : []);
  return named
    .map(reference => parsedUrl(reference, base))
    .filter(found => found !== undefined)
    .filter(({origin}) => origin === target.origin)
    .map(targetUri);
}

/**
 * The origin whose responses Clear-Site-Data empties, whatever the method and status.
 *
 * A shared cache ignores it, since it speaks of one user's data; so does any cache whose owner says so, and any when
 * it came over plain HTTP, where anyone on the way could have written it.
 */
function clearedSite(response: ResponseHead, policy: Policy): string | undefined {
  if (policy.kind === 'shared' || !policy.clearSiteData || !clearsCache(response.fields)) return undefined;
  const url = parsedUrl(response.url);
  return url !== undefined && isSecure(url) ? url.origin : undefined;
}

const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const isSecure = ({protocol, hostname}: URL): boolean => protocol === 'https:' || loopback.test(hostname);
