// Redirects that we follow ourselves, as the platform's own fetch would.
import type {RequestBody, RequestHead, ResponseHead} from '../model/messages.ts';
import {isSameOrigin, parsedUrl} from './urls.ts';

/** The statuses that fetch follows. Fetch, redirect status */
export const isRedirect = (status: number): boolean => redirectStatuses.has(status);

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The redirects of a request are followed hop by hop: it wants them followed, and is nothing to be rewritten for that. */
export const followsRedirects = ({method, redirect}: RequestHead, body: RequestBody | undefined): boolean =>
  redirect === 'follow' && body === undefined && (method === 'GET' || method === 'HEAD');

/** What another origin must not see. */
const originBound: readonly string[] = ['authorization', 'proxy-authorization', 'cookie', 'host'];

const isHttp = (url: string): url is `http${string}` => /^https?:/.test(url);

/**
 * Where a response redirects to, absolute and without fragment; `undefined` when it is no redirect, `'invalid'`
 * when it is one that cannot be followed.
 *
 * @see RFC 9110 §10.2.2, §15.4
 */
export function redirectTarget(head: ResponseHead): `http${string}` | 'invalid' | undefined {
  if (!isRedirect(head.status)) return undefined;
  const [location, ...others] = new Set(head.fields.lines('location'));
  if (location === undefined) return undefined;
  const target = parsedUrl(decoded(location), head.url);
  if (others.length > 0 || target === undefined) return 'invalid';
  target.hash = '';
  // User information would be sent as credentials nobody gave to us; Fetch refuses it across origins.
  return isHttp(target.href) && target.username === '' && target.password === '' ? target.href : 'invalid';
}

/** It redirects to a URI with user information: credentials, which whoever follows it may send. */
export function redirectsWithCredentials({status, fields, url}: ResponseHead): boolean {
  const target = isRedirect(status) ? parsedUrl(fields.get('location') ?? '', url) : undefined;
  return target !== undefined && target.username + target.password !== '';
}

/**
 * Field values reach us with one character per byte. Choice (RFC 9110 §10.2.2): bytes that are UTF-8 are read as
 * UTF-8, as browsers and Node do, although a correct Location has only ASCII.
 */
function decoded(location: string): string {
  const bytes = Array.from(location, character => character.charCodeAt(0));
  if (bytes.every(byte => byte < 0x80) || bytes.some(byte => byte > 0xff)) return location;
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(Uint8Array.from(bytes));
  } catch {
    return location;
  }
}

/**
 * The request for the next hop of a GET or HEAD. Credentials and Host stay behind when the origin changes.
 *
 * @see RFC 9110 §15.4, Fetch §4.4
 */
export function redirectedRequest(request: RequestHead, target: string): RequestHead {
  const fields = isSameOrigin(request.url, target) ? request.fields : request.fields.without(originBound);
  return {...request, url: target, fields};
}
