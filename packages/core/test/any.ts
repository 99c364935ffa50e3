// Arbitrary requests and responses for properties: mostly plausible, sometimes nonsense.
import fc from 'fast-check';
import type {CacheRequest} from '../src/model/cache-request.ts';
import type {CacheMode, ResponseHead} from '../src/model/messages.ts';
import type {Policy} from '../src/model/policy.ts';
import type {StoredResponse} from '../src/model/stored-response.ts';
import {dateAt, policy, request, response, stored} from './builders.ts';

type Names = Readonly<Record<string, readonly string[]>>;

/** Field lines of these names, each with one of its usual values or with noise. */
const fieldsOf = (names: Names): fc.Arbitrary<[string, string][]> =>
  fc.array(
    fc.oneof(
      ...Object.entries(names).map(([name, values]) =>
        fc.tuple(fc.constant(name), fc.oneof({weight: 9, arbitrary: fc.constantFrom(...values)}, fc.string())),
      ),
    ),
    {maxLength: 6},
  );

const tags = ['"a"', 'W/"a"', '"b"', '"a", "b"', '*', 'a'];
const dates = [dateAt(-900), dateAt(-30), dateAt(0), dateAt(30), '0', 'Monday'];
const asks = ['max-age=0', 'max-age=30', 'min-fresh=9', 'max-stale', 'max-stale=9', 'no-cache', 'no-store'];
const says = ['max-age=60', 's-maxage=9', 'no-cache', 'no-store', 'private', 'public', 'must-revalidate', 'immutable'];
const windows = ['stale-while-revalidate=30', 'stale-if-error=30', 'max-age=x', 'no-cache="foo"'];

const modes: readonly CacheMode[] = ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'];

/** Any request for the same resource. */
export const anyRequest: fc.Arbitrary<CacheRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'HEAD', 'QUERY', 'POST', 'get', ''),
    mode: fc.constantFrom('default', ...modes),
    fields: fieldsOf({
      'cache-control': [...asks, 'only-if-cached', 'stale-if-error=30'],
      'if-none-match': tags,
      'if-modified-since': dates,
      'if-match': tags,
      range: ['bytes=0-1'],
      cookie: ['a=1'],
      foo: ['1', '2'],
    }),
    client: fc.constantFrom('test', 'browser'),
    through: fc.boolean(),
  })
  .map(request);

/** Any response. */
export const anyResponse: fc.Arbitrary<ResponseHead> = fc
  .record({
    status: fc.constantFrom(200, 200, 304, 204, 206, 301, 404, 410, 500, 503, 599, 100, 0),
    fields: fieldsOf({
      'cache-control': [...says, ...windows],
      etag: tags,
      'last-modified': dates,
      date: dates,
      expires: dates,
      age: ['0', '9', '-1'],
      vary: ['foo', 'cookie', 'user-agent', '*'],
      'content-length': ['0', '5'],
    }),
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
    ignores: fc.constantFrom([], ['no-store'] as const),
    heuristic: fc.constantFrom(undefined, {fraction: 0.1, max: 600}),
    staleIfError: fc.constantFrom(undefined, 30),
    methods: fc.constantFrom([], ['POST']),
  })
  .map(policy);

/** So many seconds after the stored responses arrived, or before. */
export const anyAge: fc.Arbitrary<number> = fc.integer({min: -60, max: 600});
