// Short literals to whole values, for tests. Whatever a test does not name has an unremarkable default.
import {parseRequestDirectives} from '../src/fields/cache-control.ts';
import {Fields, type FieldsSource} from '../src/fields/fields.ts';
import {parseVary} from '../src/fields/vary.ts';
import type {CacheRequest} from '../src/model/cache-request.ts';
import type {RequestHead, ResponseHead} from '../src/model/messages.ts';
import type {Policy} from '../src/model/policy.ts';
import {anonymous, type Facts, type NominatedField, type StoredResponse} from '../src/model/stored-response.ts';
import type {EpochMs, Seconds} from '../src/model/units.ts';
import {factsOf} from '../src/policy/facts.ts';

/** One line of a table of cases: what a clause asks, and how strongly. */
export type Row<Given, Expected> = {
  /** A sentence about behaviour. */
  readonly name: string;
  /** A section of RFC 9111, or another document with its section. */
  readonly rfc: string;
  readonly level: 'MUST' | 'SHOULD' | 'MAY' | 'CHOICE';
  readonly given: Given;
  readonly expect: Expected;
};

/** The instant at which every built exchange happens unless a test says otherwise. */
export const noon: EpochMs = Date.UTC(2026, 0, 1, 12);

/** So many seconds after `noon`. */
export const at = (seconds: Seconds): EpochMs => noon + seconds * 1000;

/** So many seconds after `noon`, as a field value. */
export const dateAt = (seconds: Seconds): string => new Date(at(seconds)).toUTCString();

export const defaultUrl = 'https://example.com/';

type RequestLiteral = Partial<Omit<RequestHead, 'fields'>> &
  Partial<Omit<CacheRequest, 'head' | 'url'>> & {
    readonly fields?: FieldsSource;
    /** `CacheRequest.url`, when it differs from the head's. */
    readonly keyedUrl?: string;
  };

/** A request's head: GET https://example.com/ with no fields, from an ordinary client. */
export const requestHead = (given: RequestLiteral = {}): RequestHead => ({
  method: given.method ?? 'GET',
  url: given.url ?? defaultUrl,
  fields: Fields.from(given.fields ?? {}),
  mode: given.mode ?? 'default',
  redirect: given.redirect ?? 'follow',
  client: given.client ?? 'test',
  variant: given.variant ?? '',
});

/** A request as the cache sees it; one with Authorization or Cookie is credentialed and has partition `user`. */
export const request = (given: RequestLiteral = {}): CacheRequest => {
  const head = requestHead(given);
  const credentialed = given.credentialed ?? (head.fields.has('authorization') || head.fields.has('cookie'));
  const url = given.keyedUrl ?? head.url;
  return {
    head,
    directives: given.directives ?? parseRequestDirectives(head.fields),
    resource: given.resource ?? url,
    url,
    named: given.named ?? false,
    partition: given.partition ?? (credentialed ? 'user' : anonymous),
    credentialed,
    pseudonyms: given.pseudonyms ?? new Map<string, string>(),
    content: given.content,
    through: given.through ?? false,
  };
};

type ResponseLiteral = Partial<Omit<ResponseHead, 'fields'>> & {readonly fields?: FieldsSource};

/** A response's head: a 200 with `Cache-Control: max-age=60` and nothing else, unless `fields` are given. */
export const response = (given: ResponseLiteral = {}): ResponseHead => ({
  status: given.status ?? 200,
  statusText: given.statusText ?? '',
  fields: Fields.from(given.fields ?? {'cache-control': 'max-age=60'}),
  url: given.url ?? defaultUrl,
  redirected: given.redirected ?? false,
  type: given.type ?? 'default',
  ...(given.decoded !== undefined && {decoded: given.decoded}),
});

/** A private cache's policy without rules, guessing, or windows for stale answers. */
export const policy = (given: Partial<Policy> = {}): Policy => ({
  kind: 'private',
  heuristic: undefined,
  ttl: undefined,
  defaultTtl: undefined,
  statuses: [],
  ignores: [],
  staleWhileRevalidate: undefined,
  staleIfError: undefined,
  defaultStaleWhileRevalidate: 0,
  defaultStaleIfError: 0,
  methods: [],
  vary: undefined,
  tags: [],
  clearSiteData: true,
  targetedFields: [],
  tagFields: [],
  partitioned: false,
  credentialFields: ['authorization', 'cookie'],
  ...given,
});

type StoredLiteral = ResponseLiteral &
  Partial<Omit<StoredResponse, 'head' | 'facts' | 'url'>> & {
    /** The request it was made for; its method, partition, variant, content and nominated values are taken over. */
    readonly request?: CacheRequest;
    readonly policy?: Policy;
    /** What the facts should say, whatever the fields say. */
    readonly facts?: Partial<Facts>;
  };

const nominatedBy = (fields: Fields, made: CacheRequest): readonly NominatedField[] => {
  const names = parseVary(fields);
  if (names === '*') return [];
  return names.map(name => [name, made.pseudonyms.get(name) ?? made.head.fields.get(name)] as const);
};

/** A stored response, received at `noon` in no time; its facts follow from its fields unless `facts` names them. */
export const stored = (given: StoredLiteral = {}): StoredResponse => {
  const made = given.request ?? request({url: given.url ?? defaultUrl});
  const head = response({url: made.head.url, ...given});
  const responseTime = given.responseTime ?? noon;
  const requestTime = given.requestTime ?? responseTime;
  return {
    id: given.id ?? 'stored-1',
    resource: given.resource ?? made.resource,
    url: made.url,
    key: given.key ?? made.url,
    method: given.method ?? made.head.method,
    partition: given.partition ?? made.partition,
    content: given.content ?? made.content,
    variant: given.variant ?? made.head.variant,
    client: given.client,
    nominated: given.nominated ?? nominatedBy(head.fields, made),
    head,
    requestTime,
    responseTime,
    began: given.began ?? 0,
    tags: given.tags ?? [],
    ...(given.givenTags && {givenTags: given.givenTags}),
    groups: given.groups ?? [],
    facts: {...factsOf(head, given.policy ?? policy(), requestTime, responseTime), ...given.facts},
    size: given.size ?? 0,
    expired: given.expired ?? false,
    lastUsed: given.lastUsed ?? responseTime,
  };
};
