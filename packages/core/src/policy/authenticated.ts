// Credentials and sharing. Permission must be said by the response itself: what a rule ignores gives none.
import type {ResponseDirectives} from '../fields/cache-control.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {Policy} from '../model/policy.ts';

/** A readable s-maxage. An unreadable one permits nothing. */
const hasSMaxage = (directives: ResponseDirectives): boolean => typeof directives.sMaxage === 'number';

/**
 * A shared cache may store the answer to a request with Authorization.
 *
 * @see RFC 9111 §3.5, §5.2.2.9
 */
export const mayStoreAuthenticated = (directives: ResponseDirectives): boolean =>
  directives.public || directives.mustRevalidate || hasSMaxage(directives);

/** Authorization is the only credential the request shows: the only one that §3.5 speaks of. */
const authorizationAlone = (request: CacheRequest, policy: Policy): boolean =>
  request.head.fields.has('authorization') &&
  policy.credentialFields.every(name => name === 'authorization' || !request.head.fields.has(name));

/**
 * Whether requests with other credentials may be answered with the response to this credentialed request.
 *
 * Pass the directives as received, not those in force.
 *
 * Choice (§3.5): in a shared cache `must-revalidate` opens answers to Authorization alone. Nothing in it
 * speaks of cookies, and a page made for one visitor's cookie is often marked so.
 *
 * @see RFC 9111 §3.5, §5.2.2.9, §7.3
 */
export function isShareable(request: CacheRequest, directives: ResponseDirectives, policy: Policy): boolean {
  if (policy.partitioned || directives.private === true) return false;
  // A private cache keeps the fields that a qualified `private` names, so it must keep them to their owner.
  if (policy.kind === 'private') return directives.public && directives.private === false;
  if (directives.public || hasSMaxage(directives)) return true;
  return directives.mustRevalidate && authorizationAlone(request, policy);
}
