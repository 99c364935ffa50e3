import {expect, test} from 'vitest';
import {MemoryStore} from '../../src/stores/memory.ts';
import {dateAt} from '../builders.ts';
import {Clock, until} from './clock.ts';
import {everywhere, story} from './driver.ts';
import {scripted} from './world.ts';

const etagged = {fields: {'cache-control': 'max-age=60', etag: '"one"'}};

story('a validation', [
  ...[408, 425, 429].map(status => ({
    name: `that is turned away (${status}) says nothing of what is stored`,
    steps: [
      {ask: '/a', origin: etagged},
      {ask: {url: '/a', fields: {'cache-control': 'no-cache'}}, origin: {status, fields: {}}, expect: {status}},
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
    ],
  })),
  {
    name: 'that brings a cookie hands it to its caller, whoever else has the response',
    steps: [
      {
        ask: {url: '/a', fields: {authorization: 'ann'}},
        origin: {fields: {'cache-control': 'public, no-cache', etag: '"one"'}},
      },
      {
        ask: {url: '/a', fields: {authorization: 'ann'}},
        origin: {status: 304, fields: {etag: '"one"', 'set-cookie': 'sid=1'}},
        expect: {fields: {'set-cookie': 'sid=1'}},
      },
      {
        ask: {url: '/a', fields: {authorization: 'bob'}},
        origin: {status: 304, fields: {etag: '"one"'}},
        expect: {fields: {'set-cookie': undefined}},
      },
    ],
  },
  {
    name: 'carries the entity tag, and a 304 turns into the stored response',
    steps: [
      {ask: '/a', origin: etagged},
      {after: 61},
      {
        ask: '/a',
        origin: {status: 304, fields: {etag: '"one"', 'cache-control': 'max-age=60'}},
        expect: {
          status: 200,
          body: 'hello',
          was: 'fwd=stale; fwd-status=304; ttl=60; detail=stale',
          sent: {'if-none-match': '"one"', 'if-modified-since': undefined},
        },
      },
      {ask: '/a', expect: {was: 'hit; ttl=60', age: 0}},
    ],
  },
  {
    name: 'carries Last-Modified to the letter',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60', 'last-modified': dateAt(-100)}}},
      {after: 61},
      {
        ask: '/a',
        origin: {status: 304, fields: {'last-modified': dateAt(-100)}},
        expect: {body: 'hello', sent: {'if-modified-since': dateAt(-100), 'if-none-match': undefined}},
      },
    ],
  },
  {
    name: 'by a 304 takes over newer fields and keeps what describes the body',
    steps: [
      {
        ask: '/a',
        origin: {fields: {'cache-control': 'no-cache', etag: '"one"', 'x-one': 'old', 'content-type': 'text/plain'}},
      },
      {
        ask: '/a',
        origin: {status: 304, fields: {etag: '"one"', 'x-one': 'new', 'x-two': '2'}},
        expect: {fields: {'x-one': 'new', 'x-two': '2', 'content-type': 'text/plain'}, body: 'hello'},
      },
      {
        ask: '/a',
        origin: {status: 304, fields: {etag: '"one"'}},
        expect: {fields: {'x-one': 'new', 'x-two': '2'}},
      },
    ],
  },
  {
    name: 'by a full answer replaces what was stored',
    steps: [
      {ask: '/a', origin: {...etagged, body: 'old'}},
      {after: 61},
      {
        ask: '/a',
        origin: {fields: {'cache-control': 'max-age=60', etag: '"two"'}, body: 'new'},
        expect: {body: 'new', was: 'fwd=stale; stored; detail=stale'},
      },
      {ask: '/a', expect: {body: 'new', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'is asked for by no-cache of the response, always',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'no-cache, max-age=60', etag: '"one"'}}},
      {
        ask: '/a',
        origin: {status: 304, fields: {etag: '"one"'}},
        expect: {body: 'hello', was: 'fwd=stale; fwd-status=304; ttl=60; detail=always-validate'},
      },
      {ask: '/a', origin: {status: 304, fields: {etag: '"one"'}}, expect: {body: 'hello'}},
    ],
  },
  {
    name: 'is asked for by no-cache of the request',
    steps: [
      {ask: '/a', origin: etagged},
      {
        ask: {url: '/a', fields: {'cache-control': 'no-cache'}},
        origin: {status: 304, fields: {etag: '"one"'}},
        expect: {
          body: 'hello',
          was: 'fwd=request; fwd-status=304; ttl=60; detail=no-cache',
          sent: {'if-none-match': '"one"'},
        },
      },
    ],
  },
  {
    name: 'without a validator is a plain request',
    steps: [
      {ask: '/a', origin: {}},
      {after: 61},
      {
        ask: '/a',
        origin: {body: 'new'},
        expect: {body: 'new', sent: {'if-none-match': undefined, 'if-modified-since': undefined}},
      },
    ],
  },
  {
    name: 'by a 304 with another strong entity tag leads to one plain request',
    steps: [
      {ask: '/a', origin: etagged},
      {after: 61},
      {
        ask: '/a',
        origin: [{status: 304, fields: {etag: '"other"'}}, {body: 'new'}],
        expect: {
          status: 200,
          body: 'new',
          was: 'fwd=stale; stored; detail=unmatched',
          sent: {'if-none-match': undefined},
        },
      },
    ],
  },
  {
    name: 'of several variants carries all their entity tags, and the 304 chooses',
    steps: [
      {
        ask: {url: '/a', fields: {accept: 'text/a'}},
        origin: {fields: {'cache-control': 'max-age=1', etag: '"a"', vary: 'accept'}, body: 'A'},
      },
      {
        ask: {url: '/a', fields: {accept: 'text/b'}},
        origin: {fields: {'cache-control': 'max-age=1', etag: '"b"', vary: 'accept'}, body: 'B'},
      },
      {after: 5},
      {
        ask: {url: '/a', fields: {accept: 'text/a'}},
        origin: {status: 304, fields: {etag: '"a"'}},
        expect: {body: 'A', sent: {'if-none-match': '"a"'}},
      },
    ],
  },
  {
    name: 'by the caller’s own condition is answered from the store while it is fresh',
    steps: [
      {ask: '/a', origin: etagged},
      {ask: {url: '/a', fields: {'if-none-match': '"one"'}}, expect: {status: 304, body: '', was: 'hit; ttl=60'}},
      {ask: {url: '/a', fields: {'if-none-match': 'W/"one"'}}, expect: {status: 304}},
      {ask: {url: '/a', fields: {'if-none-match': '"two"'}}, expect: {status: 200, body: 'hello'}},
    ],
  },
  {
    name: 'by the caller’s own condition is the caller’s once stale: the 304 is handed over, and freshens',
    steps: [
      {ask: '/a', origin: etagged},
      {after: 61},
      {
        ask: {url: '/a', fields: {'if-none-match': '"one"'}},
        origin: {status: 304, fields: {etag: '"one"', 'cache-control': 'max-age=60'}},
        expect: {status: 304, sent: {'if-none-match': '"one"'}},
      },
      {ask: '/a', expect: {status: 200, body: 'hello', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'by If-Modified-Since of the caller compares dates',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60', 'last-modified': dateAt(-100)}}},
      {ask: {url: '/a', fields: {'if-modified-since': dateAt(-50)}}, expect: {status: 304}},
      {ask: {url: '/a', fields: {'if-modified-since': dateAt(-200)}}, expect: {status: 200, body: 'hello'}},
    ],
  },
  {
    name: 'by conditions only an origin can judge goes around the cache',
    steps: [
      {ask: '/a', origin: etagged},
      {
        ask: {url: '/a', fields: {'if-match': '"one"'}},
        origin: {status: 412, fields: {}},
        expect: {status: 412, was: 'fwd=bypass; detail=condition'},
      },
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'by HEAD freshens a stored GET it agrees with',
    steps: [
      {ask: '/a', origin: etagged},
      {after: 61},
      {
        ask: {url: '/a', method: 'HEAD'},
        origin: {fields: {'cache-control': 'max-age=60', etag: '"one"'}},
        expect: {status: 200, body: ''},
      },
      {ask: '/a', expect: {body: 'hello', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'by HEAD that disagrees makes a stored GET stale',
    steps: [
      {ask: '/a', origin: etagged},
      {
        ask: {url: '/a', method: 'HEAD', mode: 'reload'},
        origin: {fields: {'cache-control': 'max-age=60', etag: '"two"'}},
      },
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60', etag: '"two"'}, body: 'new'}, expect: {body: 'new'}},
    ],
  },
  {
    name: 'answered by what may not be stored still shows that the stored response is outdated',
    steps: [
      {ask: '/a', origin: etagged},
      {
        ask: {url: '/a', fields: {'cache-control': 'no-cache'}},
        origin: {fields: {'cache-control': 'no-store'}, body: 'secret'},
        expect: {body: 'secret'},
      },
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60'}, body: 'new'}, expect: {body: 'new'}},
    ],
  },
]);

everywhere('an answer asked for again is as old as its own request', async open => {
  const {cache, clock, origin, ask} = await open();
  origin.script([etagged]);
  await ask('/a');
  await cache.idle();
  await clock.advance(61);
  const held = origin.hold();
  const asked = ask('/a');
  await until(() => held.waiting === 1);
  await clock.advance(5);
  await held.answer({status: 304, fields: {etag: '"other"'}});
  await held.answer({body: 'new'});
  expect((await asked).body).toBe('new');
  await cache.idle();
  expect(await ask('/a')).toMatchObject({body: 'new', was: 'hit; ttl=60', age: 0});
});

test('a 304 does not answer with what was cleared meanwhile, though the store still has the bytes', async () => {
  const clock = new Clock();
  const store = new MemoryStore({now: () => clock.now});
  const {cache, origin, ask} = scripted(store, clock, 'bytes');
  origin.script([etagged]);
  await ask('/a');
  await clock.advance(61);
  const held = origin.hold();
  const asked = ask('/a');
  await until(() => held.waiting === 1);
  await cache.clear();
  Object.assign(store, {update: () => 'fenced', body: () => new TextEncoder().encode('hello')});
  await held.answer({status: 304, fields: {etag: '"one"'}});
  await held.answer({body: 'new'});
  expect((await asked).body).toBe('new');
});
