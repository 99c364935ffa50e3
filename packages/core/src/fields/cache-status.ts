// The Cache-Status field: one member per cache, ours is named `limpid` and stands last.

import {type Parameters, parseItem, Token} from 'structured-headers';
import {parseList} from './list.ts';

const forwardReasons = ['bypass', 'method', 'uri-miss', 'vary-miss', 'request', 'stale', 'partial'] as const;

/**
 * Why a request went to the network, in RFC 9211's words.
 *
 * @see RFC 9211 §2.2
 */
export type ForwardReason = (typeof forwardReasons)[number];

/**
 * How one cache handled one request.
 *
 * @see RFC 9211 §2
 */
export type CacheStatusMember = {
  /** The cache's name. */
  readonly cache: string;
  /** Answered from what was stored, without the network. */
  readonly hit: boolean;
  /** Why the request went to the network; `undefined` on a hit. */
  readonly fwd: ForwardReason | undefined;
  /** The status the next hop answered, where it differs from the response's own. */
  readonly fwdStatus: number | undefined;
  /** The remaining freshness lifetime in whole seconds; negative when stale. */
  readonly ttl: number | undefined;
  /** The response will be stored, if it arrives complete. */
  readonly stored: boolean;
  /** The request waited for the answer to an equal one. */
  readonly collapsed: boolean;
  /** The key under which the cache looked. limpid's member has none. */
  readonly key: string | undefined;
  /** More about it, in the cache's own words. limpid's say why it was sent, not stored, or answered stale. */
  readonly detail: string | undefined;
};

const ourName = 'limpid';
const maxInteger = 999_999_999_999_999;

/** A structured-field integer parameter; nothing for a number that cannot be one. */
function formatInteger(name: string, value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  return `; ${name}=${Math.min(maxInteger, Math.max(-maxInteger, Math.floor(value)))}`;
}

/** What limpid says. Its details are reasons, and so tokens. */
type OurMember = Partial<Omit<CacheStatusMember, 'cache' | 'key'>>;

/**
 * limpid's member of a Cache-Status field. A part of a second left to live is not counted.
 *
 * @see RFC 9211 §2
 */
export function formatCacheStatus(member: OurMember): string {
  let text = ourName;
  if (member.hit) text += '; hit';
  if (member.fwd !== undefined) text += `; fwd=${member.fwd}`;
  text += formatInteger('fwd-status', member.fwdStatus);
  text += formatInteger('ttl', member.ttl);
  if (member.stored) text += '; stored';
  if (member.collapsed) text += '; collapsed';
  if (member.detail !== undefined) text += `; detail=${member.detail}`;
  return text;
}

/**
 * What limpid said in a Cache-Status field: the last member of that name, `undefined` when there is none.
 *
 * Members are read one by one, so an unreadable one of another cache does no harm. A parameter of the wrong type
 * counts as absent.
 *
 * @see RFC 9211 §2
 */
export function parseCacheStatus(value: string): CacheStatusMember | undefined {
  if (!value.includes(ourName)) return undefined;
  return parseList(value)
    .map(parseMember)
    .findLast(member => member?.cache === ourName);
}

function parseMember(text: string): CacheStatusMember | undefined {
  try {
    const [name, parameters] = parseItem(text);
    const cache = textOf(name);
    return cache === undefined ? undefined : memberOf(cache, parameters);
  } catch {
    return undefined;
  }
}

function memberOf(cache: string, parameters: Parameters): CacheStatusMember {
  const because = textOf(parameters.get('fwd'));
  return {
    cache,
    hit: parameters.get('hit') === true,
    fwd: forwardReasons.find(reason => reason === because),
    fwdStatus: integerOf(parameters.get('fwd-status')),
    ttl: integerOf(parameters.get('ttl')),
    stored: parameters.get('stored') === true,
    collapsed: parameters.get('collapsed') === true,
    key: textOf(parameters.get('key')),
    detail: textOf(parameters.get('detail')),
  };
}

const integerOf = (value: unknown): number | undefined => (Number.isInteger(value) ? Number(value) : undefined);

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Token ? value.toString() : undefined;
}
