// A small suite of our own, for where the real one is not at hand, and clients that are broken on purpose.

import {type Client, type ClientRequest, type ClientResponse, initOf, responseOf} from '../src/clients/client.ts';
import {valueIn} from '../src/field-values.ts';
import {completed, type Step, type SuiteTest} from '../src/suite.ts';

/** A test in one line. */
export const testOf = (id: string, requests: readonly Step[], rest: Partial<SuiteTest> = {}): SuiteTest =>
  completed({...rest, id, name: `It is about ${id}`, requests}, 'hand-made');

const setup = (...response_headers: NonNullable<Step['response_headers']>): Step => ({setup: true, response_headers});
const fresh = ['Cache-Control', 'max-age=3600'] as const;

/** Passed by every correct cache, in any order, without long pauses. */
export const handMade: readonly SuiteTest[] = [
  testOf('fresh', [setup(fresh), {expected_type: 'cached'}], {kind: 'optimal'}),
  testOf('stale', [setup(['Cache-Control', 'max-age=0']), {expected_type: 'not_cached'}], {depends_on: ['fresh']}),
  testOf('no-store', [setup(['Cache-Control', 'no-store']), {expected_type: 'not_cached'}]),
  testOf('etag', [setup(['Cache-Control', 'no-cache'], ['ETag', '"a"']), {expected_type: 'etag_validated'}]),
  testOf('vary', [
    {...setup(fresh, ['Vary', 'Foo']), request_headers: [['Foo', '1']]},
    {request_headers: [['Foo', '2']], expected_type: 'not_cached'},
  ]),
  testOf('paused', [{...setup(['Cache-Control', 'max-age=1']), pause_after: true}, {expected_type: 'not_cached'}]),
  testOf('post', [
    setup(fresh),
    {
      setup: true,
      request_method: 'POST',
      request_body: 'abc',
      response_headers: [['Location', 'made']],
      magic_locations: true,
    },
    {expected_type: 'not_cached'},
  ]),
];

/** A cache with a rule for keys and a rule for reuse, and nothing else that a cache needs. */
function cachingClient(
  keyOf: (request: ClientRequest) => string,
  mayReuse: (response: ClientResponse) => boolean,
): Client {
  const stored = new Map<string, ClientResponse>();
  const send = async (request: ClientRequest): Promise<ClientResponse> => {
    const known = stored.get(keyOf(request));
    if (known !== undefined && mayReuse(known)) return known;
    const response = await responseOf(await fetch(request.url, initOf(request)));
    stored.set(keyOf(request), response);
    return response;
  };
  return {send, cannot: () => undefined};
}

const lifetimeOf = ({fields}: ClientResponse): number =>
  Number(/max-age=(\d+)/.exec(valueIn(fields, 'cache-control') ?? '')?.[1] ?? 0);

const withFoo = ({method, url, fields}: ClientRequest): string => `${method} ${url} ${valueIn(fields, 'foo')}`;

/** Keeps nothing. */
export const withoutCache = (): Client => cachingClient(withFoo, () => false);

/** Keeps everything for ever. */
export const neverExpiring = (): Client => cachingClient(withFoo, () => true);

/** Knows lifetimes, and not that requests differ in their fields. */
export const ignoringVary = (): Client =>
  cachingClient(
    ({method, url}) => `${method} ${url}`,
    response => lifetimeOf(response) > 0,
  );

/** Never answers, and does not hear that it should stop. */
export const hanging = (): Client => ({send: () => new Promise(() => undefined), cannot: () => undefined});

/** Sends every request twice. */
export const repeating = (): Client => ({
  send: async request => {
    await fetch(request.url, initOf(request));
    return responseOf(await fetch(request.url, initOf(request)));
  },
  cannot: () => undefined,
});
