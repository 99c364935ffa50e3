// The names by which http-tests/cache-tests cites standards: anchors of the HTML of RFC 9111, one of RFC 9110, and
// addresses of other RFCs.

import {type Citation, citationsIn} from './citations.ts';

const anchors: ReadonlyMap<string, string> = new Map([
  ['delta-seconds', '§1.2.2'],
  ['caching.overview', '§2'],
  ['response.cacheability', '§3'],
  ['storing.fields', '§3.1'],
  ['combining.responses', '§3.4'],
  ['caching.authenticated.responses', '§3.5'],
  ['constructing.responses.from.caches', '§4'],
  ['caching.negotiated.responses', '§4.1'],
  ['expiration.model', '§4.2'],
  ['calculating.freshness.lifetime', '§4.2.1'],
  ['heuristic.freshness', '§4.2.2'],
  ['serving.stale.responses', '§4.2.4'],
  ['validation.model', '§4.3'],
  ['validation.sent', '§4.3.1'],
  ['validation.received', '§4.3.2'],
  ['freshening.responses', '§4.3.4'],
  ['head.effects', '§4.3.5'],
  ['invalidation', '§4.4'],
  ['field.age', '§5.1'],
  ['field.cache-control', '§5.2'],
  ['cache-request-directive', '§5.2.1'],
  ['cache-request-directive.max-age', '§5.2.1.1'],
  ['cache-request-directive.max-stale', '§5.2.1.2'],
  ['cache-request-directive.min-fresh', '§5.2.1.3'],
  ['cache-request-directive.no-cache', '§5.2.1.4'],
  ['cache-request-directive.no-store', '§5.2.1.5'],
  ['cache-request-directive.only-if-cached', '§5.2.1.7'],
  ['cache-response-directive', '§5.2.2'],
  ['cache-response-directive.max-age', '§5.2.2.1'],
  ['cache-response-directive.must-revalidate', '§5.2.2.2'],
  ['cache-response-directive.must-understand', '§5.2.2.3'],
  ['cache-response-directive.no-cache', '§5.2.2.4'],
  ['cache-response-directive.no-store', '§5.2.2.5'],
  ['cache-response-directive.private', '§5.2.2.7'],
  ['cache-response-directive.proxy-revalidate', '§5.2.2.8'],
  ['cache-response-directive.public', '§5.2.2.9'],
  ['cache-response-directive.s-maxage', '§5.2.2.10'],
  ['cache.control.extensions', '§5.2.3'],
  ['field.expires', '§5.3'],
  ['field.pragma', '§5.4'],
  ['field.date', 'RFC 9110 §6.6.1'],
]);

const address = /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc(?<rfc>\d+)(?:\.html)?(?:#section-(?<section>[\d.]+))?$/;

/** The section an anchor or address names; `undefined` when nobody told what it means. */
export function sectionOf(anchor: string): Citation | undefined {
  const {rfc, section = ''} = address.exec(anchor)?.groups ?? {};
  return rfc ? {rfc, section} : citationsIn(anchors.get(anchor) ?? '')[0];
}
