import type {Fields} from '../fields/fields.ts';
import {parseVary} from '../fields/vary.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {NominatedField} from '../model/stored-response.ts';
import {normalisedValue} from './normalising.ts';

/** Fields that platforms add below us, the same for every request of one kind of client. */
const addedUnseen: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-language',
  'connection',
  'dnt',
  'host',
  'origin',
  'priority',
  'referer',
  'te',
  'upgrade-insecure-requests',
  'user-agent',
  'via',
  'x-requested-with',
]);

/** Fetch metadata, client hints, Global Privacy Control. */
const addedPrefix = /^sec-/;

/** Client hints without the prefix, and what else only browsers add. */
const addedByBrowsers: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'device-memory',
  'downlink',
  'dpr',
  'ect',
  'rtt',
  'save-data',
  'viewport-width',
  'width',
]);

/** Stands for every field in sight, where the response hides which of them it varies by. No field has such a name. */
export const everyField = 'every field';

/** What a cache is told, and what origins do not choose a response by. */
const forCaches: ReadonlySet<string> = new Set([
  'cache-control',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'pragma',
  'range',
]);

/**
 * What stands for the value of a nominated field: the normalised value, or the stand-in of a secret.
 *
 * @see RFC 9111 §4.1
 */
export const nominatedValue = (request: CacheRequest, name: string): string | undefined =>
  name === everyField ? everyValue(request) : fieldValue(request, name);

const fieldValue = ({pseudonyms, head}: CacheRequest, name: string): string | undefined =>
  pseudonyms.get(name) ?? normalisedValue(name, head.fields.get(name));

function everyValue(request: CacheRequest): string {
  const names = request.head.fields.names().filter(name => !forCaches.has(name));
  return JSON.stringify(names.toSorted().map(name => [name, fieldValue(request, name)]));
}

/**
 * Whether Vary may be there unseen. Browsers show fields of another origin's response only where it exposes them
 * (Access-Control-Expose-Headers), and Vary is not among those they always show.
 *
 * @see Fetch, CORS-safelisted response-header name
 */
const mayHideVary = (request: CacheRequest, {type, fields}: ResponseHead): boolean =>
  request.head.client === 'browser' && type === 'cors' && !fields.has('vary');

/**
 * The request fields that tell this response from its siblings, with the values it was made for.
 *
 * A response that varies by `*` nominates the field `*`, which matches no request at all. One whose Vary may be hidden
 * is reused only for requests with equal fields.
 *
 * @see RFC 9111 §4.1, RFC 9110 §12.5.5
 */
export function nominatedFields(
  request: CacheRequest,
  response: ResponseHead,
  policy: Policy,
): readonly NominatedField[] {
  const isHidden = policy.vary === undefined && mayHideVary(request, response);
  const names = isHidden ? [everyField] : nominatedNames(response.fields, policy);
  return names.map(name => [name, nominatedValue(request, name)] as const);
}

/** Lower case, each once, sorted. */
function nominatedNames(fields: Fields, policy: Policy): readonly string[] {
  if (policy.vary !== undefined) return [...new Set(policy.vary.map(name => name.toLowerCase()))].toSorted();
  const names = parseVary(fields);
  return names === '*' ? ['*'] : names;
}

/**
 * The kind of client a response is confined to; `undefined` when every nominated value is in sight.
 *
 * A field we do not see may still be sent, added by the platform. Clients of one kind add the same.
 * Choice (§4.1): Accept-Encoding is excepted, although platforms add it, because bodies are kept decoded.
 *
 * @see RFC 9111 §4.1
 */
export function unseenClient(request: CacheRequest, nominated: readonly NominatedField[]): string | undefined {
  const {client} = request.head;
  const isUnseen = ([name, value]: NominatedField): boolean =>
    name === everyField || (value === undefined && isAddedUnseen(name, client));
  return nominated.some(isUnseen) ? client : undefined;
}

const isAddedUnseen = (name: string, client: string): boolean =>
  addedUnseen.has(name) || addedPrefix.test(name) || (client === 'browser' && addedByBrowsers.has(name));
