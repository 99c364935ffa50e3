// From a client's request to the request as the cache sees it: whose it is, under which key, with every secret replaced.

import {withoutSecretParts} from '../complaint.ts';
import {maxKeyedContent} from '../fetch-api/fetch-content.ts';
import {parseRequestDirectives} from '../fields/cache-control.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import {after, allOf, rescued} from '../model/maybe.ts';
import type {RequestBody, RequestHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import {anonymous, type Partition, type ResourceKey} from '../model/stored-response.ts';
import type {MaybePromise} from '../model/units.ts';
import type {ResolvedPolicy} from '../options/resolve-policy.ts';
import {resourceKey, secretParameters, withoutSecrets} from '../policy/resource-key.ts';
import {isSensitiveField} from '../policy/sensitive-fields.ts';
import {credentialsPrefix} from '../stores/pseudonyms.ts';
import type {GuardedStore} from './guarded-store.ts';

/** The fields that say what request content is. RFC 10008 §2 */
const contentMetadata = ['content-type', 'content-encoding', 'content-language'] as const;

const none: ReadonlyMap<string, string> = new Map();

/** Whether the cache can have anything to do with this URL: http(s), and no user information in it. */
export const isSupportedUrl = (url: string): boolean => /^https?:\/\/[^/?#@]*(?:[/?#]|$)/.test(url);

/** Whether request content, if there is any, can be part of a key. */
export function isKeyable(body: RequestBody | undefined): boolean {
  return body === undefined || (body.type === 'bytes' && body.bytes.length <= maxKeyedContent);
}

/** The resource of a request that was not keyed: nothing is ever stored there. */
export const unkeyedResource: ResourceKey = '';

/** A request with nothing looked up, for the ways around the cache. Never used as a key. */
export function unkeyed(head: RequestHead): CacheRequest {
  return {
    head,
    directives: parseRequestDirectives(head.fields),
    resource: unkeyedResource,
    url: withoutSecretParts(head.url),
    partition: anonymous,
    named: false,
    credentialed: false,
    pseudonyms: none,
    content: undefined,
    through: false,
  };
}

/** The request as the cache sees it; `undefined` when the store could not name its secrets. */
export function keyed(
  head: RequestHead,
  body: RequestBody | undefined,
  resolved: ResolvedPolicy,
  named: Partition | undefined,
  store: GuardedStore,
): MaybePromise<CacheRequest | undefined> {
  const secrets = secretsOf(head, body, resolved.policy, named);
  if (secrets === undefined) return withoutSecretsIn(head, resolved, named);
  return after(pseudonyms(secrets.all, store), names => names && withNames(head, resolved, named, secrets, names));
}

/** What must not stand in a key, each as one text that tells it from any other. */
type Secrets = {
  readonly all: readonly string[];
  readonly parameters: readonly string[];
  /** Names of the fields that hold secrets. */
  readonly fields: readonly string[];
  /** All visible credentials together. */
  readonly credentials: string | undefined;
  readonly content: string | undefined;
};

const fieldSecret = (head: RequestHead, name: string): string => `field ${name} ${head.fields.get(name)}`;

/** `undefined` where there is no secret, as in most requests. */
function secretsOf(
  head: RequestHead,
  body: RequestBody | undefined,
  policy: Policy,
  named: Partition | undefined,
): Secrets | undefined {
  const parameters = secretParameters(head.url);
  const isSecret = (name: string): boolean => isSensitiveField(name, policy.credentialFields);
  let isFree = body === undefined && parameters.length === 0;
  head.fields.forEach(name => {
    isFree &&= !isSecret(name);
  });
  if (isFree) return undefined;
  const fields = head.fields.names().filter(isSecret);
  const credentials = credentialsOf(head, policy);
  const content = contentOf(head, body);
  const all = [...fields.map(name => fieldSecret(head, name)), ...parameters.map(parameterSecret)];
  if (credentials !== undefined && named === undefined) all.push(credentials);
  if (content !== undefined) all.push(content);
  return all.length === 0 && credentials === undefined ? undefined : {all, parameters, fields, credentials, content};
}

const withoutSecretsIn = (
  head: RequestHead,
  {ignoreSearch}: ResolvedPolicy,
  named: Partition | undefined,
): CacheRequest => ({
  head,
  directives: parseRequestDirectives(head.fields),
  resource: resourceKey(head.url, ignoreSearch),
  url: head.url,
  partition: named ?? anonymous,
  named: named !== undefined,
  credentialed: false,
  pseudonyms: none,
  content: undefined,
  through: false,
});

function withNames(
  head: RequestHead,
  {ignoreSearch}: ResolvedPolicy,
  named: Partition | undefined,
  {parameters, fields, credentials, content}: Secrets,
  names: ReadonlyMap<string, string>,
): CacheRequest {
  const url = withoutSecrets(head.url, namesOfParameters(parameters, names));
  return {
    head,
    directives: parseRequestDirectives(head.fields),
    resource: resourceKey(url, ignoreSearch),
    url,
    partition: named ?? (credentials === undefined ? anonymous : partitionName(names.get(credentials))),
    named: named !== undefined,
    credentialed: credentials !== undefined,
    pseudonyms: new Map(fields.map(name => [name, names.get(fieldSecret(head, name)) ?? ''])),
    content: content === undefined ? undefined : names.get(content),
    through: false,
  };
}

/** A URL with its secrets replaced; `undefined` when the store could not name them. */
export function withSecretsNamed(url: string, store: GuardedStore): MaybePromise<string | undefined> {
  const parameters = secretParameters(url);
  if (parameters.length === 0) return url;
  const named = after(store.notice(), () => pseudonyms(parameters.map(parameterSecret), store));
  return after(named, names => names && withoutSecrets(url, namesOfParameters(parameters, names)));
}

const parameterSecret = (value: string): string => `parameter ${value}`;

const partitionName = (pseudonym: string | undefined): Partition => `credentials:${pseudonym}`;

function namesOfParameters(values: readonly string[], names: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return values.length === 0 ? none : new Map(values.map(value => [value, names.get(parameterSecret(value)) ?? '']));
}

/** The visible credentials as one secret. */
function credentialsOf(head: RequestHead, policy: Policy): string | undefined {
  const present = policy.credentialFields.filter(name => head.fields.has(name));
  if (present.length === 0) return undefined;
  return `${credentialsPrefix}${JSON.stringify(present.map(name => [name, head.fields.get(name)]))}`;
}

/** Request content and its metadata as one secret: content may hold passwords. */
function contentOf(head: RequestHead, body: RequestBody | undefined): string | undefined {
  if (body?.type !== 'bytes') return undefined;
  const metadata = contentMetadata.map(name => head.fields.get(name) ?? null);
  return `content ${JSON.stringify(metadata)} ${latin1(body.bytes)}`;
}

/** One character for each byte: the content itself, so that two contents are never taken for one. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 8_192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8_192));
  }
  return text;
}

function pseudonyms(
  secrets: readonly string[],
  store: GuardedStore,
): MaybePromise<ReadonlyMap<string, string> | undefined> {
  if (secrets.length === 0) return none;
  return store.attempt<ReadonlyMap<string, string> | undefined>('pseudonym', undefined, from =>
    after(
      // One that throws must not leave the rejection of another unheard.
      allOf(
        secrets.map(secret =>
          rescued(
            () => after(from.pseudonym(secret), checked),
            error => Promise.reject(error),
          ),
        ),
      ),
      names => new Map(names.map((name, index) => [secrets[index] ?? '', name])),
    ),
  );
}

/** Stores are made by others, too: two users without a name would be one. */
function checked(pseudonym: string): string {
  if (typeof pseudonym === 'string' && pseudonym !== '') return pseudonym;
  throw new TypeError('limpid: the store gave a pseudonym that is no text');
}
