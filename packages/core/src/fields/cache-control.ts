// Cache-Control, requests' and responses' directives apart. Unreadable directives err on the side of not reusing.

import type {Seconds} from '../model/units.ts';
import {parseDeltaSeconds} from './delta-seconds.ts';
import type {Fields} from './fields.ts';
import {isToken, parseList, tokenEnd, unquote} from './list.ts';
import {hasPragmaNoCache} from './pragma.ts';
import {remembered} from './remembered.ts';

/** A directive's seconds: `'invalid'` when given but unreadable, `undefined` when not given. */
export type DirectiveSeconds = Seconds | 'invalid' | undefined;

/**
 * What a request asks of caches.
 *
 * @see RFC 9111 §5.2, §5.2.1.1–5.2.1.5, §5.2.1.7, §5.2.3, RFC 5861 §4
 */
export type RequestDirectives = {
  readonly maxAge: DirectiveSeconds;
  /** `'any'`: stale by however much. */
  readonly maxStale: DirectiveSeconds | 'any';
  readonly minFresh: DirectiveSeconds;
  readonly noCache: boolean;
  readonly noStore: boolean;
  readonly onlyIfCached: boolean;
  readonly staleIfError: DirectiveSeconds;
};

/**
 * What a response asks of caches.
 *
 * @see RFC 9111 §5.2, §5.2.2.1–5.2.2.5, §5.2.2.7–5.2.2.10, §5.2.3, RFC 5861 §3, §4, RFC 8246 §2
 */
export type ResponseDirectives = {
  readonly maxAge: DirectiveSeconds;
  readonly sMaxage: DirectiveSeconds;
  readonly noStore: boolean;
  readonly public: boolean;
  readonly mustRevalidate: boolean;
  readonly proxyRevalidate: boolean;
  readonly mustUnderstand: boolean;
  readonly immutable: boolean;
  /** The qualified form lists field names, in lower case; `true` is the unqualified one. */
  readonly noCache: boolean | readonly string[];
  /** Like `noCache`. */
  readonly private: boolean | readonly string[];
  readonly staleWhileRevalidate: DirectiveSeconds;
  readonly staleIfError: DirectiveSeconds;
  /** They come from a field targeted at this cache, beside which Expires does not count either. RFC 9213 §2.2 */
  readonly targeted: boolean;
};

type Mutable<T> = {-readonly [Key in keyof T]: T[Key]};

/** A directive: its lower-case name, and what follows the `=` as received; `undefined` when nothing follows the name. */
export type Directive = readonly [name: string, argument: string | undefined];

/**
 * Splits one member. Where something else than `=` follows the name (a space, a semicolon), all of it becomes an
 * argument nobody can read: `no-store;x` still forbids storing, `max-age =60` is no lifetime.
 */
function directiveOf(member: string): Directive {
  const end = tokenEnd(member);
  const name = member.slice(0, end).toLowerCase();
  if (end === member.length) return [name, undefined];
  return [name, member.slice(member.charCodeAt(end) === 0x3d ? end + 1 : end)];
}

/** Choice (§4.2.1): the first one counts, valid or not; later ones of the same name are ignored. */
function firstSeconds(earlier: DirectiveSeconds, argument: string | undefined): DirectiveSeconds {
  return earlier ?? parseDeltaSeconds(unquote(argument ?? ''));
}

/** The field names of a qualified directive joined to earlier ones; `true` when either is unqualified or unreadable. */
function qualification(earlier: boolean | readonly string[], argument: string | undefined): true | readonly string[] {
  if (earlier === true || argument === undefined) return true;
  const names = parseList(unquote(argument)).map(name => name.toLowerCase());
  if (names.length === 0 || !names.every(isToken)) return true;
  return earlier === false ? names : [...earlier, ...names.filter(name => !earlier.includes(name))];
}

const noRequestDirectives: RequestDirectives = {
  maxAge: undefined,
  maxStale: undefined,
  minFresh: undefined,
  noCache: false,
  noStore: false,
  onlyIfCached: false,
  staleIfError: undefined,
};

const pragmaNoCache: RequestDirectives = {...noRequestDirectives, noCache: true};

/**
 * The directives of a request; without Cache-Control, `Pragma: no-cache` stands for `no-cache`.
 *
 * @see RFC 9111 §5.2.1, §5.4
 */
export function parseRequestDirectives(fields: Fields): RequestDirectives {
  const value = fields.get('cache-control');
  if (value === undefined) return hasPragmaNoCache(fields) ? pragmaNoCache : noRequestDirectives;
  const directives = {...noRequestDirectives};
  for (const member of parseList(value)) addRequestDirective(directives, directiveOf(member));
  return directives;
}

function addRequestDirective(directives: Mutable<RequestDirectives>, [name, argument]: Directive): void {
  switch (name) {
    case 'max-age':
      directives.maxAge = firstSeconds(directives.maxAge, argument);
      break;
    case 'max-stale':
      directives.maxStale ??= argument === undefined ? 'any' : firstSeconds(undefined, argument);
      break;
    case 'min-fresh':
      directives.minFresh = firstSeconds(directives.minFresh, argument);
      break;
    case 'stale-if-error':
      directives.staleIfError = firstSeconds(directives.staleIfError, argument);
      break;
    case 'no-cache':
      directives.noCache = true;
      break;
    case 'no-store':
      directives.noStore = true;
      break;
    case 'only-if-cached':
      directives.onlyIfCached = true;
      break;
  }
}

const noResponseDirectives: ResponseDirectives = {
  maxAge: undefined,
  sMaxage: undefined,
  noStore: false,
  public: false,
  mustRevalidate: false,
  proxyRevalidate: false,
  mustUnderstand: false,
  immutable: false,
  noCache: false,
  private: false,
  staleWhileRevalidate: undefined,
  staleIfError: undefined,
  targeted: false,
};

/**
 * The directives of a response.
 *
 * Choice (§5.2): those that restrict count whatever argument they carry. Those that permit (`public`, `immutable`,
 * `must-understand`) count only as defined: without one.
 *
 * @see RFC 9111 §5.2.2
 */
export function parseResponseDirectives(fields: Fields): ResponseDirectives {
  const value = fields.get('cache-control');
  return value === undefined ? noResponseDirectives : parseResponseText(value);
}

const parseResponseText = remembered(value => responseDirectives(parseList(value).map(directiveOf)));

/** What these directives of a response ask together, wherever they were found. */
export function responseDirectives(given: readonly Directive[]): ResponseDirectives {
  const directives = {...noResponseDirectives};
  for (const directive of given) addResponseDirective(directives, directive);
  return directives;
}

function addResponseDirective(directives: Mutable<ResponseDirectives>, [name, argument]: Directive): void {
  switch (name) {
    case 'max-age':
      directives.maxAge = firstSeconds(directives.maxAge, argument);
      break;
    case 's-maxage':
      directives.sMaxage = firstSeconds(directives.sMaxage, argument);
      break;
    case 'stale-while-revalidate':
      directives.staleWhileRevalidate = firstSeconds(directives.staleWhileRevalidate, argument);
      break;
    case 'stale-if-error':
      directives.staleIfError = firstSeconds(directives.staleIfError, argument);
      break;
    case 'no-cache':
      directives.noCache = qualification(directives.noCache, argument);
      break;
    case 'private':
      directives.private = qualification(directives.private, argument);
      break;
    case 'no-store':
      directives.noStore = true;
      break;
    case 'must-revalidate':
      directives.mustRevalidate = true;
      break;
    case 'proxy-revalidate':
      directives.proxyRevalidate = true;
      break;
    case 'public':
      directives.public ||= argument === undefined;
      break;
    case 'must-understand':
      directives.mustUnderstand ||= argument === undefined;
      break;
    case 'immutable':
      directives.immutable ||= argument === undefined;
      break;
  }
}
