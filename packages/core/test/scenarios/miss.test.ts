import {story} from './driver.ts';

story('a miss', [
  {
    name: 'goes to the origin, says why, and is stored',
    steps: [{ask: '/a', origin: {}, expect: {status: 200, body: 'hello', was: 'fwd=uri-miss; stored', age: undefined}}],
  },
  {
    name: 'of a response that may not be stored says so, and the next request misses again',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'no-store'}}, expect: {was: 'fwd=uri-miss; detail=no-store'}},
      {ask: '/a', origin: {}, expect: {was: 'fwd=uri-miss; stored'}},
    ],
  },
  {
    name: 'of a response without freshness or validator is not stored',
    steps: [
      {ask: '/a', origin: {fields: {}}, expect: {was: 'fwd=uri-miss; detail=no-freshness'}},
      {ask: '/a', origin: {fields: {}}, expect: {was: 'fwd=uri-miss; detail=no-freshness'}},
    ],
  },
  {
    name: 'adds the Date of receipt when the origin gives none',
    steps: [{ask: '/a', origin: {}, expect: {fields: {date: 'Thu, 01 Jan 2026 12:00:00 GMT'}}}],
  },
  {
    name: 'passes status, fields and an empty body through',
    steps: [
      {
        ask: '/a',
        origin: {status: 404, fields: {'cache-control': 'max-age=60', 'x-one': '1'}, body: ''},
        expect: {status: 404, body: '', fields: {'x-one': '1'}},
      },
    ],
  },
  {
    name: 'keeps what other caches wrote into Cache-Status',
    steps: [
      {
        ask: '/a',
        origin: {fields: {'cache-control': 'max-age=60', 'cache-status': 'edge; hit'}},
        expect: {was: 'fwd=uri-miss; stored', fields: {'cache-status': 'edge; hit, limpid; fwd=uri-miss; stored'}},
      },
    ],
  },
  {
    name: 'by a method that is not cached goes around the cache',
    steps: [
      {ask: {url: '/a', method: 'OPTIONS'}, origin: {}, expect: {was: 'fwd=method'}},
      {ask: {url: '/a', method: 'OPTIONS'}, origin: {}, expect: {was: 'fwd=method'}},
    ],
  },
  {
    name: 'is told apart by the query, and not by the order of nothing else',
    steps: [
      {ask: '/a?x=1', origin: {body: 'one'}},
      {ask: '/a?x=2', origin: {body: 'two'}, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: '/a?x=1', expect: {body: 'one'}},
    ],
  },
]);
