// Which of a response's fields are kept, and which a hit shows.
import type {ResponseDirectives} from '../fields/cache-control.ts';
import type {Fields} from '../fields/fields.ts';
import {parseList} from '../fields/list.ts';
import {onceForEach} from '../fields/remembered.ts';
import type {Policy} from '../model/policy.ts';
import {type StoredResponse, shareable} from '../model/stored-response.ts';

const connectionFields: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** One and the same object for each hit, of which more may be remembered. */
const withoutCookies = onceForEach((fields: Fields) => fields.without(['set-cookie', 'set-cookie2']));

/**
 * The names of the fields that belong to the connection or to a proxy, among them those that Connection lists.
 *
 * @see RFC 9110 §7.6.1
 */
export function hopByHopNames(fields: Fields): ReadonlySet<string> {
  const named = fields.get('connection');
  if (named === undefined || named === 'keep-alive') return connectionFields;
  return new Set([...connectionFields, ...parseList(named).map(name => name.toLowerCase())]);
}

/** The names in a qualified directive; none when it is absent or unqualified. */
const qualifying = (directive: boolean | readonly string[]): readonly string[] =>
  typeof directive === 'boolean' ? [] : directive;

/**
 * The fields that are stored: all but those of the connection and those that a qualified `no-cache`, or in a
 * shared cache a qualified `private`, names.
 *
 * Pass the directives in force. Set-Cookie is stored; who gets to see it, `replayedFields` decides.
 *
 * Choice (§5.2.2.4): fields named by a qualified `no-cache` are not kept for a later validation but left out.
 *
 * @see RFC 9111 §3.1, §5.2.2.4, §5.2.2.7
 */
export function storedFields(fields: Fields, directives: ResponseDirectives, policy: Policy): Fields {
  const ofOthers = policy.kind === 'shared' ? qualifying(directives.private) : [];
  return fields.without(hopByHopNames(fields)).without([...qualifying(directives.noCache), ...ofOthers]);
}

/**
 * The stored fields that a hit shows: all, but no Set-Cookie where the hit may be for someone else.
 *
 * Choice (§7.3): a cookie set for one user would give the next one that user's session.
 *
 * @see RFC 9111 §7.3
 */
export const replayedFields = (stored: StoredResponse, kind: Policy['kind']): Fields =>
  kind === 'shared' || stored.partition === shareable ? withoutCookies(stored.head.fields) : stored.head.fields;
