// Which directives count: those that speak to this cache, less those that a rule's `ttl` sets aside.
import {parseResponseDirectives, type ResponseDirectives} from '../fields/cache-control.ts';
import {parseTargetedDirectives} from '../fields/targeted-cache-control.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {Seconds} from '../model/units.ts';
import {isHeuristicallyCacheable} from './registries.ts';

/**
 * The lifetime a rule gives the response, or `undefined` when no rule speaks for it.
 *
 * Choice: a `ttl` covers heuristically cacheable statuses only. Whoever writes `ttl: '1h'` for a site
 * thinks of its pages, not of the 503 it may answer one day.
 *
 * @see RFC 9111 §4.2.2
 */
export const ruledLifetime = (status: number, policy: Policy): Seconds | undefined =>
  isHeuristicallyCacheable(status) ? policy.ttl : undefined;

/**
 * What a response says to this cache: in the first targeted field that can be read, else in Cache-Control.
 *
 * @see RFC 9213 §2.2
 * @see RFC 9111 §5.2.2
 */
export const directivesReceived = (response: ResponseHead, policy: Policy): ResponseDirectives =>
  parseTargetedDirectives(response.fields, policy.targetedFields) ?? parseResponseDirectives(response.fields);

/**
 * The response's directives without those that a rule's `ttl` is told to ignore.
 *
 * Permission to share a response is never read from these: what is ignored still tells whose it is.
 *
 * Deviation: the cache's owner may set aside what the origin forbids, because some origins send
 * `no-store` with everything, and a scraper or test run that keeps it for itself harms no one.
 *
 * @see RFC 9111 §5.2.2
 */
export function directivesInForce(response: ResponseHead, policy: Policy): ResponseDirectives {
  const said = directivesReceived(response, policy);
  if (policy.ignores.length === 0 || ruledLifetime(response.status, policy) === undefined) return said;
  const ignores = new Set(policy.ignores);
  return {
    ...said,
    noStore: said.noStore && !ignores.has('no-store'),
    private: ignores.has('private') ? false : said.private,
    noCache: ignores.has('no-cache') ? false : said.noCache,
    mustRevalidate: said.mustRevalidate && !ignores.has('must-revalidate'),
  };
}
