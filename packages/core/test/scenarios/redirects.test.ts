import {expect} from 'vitest';
import {settled} from './clock.ts';
import {everywhere, type Scenario, story} from './driver.ts';

const to = (location: string, status = 301) => ({status, fields: {'cache-control': 'max-age=60', location}, body: ''});
const follows = 5;

story('a redirect', [
  {
    name: 'is followed hop by hop, and each hop is a stored response',
    steps: [
      {
        ask: {url: '/one', follows},
        origin: [to('/two'), to('{a}/three', 302), {body: 'end'}],
        expect: {body: 'end', path: '/three', redirected: true},
      },
      {ask: {url: '/one', follows}, expect: {body: 'end', path: '/three', redirected: true, was: 'hit; ttl=60'}},
      {ask: {url: '/two', follows}, expect: {body: 'end', path: '/three', redirected: true}},
      {ask: {url: '/three', follows}, expect: {body: 'end', path: '/three', redirected: false, was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'never puts a final answer under the redirecting URI',
    steps: [
      {ask: {url: '/one', follows}, origin: [to('/two', 302), {body: 'end'}]},
      {ask: {url: '/one', redirect: 'manual'}, expect: {status: 302, was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'that may not be stored is asked for again; its target is not',
    steps: [
      {ask: {url: '/one', follows}, origin: [{status: 307, fields: {location: '/two'}, body: ''}, {body: 'end'}]},
      {
        ask: {url: '/one', follows},
        origin: {status: 307, fields: {location: '/two'}, body: ''},
        expect: {body: 'end', was: 'hit; ttl=60'},
      },
    ],
  },
  {
    name: 'to another origin loses the credentials, and what it finds is nobody’s',
    steps: [
      {
        ask: {url: '/one', follows, fields: {authorization: 'secret', cookie: 'a=1', 'x-other': 'kept'}},
        origin: [to('{b}/two'), {body: 'end'}],
        expect: {body: 'end', sent: {authorization: undefined, cookie: undefined, 'x-other': 'kept'}},
      },
      {ask: '{b}/two', expect: {body: 'end', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'within the origin keeps the credentials',
    steps: [
      {
        ask: {url: '/one', follows, fields: {authorization: 'secret'}},
        origin: [to('/two'), {}],
        expect: {sent: {authorization: 'secret'}},
      },
      {ask: '/two', origin: {}},
    ],
  },
  {
    name: 'of HEAD stays HEAD',
    steps: [
      {
        ask: {url: '/one', method: 'HEAD', follows},
        origin: [to('/two', 303), {}],
        expect: {status: 200, body: '', path: '/two'},
      },
    ],
  },
  {
    name: 'more than the client follows is the client’s error',
    steps: [{ask: {url: '/one', follows: 1}, origin: [to('/two'), to('/three')], expect: {fails: true}}],
    over: 'handle',
  },
  {
    name: 'in a circle ends at the client’s limit, without the network',
    steps: [{ask: {url: '/one', follows}, origin: [to('/two'), to('/one')], expect: {fails: true}}],
  },
  {
    name: 'to what is no http(s) URL is the client’s error',
    steps: [
      {ask: {url: '/one', follows}, origin: to('http://[', 302), expect: {fails: true}},
      {ask: {url: '/two', follows}, origin: to('javascript:alert(1)', 302), expect: {fails: true}},
    ],
  },
  {
    name: 'without Location is the answer',
    steps: [
      {
        ask: {url: '/one', follows},
        origin: {status: 302, fields: {}, body: 'here'},
        expect: {status: 302, body: 'here', redirected: false},
      },
    ],
  },
  {
    name: 'of a POST is the client’s to follow',
    steps: [{ask: {url: '/one', method: 'POST', body: 'x', follows}, origin: to('/two', 303), expect: {status: 303}}],
    over: 'handle',
  },
  ...['https://a.example/two', 'https://b.example/two', ''].map(
    (url): Scenario => ({
      name: `that somebody below follows unseen leads to what is not stored: ${url}`,
      steps: [
        {
          ask: '/one',
          origin: {redirected: true, url, body: 'end'},
          expect: {body: 'end', redirected: true, was: 'fwd=uri-miss; detail=redirected-unseen'},
        },
        {ask: '/one', origin: {body: 'other'}, expect: {body: 'other', was: 'fwd=uri-miss; stored'}},
        {ask: '/two', origin: {body: 'two'}, expect: {body: 'two', was: 'fwd=uri-miss; stored'}},
      ],
      over: 'handle',
    }),
  ),
  {
    name: 'that is stored does not answer who would not be shown it below',
    steps: [
      {ask: {url: '/one', redirect: 'manual'}, origin: to('/two', 302)},
      {ask: '/one', origin: {redirected: true, url: 'https://a.example/two', body: 'end'}, expect: {body: 'end'}},
    ],
    over: 'handle',
  },
]);

everywhere('hops of concurrent requests are shared', async open => {
  const {origin, ask} = await open();
  origin.answering = ({url}) => (url.endsWith('/one') ? to('/two') : {body: 'end'});
  const all = await Promise.all([1, 2, 3].map(() => ask({url: '/one', follows})));
  expect(all.map(({body, redirected}) => [body, redirected])).toEqual([1, 2, 3].map(() => ['end', true]));
  expect(origin.seen).toHaveLength(2);
});

everywhere('idle waits for the body of a redirect that nobody else reads', async open => {
  const {cache, origin, ask} = await open();
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>();
  origin.script([{...to('/two'), body: readable}, {body: 'end'}]);
  expect((await ask({url: '/one', follows})).body).toBe('end');
  const idle = cache.idle().then(() => 'idle');
  expect(await Promise.race([idle, settled().then(() => 'reading')])).toBe('reading');
  await writable.close();
  await idle;
  expect(await ask({url: '/one', redirect: 'manual'})).toMatchObject({status: 301, was: 'hit; ttl=60'});
});

everywhere('a redirect whose body does not end holds idle up, and its connection, for a second', async open => {
  const {cache, origin, clock, ask} = await open();
  const {readable} = new TransformStream<Uint8Array, Uint8Array>();
  origin.script([{...to('/two'), body: readable}, {body: 'end'}]);
  expect((await ask({url: '/one', follows})).body).toBe('end');
  const idle = cache.idle().then(() => 'idle');
  expect(await Promise.race([idle, settled().then(() => 'reading')])).toBe('reading');
  await clock.advance(1);
  expect(await idle).toBe('idle');
});
