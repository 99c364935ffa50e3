// The story of the demo, as data: who asks what, what must come back, and what may reach the origin.

import {ask, askAtOnce, type Chapter, clearing, type Details, urlOf, warming} from './steps.ts';

const english: Details = {label: 'in English', headers: {'accept-language': 'en'}, says: 'A clear cache'};
const german: Details = {label: 'in German', headers: {'accept-language': 'de'}, says: 'Ein klarer'};
const tagged: Details = {label: 'tagged', limpid: {tags: ['articles']}};
const as = (name: string): Details => ({
  label: `as ${name}`,
  headers: {authorization: `Bearer ${name}`},
  says: name,
});

const sharing: Chapter = {
  title: 'One cache, three clients: what one stored, the others hit; Vary keeps variants side by side',
  steps: [
    ask('fetch', 'GET /articles', english, '200 miss', '200'),
    ask('fetch', 'GET /articles', english, '200 hit'),
    ask('axios', 'GET /articles', english, '200 hit'),
    ask('ky', 'GET /articles', english, '200 hit'),
    ask('ky', 'GET /articles', german, '200 miss', '200'),
    ask('axios', 'GET /articles', english, '200 hit'),
    askAtOnce('GET /slow', '200 joined, joined, miss', '200'),
    ask('axios', 'GET /captcha', {}, '200 miss', '200'),
    ask('fetch', 'GET /captcha', {}, '200 miss', '200'),
  ],
};

const validating: Chapter = {
  title: 'What may be old is asked about, not fetched again: a 304 is enough',
  steps: [
    ask('axios', 'GET /headlines', {}, '200 miss', '200'),
    ask('ky', 'GET /headlines', {}, '200 validated', '304'),
    ask(
      'fetch',
      'GET /articles',
      {label: 'no-cache', headers: {...english.headers, 'cache-control': 'no-cache'}},
      '200 validated',
      '304',
    ),
  ],
};

const users: Chapter = {
  title: "Nobody else's data: other credentials, another answer; a logout clears one user",
  steps: [
    ask('axios', 'GET /me', as('ada'), '200 miss', '200'),
    ask('ky', 'GET /me', as('ada'), '200 hit'),
    ask('fetch', 'GET /me', as('bob'), '200 miss', '200'),
    clearing(
      'clear {partition: of ada}',
      async ({cache, origin}) => {
        const request = new Request(`${origin.api}/me`, {headers: {authorization: 'Bearer ada'}});
        return cache.clear({partition: await cache.partitionOf(request)});
      },
      1,
    ),
    ask('ky', 'GET /me', as('ada'), '200 miss', '200'),
    ask('axios', 'GET /me', as('bob'), '200 hit'),
  ],
};

const changing: Chapter = {
  title: 'A change clears what it changed, before it answers: by RFC 9111 §4.4, by what the request clears, by groups',
  steps: [
    ask('fetch', 'GET /users/1', {says: 'Ada'}, '200 miss', '200'),
    ask('ky', 'GET /users/1', {says: 'Ada'}, '200 hit'),
    ask('ky', 'PATCH /users/1', {content: {name: 'Ada L.'}, says: 'Ada L.'}, '200 sent', '200'),
    ask('axios', 'GET /users/1', {says: 'Ada L.'}, '200 miss', '200'),
    ask('fetch', 'GET /users', {}, '200 miss', '200'),
    ask('axios', 'POST /users', {content: {name: 'Cleo'}}, '201 sent', '201'),
    ask('ky', 'GET /users', {says: 'Cleo'}, '200 miss', '200'),
    ask('fetch', 'GET /articles/1', tagged, '200 miss', '200'),
    ask('axios', 'GET /articles/2', tagged, '200 miss', '200'),
    ask('axios', 'POST /publish', {label: 'clears {tag}', limpid: {clears: {tag: 'articles'}}}, '200 sent', '200'),
    ask('ky', 'GET /articles/1', tagged, '200 miss', '200'),
    ask('axios', 'GET /articles/2', tagged, '200 miss', '200'),
    ask('axios', 'GET /team', {}, '200 miss', '200'),
    ask('ky', 'POST /invitations', {label: '→ group'}, '200 sent', '200'),
    ask('fetch', 'GET /users', {}, '200 miss', '200'),
    ask('axios', 'GET /team', {}, '200 miss', '200'),
    ask('ky', 'GET /articles/1', tagged, '200 hit'),
  ],
};

const clearingByHand: Chapter = {
  title: 'Clearing by hand: by tag, pattern, prefix, host; expire; everything',
  steps: [
    clearing("clear {tag: 'articles'}", ({cache}) => cache.clear({tag: 'articles'}), 2),
    ask('fetch', 'GET /articles/1', {}, '200 miss', '200'),
    warming(['/users/1', '/users?page=2', 'assets:/logo'], '200 200 200'),
    clearing('clear /[?]page=/', ({cache}) => cache.clear(/[?]page=/, {exact: true}), 1),
    ask('ky', 'GET /users?page=2', {}, '200 miss', '200'),
    ask('ky', 'GET /users/1', {}, '200 hit'),
    clearing(
      "clear {prefix: '…/users'}",
      world => world.cache.clear({prefix: urlOf(world, '/users')}, {exact: true}),
      3,
    ),
    ask('axios', 'GET /users/1', {}, '200 miss', '200'),
    ask('ky', 'GET /team', {}, '200 hit'),
    clearing(
      'clear {host: of the assets}',
      ({cache, origin}) => cache.clear({host: new URL(origin.assets).host}, {exact: true}),
      1,
    ),
    ask('fetch', 'GET assets:/logo', {}, '200 miss', '200'),
    ask('ky', 'GET /team', {}, '200 hit'),
    clearing('expire /team', world => world.cache.expire(urlOf(world, '/team')), 1, 'expired'),
    ask('axios', 'GET /team', {}, '200 validated', '304'),
    ask('ky', 'GET /team', {}, '200 hit'),
    clearing('clear everything', ({cache}) => cache.clear(), 10),
    ask('fetch', 'GET /team', {}, '200 miss', '200'),
  ],
};

/** From the first miss to the last clear. */
export const story: readonly Chapter[] = [sharing, validating, users, changing, clearingByHand];
