// When the answer to a POST is also what a GET would have been answered with.
import type {CacheRequest} from '../model/cache-request.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {EpochMs} from '../model/units.ts';
import {explicitLifetime} from './freshness.ts';
import {directivesInForce, directivesReceived} from './overriding.ts';
import {parsedUrl} from './urls.ts';

/**
 * The answer to this POST says that it is the target's own representation, and how long it stays fresh: a later GET
 * or HEAD may be answered with it, a later POST never.
 *
 * Choice (RFC 9110 §9.3.3): only a 200 is taken at its word. A 201 says this of what it created, an error of itself.
 * A rule's `ttl` does not stand in for the freshness the origin has to state.
 *
 * @see RFC 9110 §8.7, §9.3.3
 * @see RFC 9111 §4
 */
export function standsForGet(
  {head}: CacheRequest,
  response: ResponseHead,
  policy: Policy,
  responseTime: EpochMs,
): boolean {
  if (head.method !== 'POST' || response.status !== 200 || response.redirected) return false;
  if (!isNamed(head.url, response.fields.get('content-location'))) return false;
  // What a rule ignores for GET, it ignores for GET: the origin said this of a POST.
  const {noStore, mustUnderstand} = directivesReceived(response, policy);
  if (noStore && !mustUnderstand) return false;
  return explicitLifetime(response, directivesInForce(response, policy), policy, responseTime) !== undefined;
}

/** Content-Location names the target. An empty one names nothing, and a fragment has no place in it. */
const isNamed = (target: string, location: string | undefined): boolean =>
  location !== undefined && location !== '' && parsedUrl(location, target)?.href === target;
