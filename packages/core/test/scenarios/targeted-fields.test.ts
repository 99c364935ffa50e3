import {dateAt} from '../builders.ts';
import {story} from './driver.ts';

type Lines = Readonly<Record<string, string>>;

const to = (cdn: string, more: Lines = {}): Lines => ({'cdn-cache-control': cdn, ...more});
const says = (cacheControl: string): Lines => ({'cache-control': cacheControl});
const past = {expires: dateAt(-10_000), date: dateAt(0)};
const future = {expires: dateAt(10_000), date: dateAt(0)};
const listening = {kind: 'shared', targetedFields: ['CDN-Cache-Control']} as const;

const reused: readonly (readonly [name: string, fields: Lines])[] = [
  ['max-age', to('max-age=3600')],
  ['a long max-age', to('max-age=2147483648')],
  ['a longer max-age', to('max-age=99999999999')],
  ['an extension before it', to('foobar, max-age=3600')],
  ['Expires in the past', to('max-age=3600', past)],
  ['an Expires that cannot be read', to('max-age=3600', {expires: '0', date: dateAt(0)})],
  ['a short max-age in Cache-Control', to('max-age=3600', says('max-age=1'))],
  ['no-store in Cache-Control', to('max-age=10000', says('no-store'))],
  ['no-cache in Cache-Control', to('max-age=10000', says('no-cache'))],
  ['no-store with must-understand', to('max-age=60, no-store, must-understand')],
  ['a field that cannot be read, and max-age in Cache-Control', to('No-Store', says('max-age=60'))],
  ['an empty field, and max-age in Cache-Control', to('', says('max-age=60'))],
  ['a no-store that is taken back', to('no-store, max-age=60, no-store=?0')],
];

const notReused: readonly (readonly [name: string, fields: Lines])[] = [
  ['an Age past max-age', to('max-age=3600', {date: dateAt(0), age: '7200'})],
  ['a space before the equals sign', to('max-age =100', says('max-age=1'))],
  ['a space behind the equals sign', to('max-age= 100', says('max-age=1'))],
  ['max-age=0', to('max-age=0')],
  ['a name in upper case', to('MaX-aGe=3600')],
  ['max-age=0 and Expires in the future', to('max-age=0', future)],
  ['a long max-age in Cache-Control', to('max-age=1', says('max-age=3600'))],
  ['private', to('private', {...says('max-age=10000'), ...future})],
  ['no-cache', to('no-cache', {...says('max-age=10000'), ...future})],
  ['no-store', to('no-store', {...says('max-age=10000'), ...future})],
  ['something unreadable, and no-store in Cache-Control', to('max-age=10000, &&&&&', says('no-store'))],
  ['a lifetime in quotes, and no-store in Cache-Control', to('max-age="10000"', says('no-store'))],
  ['a lifetime that is a decimal', to('max-age=60.0', says('max-age=10000'))],
  ['nothing but an extension', to('none', {...says('max-age=10000'), ...future})],
];

story('by a field targeted at it', [
  ...reused.map(([name, fields]) => ({
    name: `a shared cache reuses: ${name}`,
    options: listening,
    steps: [{ask: '/a', origin: {fields, body: 'one'}}, {after: 3}, {ask: '/a', expect: {body: 'one', age: 3}}],
  })),
  ...notReused.map(([name, fields]) => ({
    name: `a shared cache does not reuse: ${name}`,
    options: listening,
    steps: [
      {ask: '/a', origin: {fields, body: 'one'}},
      {after: 3},
      {ask: '/a', origin: {fields, body: 'two'}, expect: {body: 'two'}},
    ],
  })),
  {
    name: 'nothing is changed of what a shared cache passes on',
    options: listening,
    steps: [
      {
        ask: '/a',
        origin: {fields: to('max-age=10000, foo', {...says('max-age=1'), expires: dateAt(1), date: dateAt(0)})},
        expect: {fields: {'cdn-cache-control': 'max-age=10000, foo', 'cache-control': 'max-age=1'}},
      },
      {after: 60},
      {
        ask: '/a',
        expect: {
          was: 'hit; ttl=9940',
          fields: {
            'cdn-cache-control': 'max-age=10000, foo',
            'cache-control': 'max-age=1',
            expires: dateAt(1),
            date: dateAt(0),
            age: '60',
          },
        },
      },
    ],
  },
  {
    name: 'a shared cache is told by the first it can read of those it listens to',
    options: {kind: 'shared', targetedFields: ['example-cache-control', 'cdn-cache-control']},
    steps: [
      {
        ask: '/a',
        origin: {fields: {...to('max-age=60', says('max-age=600')), 'example-cache-control': 'max-age=6'}},
      },
      {ask: '/a', expect: {was: 'hit; ttl=6'}},
      {ask: '/b', origin: {fields: {...to('max-age=60'), 'example-cache-control': 'Max-Age=6'}}},
      {ask: '/b', expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'a shared cache goes on being told when a validation brings another Cache-Control',
    options: listening,
    steps: [
      {ask: '/a', origin: {fields: to('max-age=60', {...says('no-store'), etag: '"a"'})}},
      {after: 60},
      {
        ask: '/a',
        origin: {status: 304, fields: {...says('no-store'), etag: '"a"'}},
        expect: {was: 'fwd=stale; fwd-status=304; ttl=60; detail=stale'},
      },
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'a shared cache shares what is marked for it, and nothing else',
    options: listening,
    steps: [
      {ask: {url: '/a', fields: {authorization: 'one'}}, origin: {fields: to('max-age=60, public'), body: 'for all'}},
      {ask: {url: '/a', fields: {authorization: 'two'}}, expect: {body: 'for all', was: 'hit; ttl=60'}},
      {
        ask: {url: '/b', fields: {authorization: 'one'}},
        origin: {fields: to('max-age=60', says('public'))},
        expect: {was: 'fwd=uri-miss; detail=authorization'},
      },
    ],
  },
  {
    name: 'a POST states the freshness it needs to stand for a GET',
    options: listening,
    steps: [
      {
        ask: {url: '/a', method: 'POST', body: 'x'},
        origin: {fields: to('max-age=60', {'content-location': '/a'}), body: 'posted'},
        expect: {was: 'fwd=method; stored'},
      },
      {ask: '/a', expect: {body: 'posted', was: 'hit; ttl=60'}},
      {
        ask: {url: '/a', method: 'POST', body: 'x'},
        origin: {fields: to('none', {...says('max-age=60'), 'content-location': '/a'})},
        expect: {was: 'fwd=method'},
      },
    ],
  },
  ...[{}, {kind: 'shared'} as const].map(options => ({
    name: `a ${options.kind ?? 'private'} cache is told nothing when it does not listen`,
    options,
    steps: [
      {ask: '/a', origin: {fields: to('no-store', says('max-age=60'))}},
      {ask: '/a', expect: {was: 'hit; ttl=60', fields: {'cdn-cache-control': 'no-store'}}},
      {ask: '/b', origin: {fields: to('max-age=60')}},
      {ask: '/b', origin: {}, expect: {was: 'fwd=uri-miss; stored'}},
    ],
  })),
]);
