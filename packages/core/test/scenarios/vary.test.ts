import {story} from './driver.ts';

const by = (names: string) => ({'cache-control': 'max-age=60', vary: names});
const asking = (accept: string) => ({url: '/a', fields: {accept}});

story('Vary', [
  {
    name: 'of the query is by the whole of it, whatever No-Vary-Search says',
    steps: [
      {ask: '/a?x=1', origin: {fields: {'cache-control': 'max-age=60', 'no-vary-search': 'params'}, body: 'one'}},
      {ask: '/a?x=2', origin: {body: 'two'}, expect: {body: 'two', was: 'fwd=uri-miss; stored'}},
      {ask: '/a?x=1', expect: {body: 'one', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'keeps variants side by side',
    steps: [
      {ask: asking('text/html'), origin: {fields: by('accept'), body: 'html'}},
      {
        ask: asking('application/json'),
        origin: {fields: by('accept'), body: 'json'},
        expect: {was: 'fwd=vary-miss; stored'},
      },
      {ask: asking('text/html'), expect: {body: 'html', was: 'hit; ttl=60'}},
      {ask: asking('application/json'), expect: {body: 'json', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'compares what the field means where its syntax allows',
    steps: [
      {ask: {url: '/a', fields: {'accept-language': 'de,en'}}, origin: {fields: by('Accept-Language')}},
      {ask: {url: '/a', fields: {'accept-language': 'de, en'}}, expect: {was: 'hit; ttl=60'}},
      {ask: {url: '/a', fields: {'accept-language': 'en, de'}}, expect: {was: 'hit; ttl=60'}},
      {
        ask: {url: '/a', fields: {'accept-language': 'en, de;q=0.9'}},
        origin: {fields: by('Accept-Language')},
        expect: {was: 'fwd=vary-miss; stored'},
      },
    ],
  },
  {
    name: 'tells an absent field from an empty one that is there',
    steps: [
      {ask: '/a', origin: {fields: by('x-one'), body: 'without'}},
      {ask: {url: '/a', fields: {'x-one': '1'}}, origin: {fields: by('x-one'), body: 'with'}},
      {ask: '/a', expect: {body: 'without'}},
    ],
  },
  {
    name: 'of anything is never matched, so never stored',
    steps: [
      {ask: '/a', origin: {fields: by('accept, *')}, expect: {was: 'fwd=uri-miss; detail=vary-any'}},
      {ask: '/a', origin: {fields: by('*')}, expect: {was: 'fwd=uri-miss; detail=vary-any'}},
    ],
  },
  {
    name: 'by a rule replaces what the response names',
    options: {rules: [{vary: []}]},
    steps: [
      {ask: asking('a/a'), origin: {fields: by('accept, *')}, expect: {was: 'fwd=uri-miss; stored'}},
      {ask: asking('b/b'), expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'on a field that clients add unseen keeps kinds of clients apart',
    steps: [
      {ask: {url: '/a', client: 'one'}, origin: {fields: by('user-agent'), body: 'one'}},
      {ask: {url: '/a', client: 'two'}, origin: {fields: by('user-agent'), body: 'two'}},
      {ask: {url: '/a', client: 'one'}, expect: {body: 'one'}},
    ],
    over: 'handle',
  },
  {
    name: 'on Cookie in a browser, which hides it, always validates',
    steps: [
      {ask: {url: '/a', client: 'browser'}, origin: {fields: {...by('cookie'), etag: '"a"'}}},
      {
        ask: {url: '/a', client: 'browser'},
        origin: {status: 304, fields: {etag: '"a"'}},
        expect: {was: 'fwd=stale; fwd-status=304; ttl=60; detail=hidden-cookies'},
      },
    ],
    over: 'handle',
  },
  {
    name: 'keeps requests of other settings apart without being asked',
    steps: [
      {ask: {url: '/a', variant: 'cors'}, origin: {body: 'cors'}},
      {ask: {url: '/a', variant: 'host=b'}, origin: {body: 'b'}},
      {ask: {url: '/a', variant: 'cors'}, expect: {body: 'cors', was: 'hit; ttl=60'}},
    ],
    over: 'handle',
  },
  {
    name: 'that changed between answers uses each response’s own',
    steps: [
      {ask: asking('a/a'), origin: {fields: {'cache-control': 'max-age=60'}, body: 'for all'}},
      {ask: {...asking('a/a'), mode: 'reload'}, origin: {fields: by('accept'), body: 'for a'}},
      {ask: asking('a/a'), expect: {body: 'for a'}},
    ],
  },
]);

story('an origin that no longer varies', [
  {
    name: 'is answered from what it said last, whatever variant it said before',
    steps: [
      {ask: {url: '/a', fields: {'x-a': '1'}}, origin: {fields: by('x-a'), body: 'one'}},
      {
        ask: {url: '/a', fields: {'x-a': '1'}, mode: 'reload'},
        origin: {fields: {'cache-control': 'max-age=60'}, body: 'two'},
      },
      {ask: {url: '/a', fields: {'x-a': '1'}}, expect: {body: 'two', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'leaves the variants of others alone',
    steps: [
      {ask: {url: '/a', fields: {'x-a': '1'}}, origin: {fields: by('x-a'), body: 'one'}},
      {ask: {url: '/a', fields: {'x-a': '2'}}, origin: {fields: {'cache-control': 'max-age=60'}, body: 'two'}},
      {ask: {url: '/a', fields: {'x-a': '1'}}, expect: {body: 'one'}},
    ],
  },
]);
