import {expect} from 'vitest';
import type {FieldsSource} from '../../src/fields/fields.ts';
import {dateAt} from '../builders.ts';
import {everywhere, story} from './driver.ts';

const fresh = 'max-age=60';
const hit = {was: 'hit; ttl=60'};
const pairs = (...lines: readonly (readonly [string, string])[]): FieldsSource => lines;

story('hostile fields', [
  {
    name: 'named like members of every object are fields like any other',
    steps: [
      {
        ask: '/a',
        origin: {
          fields: pairs(
            ['cache-control', fresh],
            ['__proto__', 'x'],
            ['constructor', 'y'],
            ['vary', '__proto__, constructor, tostring'],
          ),
        },
      },
      {ask: '/a', expect: {...hit, fields: {constructor: 'y'}}},
      {ask: {url: '/a', fields: {constructor: 'z'}}, origin: {}, expect: {was: 'fwd=vary-miss; stored'}},
    ],
  },
  {
    name: 'named like members of every object make tags, groups and directives like any other',
    options: {tagFields: ['surrogate-key']},
    steps: [
      {
        ask: '/a',
        origin: {
          fields: {
            'cache-control': `${fresh}, __proto__=1, constructor`,
            'surrogate-key': '__proto__ constructor',
            'cache-groups': '"__proto__"',
          },
        },
      },
      {ask: '/a', expect: hit},
      {clear: {tag: '__proto__'}},
      {ask: '/a', origin: {fields: {'cache-control': fresh, 'cache-groups': '"__proto__"'}}},
      {ask: {url: '/b', method: 'POST'}, origin: {fields: {'cache-group-invalidation': '"__proto__"'}}},
      {ask: '/a', origin: {}},
    ],
  },
  ...['-1', 'x', '1.5', '', '99999999999999999999'].map(age => ({
    name: `Age: ${age} is survived`,
    steps: [{ask: '/a', origin: {fields: {'cache-control': fresh, age}}, expect: {status: 200, body: 'hello'}}],
  })),
  {
    name: 'an Age that cannot be read is none',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': fresh, age: 'soon'}}},
      {ask: '/a', expect: {...hit, age: 0}},
    ],
  },
  {
    name: 'a Date that cannot be read is the time of receipt',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': fresh, date: 'yesterday'}}},
      {ask: '/a', expect: {...hit, age: 0}},
    ],
  },
  {
    name: 'a Date in the future makes nothing younger',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': fresh, date: dateAt(100_000)}}},
      {after: 59},
      {ask: '/a', expect: {was: 'hit; ttl=1', age: 59}},
    ],
  },
  ...['max-age=x', 'max-age=-1', 'max-age', 'max-age=1.5', 'max-age=', 's-maxage=60, max-age=abc'].map(directive => ({
    name: `Cache-Control: ${directive} is stale at once`,
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': directive, etag: '"one"'}}},
      {ask: '/a', origin: {status: 304, fields: {etag: '"one"'}}, expect: {status: 200, body: 'hello'}},
    ],
  })),
  {
    name: 'a lifetime beyond all bounds is a long one',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=99999999999999999999'}}},
      {after: 1e9},
      {ask: '/a', expect: {was: 'hit; ttl=1147483648'}},
    ],
  },
  {
    name: 'Expires: 0 is stale at once',
    steps: [
      {ask: '/a', origin: {fields: {expires: '0', etag: '"one"'}}},
      {ask: '/a', origin: {status: 304, fields: {etag: '"one"'}}, expect: {body: 'hello'}},
    ],
  },
  {
    name: 'an entity tag without quotes is no validator',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': fresh, etag: 'bare'}}},
      {after: 61},
      {ask: '/a', origin: {}, expect: {sent: {'if-none-match': undefined}}},
    ],
  },
  {
    name: 'duplicate directives are read once, on the safe side where they say no',
    steps: [
      {ask: '/a', origin: {fields: pairs(['cache-control', 'max-age=60'], ['cache-control', 'max-age=10, max-age=5'])}},
      {ask: '/a', expect: hit},
      {
        ask: '/b',
        origin: {fields: pairs(['cache-control', 'max-age=60'], ['cache-control', 'no-store'])},
        expect: {was: 'fwd=uri-miss; detail=no-store'},
      },
    ],
  },
  {
    name: 'a Vary of nonsense is survived',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': fresh, vary: ',, ;;=, "x", accept,,'}}, expect: {status: 200}},
      {ask: '/b', origin: {fields: {'cache-control': fresh, vary: ''}}},
      {ask: '/b', expect: hit},
    ],
  },
  {
    name: 'a reason phrase beyond ASCII is kept to the letter',
    steps: [
      {
        ask: '/a',
        origin: {statusText: 'Caf\xe9', fields: {'cache-control': fresh, 'x-text': 'caf\xe9'}},
        expect: {fields: {'x-text': 'caf\xe9'}},
      },
      {ask: '/a', expect: {...hit, fields: {'x-text': 'caf\xe9'}}},
    ],
  },
  {
    name: 'a status out of every range is survived',
    steps: [
      {ask: '/a', origin: {status: 999, fields: {}}, expect: {status: 999, body: 'hello'}},
      {
        ask: '/a',
        origin: {status: 999},
        expect: {status: 999, body: 'hello', was: 'fwd=uri-miss; detail=status-not-final'},
      },
    ],
  },
  {
    name: 'an endless quoted string is survived',
    steps: [{ask: '/a', origin: {fields: {'cache-control': `private="${'x'.repeat(5000)}`}}, expect: {status: 200}}],
  },
  {
    name: 'request fields that cannot be read are survived',
    steps: [
      {ask: '/a', origin: {}},
      {ask: {url: '/a', fields: {'cache-control': 'max-age=x, min-fresh=, "'}}, origin: {}, expect: {status: 200}},
      {
        ask: {url: '/a', fields: {'if-none-match': 'bare, "', 'if-modified-since': 'never'}},
        expect: {status: 200, body: 'hello'},
      },
    ],
  },
]);

story('a clock that jumps', [
  {
    name: 'backwards makes what was stored stale, never younger; a 304 freshens it',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60, stale-while-revalidate=600', etag: '"one"'}}},
      {run: ({clock}) => (clock.now -= 3_600_000)},
      {ask: '/a', origin: {status: 304, fields: {etag: '"one"', 'cache-control': fresh}}, expect: {body: 'hello'}},
      {ask: '/a', expect: hit},
    ],
  },
  {
    name: 'backwards lets what comes after it be stored',
    steps: [
      {ask: '/a', origin: {}},
      {run: ({clock}) => (clock.now -= 3_600_000)},
      {ask: '/a', origin: {body: 'new'}, expect: {body: 'new'}},
      {ask: '/a', expect: {body: 'new', ...hit}},
    ],
  },
  {
    name: 'backwards and the origin is down: nothing stale is served',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60, stale-if-error=600'}}},
      {run: ({clock}) => (clock.now -= 3_600_000)},
      {ask: '/a', origin: {error: new Error('down')}, expect: {fails: true}},
    ],
  },
  {
    name: 'far ahead makes it stale',
    steps: [
      {ask: '/a', origin: {}},
      {run: ({clock}) => (clock.now += 1e12)},
      {ask: '/a', origin: {}, expect: {was: 'fwd=stale; stored; detail=stale'}},
    ],
  },
]);

everywhere('a thousand variants of one resource leave room for every other', async open => {
  const {cache, origin, ask} = await open();
  origin.answering = ({url}) => ({fields: {'cache-control': fresh, ...(url.endsWith('/many') && {vary: 'x-random'})}});
  await ask('/other');
  for (let index = 0; index < 300; index += 1) await ask({url: '/many', fields: {'x-random': String(index)}});
  await cache.idle();
  expect(await ask('/other')).toMatchObject(hit);
  expect((await Array.fromAsync(cache.entries('https://a.example/many'))).length).toBeLessThan(200);
});
