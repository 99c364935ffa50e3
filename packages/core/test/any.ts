// Arbitrary requests and responses for properties: mostly plausible, sometimes nonsense.
import fc from 'fast-check';
import type {CacheRequest} from '../src/model/cache-request.ts';
import type {CacheMode, ResponseHead} from '../src/model/messages.ts';
import type {Ignorable, Policy} from '../src/model/policy.ts';
import {type StoredResponse, shareable} from '../src/model/stored-response.ts';
import {at, dateAt, policy, request, response, stored} from './builders.ts';

/** Usual values of a field; the optional number says how often it is there. */
type Names = Readonly<Record<string, readonly [values: readonly string[], weight?: number]>>;

/** Field lines of these names, each with one of its usual values or with noise. */
const fieldsOf = (names: Names, maxLength: number): fc.Arbitrary<[string, string][]> =>
  fc.array(
    fc.oneof(
      ...Object.entries(names).map(([name, [values, weight = 1]]) => ({
        weight,
        arbitrary: fc.tuple(
          fc.constant(name),
          fc.oneof({weight: 9, arbitrary: fc.constantFrom(...values)}, {weight: 1, arbitrary: fc.string()}),
        ),
      })),
    ),
    {maxLength},
  );

/** The first of these six times in seven. */
const mostly = <const T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({weight: 6, arbitrary: fc.constant(usual)}, {weight: 1, arbitrary: fc.constantFrom(...others)});

const tags = ['"a"', 'W/"a"', '"b"', '"a", "b"', '*', 'a'];
const dates = [dateAt(-900), dateAt(-30), dateAt(0), dateAt(30), '0', 'Monday'];
const asks = ['max-age=0', 'max-age=30', 'min-fresh=9', 'max-stale', 'max-stale=9', 'no-cache', 'no-store'];
const says = ['max-age=60', 's-maxage=9', 'no-cache', 'no-store', 'private', 'public', 'must-revalidate', 'immutable'];
const windows = ['stale-while-revalidate=30', 'stale-if-error=30', 'max-age=x', 'no-cache="foo"'];

const modes: readonly CacheMode[] = ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'];

/** Any request for the same resource: mostly one that something stored may answer. */
export const anyRequest: fc.Arbitrary<CacheRequest> = fc
  .record({
    method: mostly('GET', 'HEAD', 'QUERY', 'POST', 'get', ''),
    mode: mostly<CacheMode>('default', ...modes),
    fields: fieldsOf(
      {
        'cache-control': [[...asks, 'only-if-cached', 'stale-if-error=30'], 6],
        'if-none-match': [tags, 2],
        'if-modified-since': [dates],
        'if-match': [tags],
        range: [['bytes=0-1', 'bytes=2-', 'bytes=-2'], 2],
        cookie: [['a=1']],
        foo: [['1', '2'], 2],
      },
      3,
    ),
    client: fc.constantFrom('test', 'browser'),
    through: mostly(false, true),
  })
  .map(request);

/** Any response. */
export const anyResponse: fc.Arbitrary<ResponseHead> = fc
  .record({
    status: fc.constantFrom(200, 200, 304, 204, 206, 301, 404, 410, 500, 503, 599, 100, 0),
    fields: fieldsOf(
      {
        'cache-control': [[...says, ...windows], 3],
        etag: [tags],
        'last-modified': [dates],
        date: [dates],
        expires: [dates],
        age: [['0', '9', '-1']],
        vary: [['foo', 'cookie', 'user-agent', '*']],
        'content-length': [['0', '5']],
      },
      6,
    ),
    redirected: fc.boolean(),
  })
  .map(response);

/** Any response stored for any request. */
export const anyStored: fc.Arbitrary<StoredResponse> = fc
  .record({request: anyRequest, head: anyResponse, expired: fc.boolean(), id: fc.string()})
  .map(({head, ...given}) => stored({...head, ...given}));

/** Any policy. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    kind: fc.constantFrom('private', 'shared'),
    ttl: fc.constantFrom(undefined, 60),
    ignores: mostly<readonly Ignorable[]>([], ['no-store'], ['private', 'no-cache', 'must-revalidate']),
    heuristic: fc.constantFrom(undefined, {fraction: 0.1, max: 600}),
    staleWhileRevalidate: mostly<number | undefined>(undefined, 0, 30),
    staleIfError: fc.constantFrom(undefined, 30),
    vary: mostly<readonly string[] | undefined>(undefined, [], ['Foo']),
    partitioned: mostly(false, true),
    methods: fc.constantFrom([], ['POST']),
    clearSiteData: fc.boolean(),
    targetedFields: fc.constantFrom([], ['cdn-cache-control']),
  })
  .map(policy);

/** So many seconds after the stored responses arrived, or before. */
export const anyAge: fc.Arbitrary<number> = fc.integer({min: -60, max: 600});

/** A request, what is stored under its resource, and how many seconds after that was stored it comes. */
export type Situation = {
  readonly asked: CacheRequest;
  readonly kept: readonly StoredResponse[];
  readonly rules: Policy;
  readonly age: number;
};

/** Lines that responses worth storing begin with, so that reuse is not left to chance. */
const usual: fc.Arbitrary<readonly [string, string][]> = fc.constantFrom(
  [],
  [['cache-control', 'max-age=60']],
  [
    ['cache-control', 'max-age=60, stale-while-revalidate=300, stale-if-error=300'],
    ['etag', '"a"'],
  ],
  [
    ['cache-control', 'max-age=60, must-revalidate, stale-while-revalidate=300, stale-if-error=300'],
    ['last-modified', dateAt(-900)],
  ],
);

const partLines = (range: string): [string, string][] => [
  ['cache-control', 'max-age=60'],
  ['etag', '"a"'],
  ['content-range', range],
];

type Content = {readonly head: ResponseHead; readonly lines: readonly [string, string][]; readonly size: number};

const anyWhole: fc.Arbitrary<Content> = fc.record({head: anyResponse, lines: usual, size: fc.constant(5)});

/** Two or three of the five bytes of one representation. */
const anyPart: fc.Arbitrary<Content> = fc.record({
  head: fc.constant(response({status: 206, fields: {}})),
  lines: fc.constantFrom('bytes 1-3/5', 'bytes 2-4/5', 'bytes 0-2/5').map(partLines),
  size: fc.constant(3),
});

/** What is stored, and for whom: mostly for a request like the one it is looked at for. */
const keptAs = (content: fc.Arbitrary<Content>, expired: fc.Arbitrary<boolean>) =>
  fc.record({
    content,
    madeFor: fc.oneof({weight: 4, arbitrary: fc.constant(undefined)}, {weight: 1, arbitrary: anyRequest}),
    partition: mostly<string | undefined>(undefined, 'other', shareable),
    expired,
    began: fc.nat(6),
    received: mostly(0, 10, 30),
  });

/** Any request where something is stored that it may have, or just may not have. */
export const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    asked: anyRequest,
    kept: fc.oneof(
      {weight: 4, arbitrary: fc.array(keptAs(anyWhole, mostly(false, true)), {maxLength: 4, size: 'max'})},
      {weight: 1, arbitrary: fc.array(keptAs(anyPart, fc.boolean()), {maxLength: 4, size: 'max'})},
    ),
    rules: anyPolicy,
    age: fc.oneof(fc.nat(60), anyAge),
  })
  .map(({asked, kept, rules, age}) => ({
    asked,
    kept: kept.map(({content: {head, lines, size}, madeFor = asked, partition, received, ...given}, index) =>
      stored({
        ...head,
        ...given,
        fields: [...lines, ...head.fields],
        size,
        request: madeFor,
        policy: rules,
        partition: partition ?? madeFor.partition,
        responseTime: at(received),
        id: `kept-${index}`,
      }),
    ),
    rules,
    age,
  }));
