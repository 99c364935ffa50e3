// What is stored under a tag is found under it, whoever has validated it since.

import {story} from './driver.ts';

const tagged = {tags: ['users']};
const etagged = {fields: {'cache-control': 'max-age=60, stale-while-revalidate=60', etag: '"one"'}};
const same = {status: 304, fields: {etag: '"one"', 'cache-control': 'max-age=60'}};
const lost = {ask: '/a', origin: {body: 'new'}, expect: {body: 'new'}};
const noCache = {'cache-control': 'no-cache'};

const many = Array.from({length: 257}, (_, index) => `t${index}`);

story('a tag given with a request', [
  {
    name: 'outlives a validation by a request without it',
    steps: [
      {ask: {url: '/a', options: tagged}, origin: etagged},
      {ask: {url: '/a', fields: noCache}, origin: same, expect: {body: 'hello'}},
      {clear: {tag: 'users'}},
      lost,
    ],
  },
  {
    name: 'outlives a validation behind a stale answer to a request without it',
    steps: [
      {ask: {url: '/a', options: tagged}, origin: etagged},
      {after: 70},
      {ask: '/a', later: same, expect: {body: 'hello'}},
      {clear: {tag: 'users'}},
      lost,
    ],
  },
  {
    name: 'outlives a validation after an expiry',
    steps: [
      {ask: {url: '/a', options: tagged}, origin: etagged},
      {expire: '/a'},
      {ask: '/a', origin: same, expect: {body: 'hello'}},
      {clear: {tag: 'users'}},
      lost,
    ],
  },
  {
    name: 'is joined by those that a request gives when it validates',
    steps: [
      {ask: {url: '/a', options: tagged}, origin: etagged},
      {ask: {url: '/a', fields: noCache, options: {tags: ['more']}}, origin: same},
      {clear: {tag: 'more'}},
      lost,
    ],
  },
  {
    name: 'and another 256 are too many: it is not reused without validation',
    steps: [
      {ask: {url: '/a', options: tagged}, origin: etagged},
      {ask: {url: '/a', fields: noCache, options: {tags: many.slice(1)}}, origin: same, expect: {body: 'hello'}},
      {ask: '/a', origin: {body: 'new'}, expect: {body: 'new'}},
    ],
  },
]);

story('a tag given by a rule for GET', [
  {
    name: 'outlives a HEAD',
    options: {rules: [{for: {method: 'GET'}, tags: ['users']}]},
    steps: [
      {ask: '/a', origin: etagged},
      {ask: {url: '/a', method: 'HEAD', mode: 'reload'}, origin: {...etagged, body: null}},
      {ask: '/a', expect: {body: 'hello'}},
      {clear: {tag: 'users'}},
      lost,
    ],
  },
]);

story('a tag in a field', [
  {
    name: 'goes when a 304 names others',
    options: {tagFields: ['cache-tag']},
    steps: [
      {ask: '/a', origin: {fields: {...etagged.fields, 'cache-tag': 'one,two'}}},
      {ask: {url: '/a', fields: noCache}, origin: {...same, fields: {...same.fields, 'cache-tag': 'two'}}},
      {clear: {tag: 'one'}},
      {ask: '/a', expect: {body: 'hello'}},
      {clear: {tag: 'two'}},
      lost,
    ],
  },
  {
    name: 'stays when a 304 names others, where the request that stored it gave it as well',
    options: {tagFields: ['cache-tag']},
    steps: [
      {ask: {url: '/a', options: tagged}, origin: {fields: {...etagged.fields, 'cache-tag': 'users'}}},
      {ask: {url: '/a', fields: noCache}, origin: {...same, fields: {...same.fields, 'cache-tag': 'other'}}},
      {ask: {url: '/a', fields: noCache}, origin: {...same, fields: {...same.fields, 'cache-tag': 'other'}}},
      {clear: {tag: 'users'}},
      lost,
    ],
  },
  {
    name: 'is found among 256; with more, the response is not stored',
    options: {tagFields: ['cache-tag']},
    steps: [
      {ask: '/a', origin: {fields: {'cache-control': 'max-age=60', 'cache-tag': many.slice(1).join(',')}}},
      {ask: '/a', expect: {was: 'hit; ttl=60'}},
      {clear: {tag: 't256'}},
      {
        ask: '/a',
        origin: {fields: {'cache-control': 'max-age=60', 'cache-tag': many.join(',')}},
        expect: {was: 'fwd=uri-miss; detail=too-many-tags'},
      },
      lost,
    ],
  },
]);
