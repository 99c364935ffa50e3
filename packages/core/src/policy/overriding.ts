// Which directives count: those that speak to this cache, less those that a rule's `ttl` sets aside.
import {parseResponseDirectives, type ResponseDirectives} from '../fields/cache-control.ts';
import {parseTargetedDirectives} from '../fields/targeted-cache-control.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {Seconds} from '../model/units.ts';
import {isHeuristicallyCacheable} from './registries.ts';

/**
 * The lifetimes rules give a response of this status: one in place of what it states, one where it states none.
 *
 * Choice: they cover heuristically cacheable statuses, and others only where a rule names them. Whoever writes
 * `ttl: '1h'` for a site thinks of its pages, not of the 503 it may answer one day.
 *
 * @see RFC 9111 §4.2.2
 */
export const ruledLifetimes = (status: number, {ttl, defaultTtl, statuses}: Policy): RuledLifetimes =>
  isHeuristicallyCacheable(status) || statuses.includes(status) ? {ttl, defaultTtl} : {};

type RuledLifetimes = {readonly ttl?: Seconds | undefined; readonly defaultTtl?: Seconds | undefined};

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
  if (policy.ignores.length === 0 || ruledLifetimes(response.status, policy).ttl === undefined) return said;
  const ignores = new Set(policy.ignores);
  return {
    ...said,
    noStore: said.noStore && !ignores.has('no-store'),
    private: ignores.has('private') ? false : said.private,
    noCache: ignores.has('no-cache') ? false : said.noCache,
    mustRevalidate: said.mustRevalidate && !ignores.has('must-revalidate'),
  };
}
