// The ways to speak of URIs that rules and selections share. Strings are literal: no globs, no guessing.

import {complaint, tagOf} from '../complaint.ts';
import type {UrlTest} from '../model/condition-tests.ts';
import {isNormalUrl} from '../policy/normal-url.ts';
import {parsedUrl, targetUri} from '../policy/urls.ts';
import {isObject, type Reader, readVerdict} from './reading.ts';

/** Anything with a `test` that says whether a URL is meant: a `RegExp`, a `URLPattern`, an object of your own. */
export type Pattern = {test(url: string): boolean};

/** Names URIs: a literal absolute URL (a fragment is ignored), or a pattern. */
export type Target = string | URL | Pattern;

/** A `URL`, also one of another realm. */
export const isUrl = (value: unknown): value is URL => tagOf(value) === 'URL';

/** Recognises a `Request` of any realm or copy of undici, which `instanceof` does not. */
export const isRequest = (value: unknown): value is Request =>
  typeof value === 'object' && (value instanceof Request || tagOf(value) === 'Request');

/** Anything with a `test` function. */
export function isPattern(value: unknown): value is Pattern {
  return isObject(value) && typeof value.test === 'function';
}

/** A URL over HTTP. No host has a star in its name: whoever writes one means a pattern. */
function parseUrl(value: unknown, base: string | undefined): URL | undefined {
  if ((typeof value !== 'string' && !isUrl(value)) || value === '') return undefined;
  const url = parsedUrl(String(value), base);
  return url !== undefined && /^https?:$/.test(url.protocol) && !url.hostname.includes('*') ? url : undefined;
}

/**
 * Reads a literal URL into the form requests have: normalised, without fragment and user, who would be a secret in marks
 * and files. Relative ones need a base.
 */
export function readUrl(base?: string): Reader<string> {
  return (value, path) => {
    if (typeof value === 'string' && isNormalUrl(value)) return value;
    const url = parseUrl(value, base);
    if (url === undefined)
      throw complaint(
        path,
        value,
        'an absolute URL like "https://api.example/users", without wildcards (they need pattern)',
      );
    return targetUri(url);
  };
}

/**
 * Reads the beginning of URLs. It stays textual: normalising may not close it with a slash, nor resolve the dots at
 * its end, so it is normalised with one more letter, which goes again. A letter that changed the host shows that the
 * text does not reach beyond it.
 */
export function readPrefix(base?: string): Reader<string> {
  return (value, path) => {
    const text = isUrl(value) ? value.href : value;
    const url = parseUrl(text, base);
    if (typeof text !== 'string' || url === undefined || text.includes('#')) {
      throw complaint(path, value, 'how absolute URLs begin, like "https://api.example/users", without fragment');
    }
    const longer = parseUrl(`${text}x`, base);
    if (longer?.origin === url.origin) return targetUri(longer).slice(0, -1);
    // A port that the scheme implies is written nowhere: what goes on behind it is another.
    return url.port === '' && /:\d+$/.test(text) ? `${url.origin}/` : url.origin;
  };
}

/** Reads an origin. A path, a query or user information would be lost on the way: they throw. */
export function readOrigin(value: unknown, path: string): string {
  const url = parseUrl(value, undefined);
  if (url === undefined || url.href !== `${url.origin}/`) {
    throw complaint(path, value, 'an origin like "https://api.example", without path');
  }
  return url.origin;
}

const hostForm = /^(?:\[[\da-f:.]+\]|(?!\.)[^\s/?#@\\:*[\]]+)(?::\d+)?$/i;

/** Reads a host, with or without a port, into the form URLs have. Without a port it means every port. */
export function readHost(value: unknown, path: string): string {
  const url = typeof value === 'string' && hostForm.test(value) ? parseUrl(`https://${value}`, undefined) : undefined;
  if (url === undefined) {
    throw complaint(
      path,
      value,
      'a host like "api.example" or "localhost:8080", without wildcards (they need pattern)',
    );
  }
  const port = /:\d+$/.exec(String(value))?.[0] ?? '';
  return `${url.hostname}${port === '' ? '' : `:${Number(port.slice(1))}`}`;
}

/** Reads a pattern into a test that starts afresh each time: a `g` or `y` expression remembers where it stopped. */
export function readPattern(value: unknown, path: string): UrlTest {
  if (!isPattern(value)) throw complaint(path, value, 'a pattern with test(url): a RegExp, a URLPattern');
  const pattern: Pattern & {lastIndex?: unknown} = value;
  return url => {
    if (typeof pattern.lastIndex === 'number' && pattern.lastIndex !== 0) pattern.lastIndex = 0;
    return readVerdict(pattern.test(url), `${path}.test`);
  };
}

/** Reads a target into a test: the literal URL, or what the pattern says. */
export function readTarget(value: unknown, path: string): UrlTest {
  if (isPattern(value)) return readPattern(value, path);
  if (typeof value !== 'string' && !isUrl(value)) {
    throw complaint(path, value, 'an absolute URL, a pattern with test(url), conditions, or an array of them');
  }
  const literal = readUrl()(value, path);
  return url => url === literal;
}
