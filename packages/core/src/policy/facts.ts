// Everything reuse will ask of a response, answered once.
import type {ResponseDirectives} from '../fields/cache-control.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {Facts} from '../model/stored-response.ts';
import type {EpochMs, Seconds} from '../model/units.ts';
import {correctedInitialAge, dateValue} from './current-age.ts';
import {freshnessLifetime} from './freshness.ts';
import {directivesInForce} from './overriding.ts';
import {receivedRange} from './ranges.ts';
import {entityTagOf, lastModifiedOf} from './validators.ts';

/** Whether stale reuse is forbidden for good. §4.2.4 */
const isNeverStale = (directives: ResponseDirectives, policy: Policy): boolean =>
  directives.mustRevalidate ||
  (policy.kind === 'shared' && (directives.proxyRevalidate || directives.sMaxage !== undefined));

/** A rule's window, else the response's (none when unreadable), else the cache's default. */
function staleWindow(ruled: Seconds | undefined, said: Seconds | 'invalid' | undefined, byDefault: Seconds): Seconds {
  if (ruled !== undefined) return ruled;
  if (said === 'invalid') return 0;
  return said ?? byDefault;
}

/**
 * What freshness and reuse need to know of a response that was asked for and received at these times.
 *
 * @see RFC 9111 §4.2, §5.2.2.2, §5.2.2.4, §5.2.2.8, RFC 5861 §3, §4, RFC 8246 §2
 */
export function factsOf(response: ResponseHead, policy: Policy, requestTime: EpochMs, responseTime: EpochMs): Facts {
  const directives = directivesInForce(response, policy);
  const {staleWhileRevalidate, staleIfError} = directives;
  const initialAge = correctedInitialAge(response, requestTime, responseTime);
  return {
    lifetime: freshnessLifetime(response, directives, policy, responseTime, initialAge),
    initialAge,
    date: dateValue(response.fields, responseTime),
    etag: entityTagOf(response.fields),
    lastModified: lastModifiedOf(response.fields, responseTime),
    alwaysValidate: directives.noCache === true,
    neverStale: isNeverStale(directives, policy),
    range: receivedRange(response),
    immutable: directives.immutable,
    staleWhileRevalidate: staleWindow(
      policy.staleWhileRevalidate,
      staleWhileRevalidate,
      policy.defaultStaleWhileRevalidate,
    ),
    staleIfError: staleWindow(policy.staleIfError, staleIfError, policy.defaultStaleIfError),
  };
}
