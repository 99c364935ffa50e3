import {dateAt} from '../builders.ts';
import {story} from './driver.ts';

story('a hit', [
  {
    name: 'needs no network, tells its age and what remains of its lifetime',
    steps: [
      {ask: '/a', origin: {}},
      {after: 10},
      {ask: '/a', expect: {status: 200, body: 'hello', was: 'hit; ttl=50', age: 10}},
    ],
  },
  {
    name: 'has the status, fields and bytes the network gave',
    steps: [
      {
        ask: '/a',
        origin: {
          status: 404,
          statusText: 'Not Here',
          fields: {'cache-control': 'max-age=60', 'x-one': '1', 'content-language': 'de'},
        },
      },
      {
        ask: '/a',
        expect: {status: 404, statusText: 'Not Here', body: 'hello', fields: {'x-one': '1', 'content-language': 'de'}},
      },
    ],
  },
  {
    name: 'ends with the lifetime: at that second the response is stale',
    steps: [
      {ask: '/a', origin: {}},
      {after: 59},
      {ask: '/a', expect: {was: 'hit; ttl=1'}},
      {after: 1},
      {ask: '/a', origin: {}, expect: {was: 'fwd=stale; stored; detail=stale'}},
    ],
  },
  {
    name: 'counts the age the response arrived with',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60', age: '20'}}},
      {after: 10},
      {ask: '/a', expect: {was: 'hit; ttl=30', age: 30}},
    ],
  },
  {
    name: 'reckons from Date and Expires',
    steps: [
      {ask: '/a', origin: {fields: {date: dateAt(0), expires: dateAt(30)}}},
      {after: 10},
      {ask: '/a', expect: {was: 'hit; ttl=20', fields: {date: dateAt(0)}}},
    ],
  },
  {
    name: 'may be guessed from Last-Modified',
    steps: [
      {ask: '/a', origin: {fields: {date: dateAt(0), 'last-modified': dateAt(-1000)}}},
      {after: 90},
      {ask: '/a', expect: {was: 'hit; ttl=10'}},
    ],
  },
  {
    name: 'is not guessed when guessing is switched off',
    options: {heuristic: false},
    steps: [
      {ask: '/a', origin: {fields: {date: dateAt(0), 'last-modified': dateAt(-1000)}}},
      {ask: '/a', origin: {status: 304, fields: {}}, expect: {was: 'fwd=stale; fwd-status=304; ttl=0; detail=stale'}},
    ],
  },
  {
    name: 'of a stored GET answers HEAD, without a body',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60', 'x-one': '1'}}},
      {ask: {url: '/a', method: 'HEAD'}, expect: {status: 200, body: '', was: 'hit; ttl=60', fields: {'x-one': '1'}}},
    ],
  },
  {
    name: 'is not made of a stored HEAD for GET',
    steps: [
      {ask: {url: '/a', method: 'HEAD'}, origin: {}, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: '/a', origin: {}, expect: {body: 'hello'}},
    ],
  },
  {
    name: 'has every chunk of a long body, in order',
    steps: [
      {ask: '/a', origin: {body: ['one ', 'two ', 'three']}, expect: {body: 'one two three'}},
      {ask: '/a', expect: {body: 'one two three', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'keeps several cookies apart',
    steps: [
      {
        ask: '/a',
        origin: {
          fields: [
            ['cache-control', 'max-age=60'],
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        },
      },
      {ask: '/a', expect: {was: 'hit; ttl=60', fields: {'set-cookie': 'a=1, b=2'}}},
    ],
  },
  {
    name: 'of a shared cache replays no cookies',
    options: {kind: 'shared'},
    steps: [
      {
        ask: '/a',
        origin: {fields: {'cache-control': 'max-age=60', 'set-cookie': 'a=1'}},
        expect: {fields: {'set-cookie': 'a=1'}},
      },
      {ask: '/a', expect: {was: 'hit; ttl=60', fields: {'set-cookie': undefined}}},
    ],
  },
  {
    name: 'replaces the Age field it arrived with, and adds no second one',
    steps: [
      {
        ask: '/a',
        origin: {
          fields: [
            ['cache-control', 'max-age=60'],
            ['age', '5'],
          ],
        },
        expect: {age: 5},
      },
      {ask: '/a', expect: {fields: {age: '5'}, was: 'hit; ttl=55'}},
    ],
  },
  {
    name: 'is kept from fields that belong to a connection',
    steps: [
      {
        ask: '/a',
        origin: {
          fields: {
            'cache-control': 'max-age=60',
            connection: 'x-hop',
            'x-hop': '1',
            'keep-alive': 'timeout=5',
            'x-end': '1',
          },
        },
      },
      {ask: '/a', expect: {was: 'hit; ttl=60', fields: {connection: undefined, 'x-hop': undefined, 'x-end': '1'}}},
    ],
    over: 'handle',
  },
  {
    name: 'is the most recent of several responses that match',
    steps: [
      {ask: '/a', origin: {body: 'old', fields: {'cache-control': 'max-age=60'}}},
      {after: 5},
      {ask: {url: '/a', mode: 'reload'}, origin: {body: 'new'}, expect: {was: 'fwd=request; stored; detail=reload'}},
      {ask: '/a', expect: {body: 'new'}},
    ],
  },
]);
