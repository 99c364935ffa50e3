// Which tests are asked of which kind of cache, by rules over the data.

import type {HttpCacheOptions} from 'limpid';
import type {Step, SuiteTest} from './suite.ts';

/** A choice of tests, and the cache they are asked of. */
export type Profile = {
  readonly includes: (test: SuiteTest) => boolean;
  readonly options: HttpCacheOptions;
};

/** What several tests ask for outright: a stale answer where there is none from the origin. RFC 5861 §4 */
const lenient: HttpCacheOptions = {staleIfError: '1h'};

/** `private`: what a browser's cache is asked. `plus`: also what browsers hide from scripts. `shared`: a proxy's rules. */
export const profiles = {
  private: {includes: test => isForEveryone(test), options: lenient},
  plus: {includes: test => isForEveryone(test) || isHiddenByBrowsers(test), options: lenient},
  shared: {
    includes: test => test.cdn_only || isForSharedCaches(test),
    options: {...lenient, kind: 'shared', targetedFields: ['cdn-cache-control']},
  },
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof profiles;

const isForEveryone = (test: SuiteTest): boolean => !test.cdn_only && !test.browser_skip;

const isForSharedCaches = (test: SuiteTest): boolean => test.browser_skip && test.requests.some(namesSharedCaches);

/**
 * Left out of browsers' runs although it is asked of their kind of cache: a browser's fetch shows scripts neither 3xx
 * answers nor a 304 to conditions of the caller's own.
 */
const isHiddenByBrowsers = (test: SuiteTest): boolean =>
  test.browser_skip && test.requests.some(step => isOpenRedirect(step) || isConditional(step));

const isOpenRedirect = ({redirect, response_status: [status] = [200, 'OK']}: Step): boolean =>
  redirect === 'manual' && status >= 300 && status < 400;

const isConditional = ({request_headers = []}: Step): boolean =>
  request_headers.some(([name]) => /^if-(?:none-match|modified-since)$/i.test(name));

/** Says or asks something that only shared caches take differently. */
const namesSharedCaches = ({request_headers = [], response_headers = []}: Step): boolean =>
  request_headers.some(([name]) => /^authorization$/i.test(name)) ||
  response_headers.some(
    ([name, value]) => /^cache-control$/i.test(name) && /\b(?:s-maxage|private|proxy-revalidate)\b/.test(String(value)),
  );
