import {expect} from 'vitest';
import {story} from './driver.ts';

const etagged = {fields: {'cache-control': 'max-age=60', etag: '"one"'}};
const unchanged = {status: 304, fields: {etag: '"one"', 'cache-control': 'max-age=60'}};
const by = (directive: string) => ({url: '/a', fields: {'cache-control': directive}});

story('a fetch cache mode', [
  {
    name: 'no-store neither reads nor writes, and leaves what is stored alone',
    steps: [
      {ask: '/a', origin: etagged},
      {
        ask: {url: '/a', mode: 'no-store'},
        origin: {body: 'apart'},
        expect: {body: 'apart', was: 'fwd=bypass; detail=mode-no-store'},
      },
      {ask: '/a', expect: {body: 'hello', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'reload does not read, but writes',
    steps: [
      {ask: '/a', origin: etagged},
      {
        ask: {url: '/a', mode: 'reload'},
        origin: {body: 'new'},
        expect: {was: 'fwd=request; stored; detail=reload', sent: {'if-none-match': undefined}},
      },
      {ask: '/a', expect: {body: 'new', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'no-cache validates what is fresh',
    steps: [
      {ask: '/a', origin: etagged},
      {
        ask: {url: '/a', mode: 'no-cache'},
        origin: unchanged,
        expect: {
          body: 'hello',
          was: 'fwd=request; fwd-status=304; ttl=60; detail=no-cache',
          sent: {'if-none-match': '"one"'},
        },
      },
    ],
  },
  {
    name: 'force-cache takes what is stored, however stale',
    steps: [
      {ask: '/a', origin: etagged},
      {after: 1_000_000},
      {ask: {url: '/a', mode: 'force-cache'}, expect: {body: 'hello', was: 'hit; ttl=-999940'}},
      {ask: {url: '/b', mode: 'force-cache'}, origin: {}, expect: {was: 'fwd=uri-miss; stored'}},
    ],
  },
  {
    name: 'only-if-cached takes what is stored, or fails',
    steps: [
      {ask: '/a', origin: etagged},
      {after: 1_000_000},
      {ask: {url: '/a', mode: 'only-if-cached'}, expect: {body: 'hello'}},
      {ask: {url: '/b', mode: 'only-if-cached'}, expect: {fails: true}},
    ],
    over: 'handle',
  },
]);

story('a request directive', [
  {
    name: 'no-store neither reads nor writes',
    steps: [
      {ask: by('no-store'), origin: {}, expect: {was: 'fwd=bypass; detail=request-no-store'}},
      {ask: '/a', origin: {}},
      {ask: by('no-store'), origin: {}},
    ],
  },
  {
    name: 'max-age bounds the age of what is read',
    steps: [
      {ask: '/a', origin: etagged},
      {after: 10},
      {ask: by('max-age=10'), expect: {was: 'hit; ttl=50'}},
      {ask: by('max-age=9'), origin: unchanged, expect: {was: 'fwd=request; fwd-status=304; ttl=60; detail=max-age'}},
    ],
  },
  {
    name: 'max-age=0 validates',
    steps: [
      {ask: '/a', origin: etagged},
      {after: 1},
      {ask: by('max-age=0'), origin: unchanged, expect: {body: 'hello'}},
    ],
  },
  {
    name: 'min-fresh wants some lifetime left',
    steps: [
      {ask: '/a', origin: etagged},
      {after: 10},
      {ask: by('min-fresh=50'), expect: {was: 'hit; ttl=50'}},
      {
        ask: by('min-fresh=51'),
        origin: unchanged,
        expect: {was: 'fwd=request; fwd-status=304; ttl=60; detail=min-fresh'},
      },
    ],
  },
  {
    name: 'only-if-cached is answered 504 when nothing is stored',
    steps: [
      {ask: by('only-if-cached'), expect: {status: 504, body: '', was: undefined}},
      {ask: '/a', origin: etagged},
      {ask: by('only-if-cached'), expect: {was: 'hit; ttl=60'}},
      {after: 61},
      {ask: by('only-if-cached'), expect: {status: 504}},
    ],
  },
  {
    name: 'only-if-cached says nothing of the validation behind a stale answer',
    options: {staleWhileRevalidate: '1m'},
    steps: [
      {ask: '/a', origin: etagged},
      {after: 61},
      {ask: by('only-if-cached'), later: unchanged, expect: {was: 'hit; ttl=-1'}},
      {
        run: ({origin}) =>
          expect(origin.seen.at(-1)?.fields.get('cache-control') ?? '').not.toContain('only-if-cached'),
      },
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'Pragma: no-cache counts where Cache-Control is absent',
    steps: [
      {ask: '/a', origin: etagged},
      {
        ask: {url: '/a', fields: {pragma: 'no-cache'}},
        origin: unchanged,
        expect: {was: 'fwd=request; fwd-status=304; ttl=60; detail=no-cache'},
      },
      {ask: {url: '/a', fields: {pragma: 'no-cache', 'cache-control': 'max-age=60'}}, expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'no-cache does not validate what is immutable any less',
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60, immutable', etag: '"one"'}}},
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
      {after: 61},
      {ask: '/a', origin: unchanged, expect: {body: 'hello'}},
    ],
  },
]);

story('the limpid option', [
  {
    name: 'false goes around the cache',
    steps: [
      {ask: '/a', origin: {}},
      {
        ask: {url: '/a', options: false},
        origin: {body: 'apart'},
        expect: {body: 'apart', was: 'fwd=bypass; detail=disabled'},
      },
      {ask: '/a', expect: {body: 'hello'}},
    ],
  },
  {
    name: 'cache is a mode for clients that have none',
    steps: [
      {ask: '/a', origin: {}},
      {ask: {url: '/a', options: {cache: 'reload'}}, origin: {}, expect: {was: 'fwd=request; stored; detail=reload'}},
      {after: 100},
      {ask: {url: '/a', options: {cache: 'force-cache'}}, expect: {was: 'hit; ttl=-40'}},
    ],
    over: 'handle',
  },
  {
    name: 'ttl is the lifetime a response is stored with',
    steps: [
      {ask: {url: '/a', options: {ttl: '5m'}}, origin: {fields: {}}, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: '/a', expect: {was: 'hit; ttl=300'}},
      {ask: {url: '/b', options: {ttl: 5000}}, origin: {fields: {'cache-control': 'max-age=60'}}},
      {ask: '/b', expect: {was: 'hit; ttl=5'}},
    ],
  },
  {
    name: 'that is wrong is an error at once',
    steps: [
      {ask: {url: '/a', options: {ttl: '5 min' as never}}, expect: {fails: true}},
      {ask: {url: '/a', options: {lifetime: 5} as never}, expect: {fails: true}},
      {ask: {url: '/a', method: 'POST', options: {clears: {} as never}}, expect: {fails: true}},
    ],
  },
]);
