import {describe, expect, test} from 'vitest';
import {HttpCache} from '../../src/engine/http-cache.ts';
import type {Selection} from '../../src/options/selection.ts';
import {until} from './clock.ts';
import {everywhere, type Step, story} from './driver.ts';
import type {World} from './world.ts';

const keeps = (url: string): Step => ({ask: url, expect: {was: 'hit; ttl=60'}});
const lost = (url: string): Step => ({ask: url, origin: {}, expect: {was: 'fwd=uri-miss; stored'}});

story('a clear', [
  {
    name: 'of everything leaves nothing',
    steps: [{ask: '/a', origin: {}}, {ask: '{b}/a', origin: {}}, {clear: {all: true}}, lost('/a'), lost('{b}/a')],
  },
  {
    name: 'by a URL means that one: a star in it is a star',
    steps: [{ask: '/a', origin: {}}, {ask: '/*', origin: {}}, {clear: '/*'}, keeps('/a'), lost('/*')],
  },
  {
    name: 'of a URL leaves every other',
    steps: [{ask: '/a', origin: {}}, {ask: '/a?x', origin: {}}, {clear: '/a'}, lost('/a'), keeps('/a?x')],
  },
  {
    name: 'covers every variant, user and method of the resource',
    steps: [
      {ask: {url: '/a', fields: {authorization: 'one'}}, origin: {}},
      {ask: {url: '/a', fields: {accept: 'a/a'}}, origin: {fields: {'cache-control': 'max-age=60', vary: 'accept'}}},
      {ask: {url: '/a', method: 'HEAD', fields: {authorization: 'two'}}, origin: {}},
      {clear: '/a'},
      {ask: {url: '/a', fields: {authorization: 'one'}}, origin: {}},
      {ask: {url: '/a', fields: {accept: 'a/a'}}, origin: {}},
      {ask: {url: '/a', method: 'HEAD', fields: {authorization: 'two'}}, origin: {}},
    ],
  },
  {
    name: 'of an empty array selects nothing',
    steps: [{ask: '/a', origin: {}}, {clear: []}, keeps('/a')],
  },
  {
    name: 'through asks end to end, once for each resource',
    steps: [
      {ask: '/a', origin: {}},
      {clear: '/a', through: true},
      {
        ask: '/a',
        origin: {},
        expect: {was: 'fwd=uri-miss; stored; detail=through', sent: {'cache-control': 'no-cache'}},
      },
      keeps('/a'),
      {clear: '/a'},
      {ask: '/a', origin: {}, expect: {sent: {'cache-control': undefined}}},
    ],
    over: 'handle',
  },
  {
    name: 'through reaches what was never stored',
    steps: [
      {clear: {all: true}, through: true},
      {ask: '/new', origin: {}, expect: {sent: {'cache-control': 'no-cache'}}},
      {ask: '/newer', origin: {}, expect: {sent: {'cache-control': 'no-cache'}}},
      {ask: '/new', expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'through stays in force until an answer has come',
    steps: [
      {clear: '/a', through: true},
      {ask: '/a', origin: {error: new Error('down')}, expect: {fails: true}},
      {ask: '/a', origin: {}, expect: {sent: {'cache-control': 'no-cache'}}},
      {after: 61},
      {ask: '/a', origin: {}, expect: {sent: {'cache-control': undefined}}},
    ],
  },
  {
    name: 'through stays in force past answers that leave the caches below as they are',
    steps: [
      {clear: '/a', through: true},
      {ask: '/a', origin: {status: 503}},
      {ask: {url: '/a', method: 'HEAD'}, origin: {body: ''}},
      {ask: {url: '/a', method: 'POST'}, origin: {status: 422}},
      {
        ask: {url: '/a', fields: {range: 'bytes=0-1'}},
        origin: {status: 206, fields: {'content-range': 'bytes 0-1/5'}, body: 'he'},
      },
      {ask: '/a', origin: {status: 404, fields: {}}, expect: {sent: {'cache-control': 'no-cache'}}},
      {ask: '/a', origin: {}, expect: {sent: {'cache-control': undefined}}},
    ],
  },
]);

everywhere('what is cleared while it is validated is asked for again, and not stored', async open => {
  const {ask, cache, clock, origin} = await open();
  origin.script([{fields: {'cache-control': 'max-age=60', etag: '"a"'}, body: 'of ann'}]);
  await ask('/me');
  await cache.idle();
  await clock.advance(61);
  const held = origin.hold();
  const asked = ask('/me');
  await until(() => held.waiting === 1);
  await cache.clear();
  await held.answer({status: 304, fields: {etag: '"a"'}});
  await held.answer({body: 'of ann again'});
  expect((await asked).body).toBe('of ann again');
  await cache.idle();
  expect((await cache.stats()).size?.count).toBe(0);
});

everywhere('what a request clears itself while it validates it is stored anew, and cleared once', async open => {
  const {ask, cache, origin} = await open({tagFields: ['cache-tag']});
  const tagged = {fields: {'cache-control': 'max-age=60', 'cache-tag': 'users', etag: '"a"'}};
  origin.script([tagged, {status: 304, fields: {etag: '"a"'}}, {...tagged, body: 'new'}]);
  await ask('/users');
  await cache.idle();
  let cleared = 0;
  const clears = (): Selection => {
    cleared += 1;
    return {tag: 'users'};
  };
  expect((await ask({url: '/users', mode: 'no-cache', options: {clears}})).body).toBe('new');
  await cache.idle();
  expect(await ask('/users')).toMatchObject({body: 'new', was: 'hit; ttl=60'});
  expect(cleared).toBe(1);
});

/** Three responses that every kind of selection tells apart. */
async function filled(open: (options?: object) => Promise<World>): Promise<World> {
  const world = await open({
    tagFields: ['surrogate-key'],
    partition: ({headers}: {headers: {get(name: string): string | null}}) => headers.get('x-user') ?? undefined,
  });
  const {ask, origin, clock, cache} = world;
  const one = {fields: {'cache-control': 'max-age=60', 'surrogate-key': 'red blue'}, body: 'one'};
  const two = {status: 404, fields: {'cache-control': 'max-age=600'}, body: 'second'};
  origin.script([one, two, {fields: {'cache-control': 'max-age=600'}, body: 'third!'}]);
  await ask('/users/1');
  await cache.idle();
  await clock.advance(100);
  await ask({url: '/users2', method: 'HEAD', fields: {'x-user': 'ann'}});
  await ask('{b}/users/1');
  await cache.idle();
  await clock.advance(10);
  return world;
}

const a1 = 'https://a.example/users/1';
const a2 = 'https://a.example/users2';
const b1 = 'https://b.example/users/1';

const selections: readonly (readonly [name: string, selection: Selection, selected: readonly string[]])[] = [
  ['a string', a1, [a1]],
  ['a URL', new URL(a1), [a1]],
  ['a Request', new Request(a1), [a1]],
  ['a Request of another user', new Request(a2), []],
  ['a RegExp', /users\/1$/, [a1, b1]],
  ['a RegExp with state', /users\/1$/g, [a1, b1]],
  ['anything with test', {test: (url: string) => url.endsWith('2')}, [a2]],
  ['all', {all: true}, [a1, a2, b1]],
  ['a url', {url: a1}, [a1]],
  ['a prefix, as text', {prefix: 'https://a.example/users'}, [a1, a2]],
  ['an origin', {origin: 'https://a.example'}, [a1, a2]],
  ['a host', {host: 'b.example'}, [b1]],
  ['a pattern', {pattern: /2/}, [a2]],
  ['a method', {method: 'HEAD'}, [a2]],
  ['a tag', {tag: 'blue'}, [a1]],
  ['a partition', {partition: 'ann'}, [a2]],
  ['a status', {status: 404}, [a2]],
  ['stale', {stale: true}, [a1]],
  ['fresh', {stale: false}, [a2, b1]],
  ['storedBefore', {storedBefore: '50s'}, [a1]],
  ['unusedSince', {unusedSince: '50s'}, [a1]],
  ['where', {where: ({size}: {size: number}) => size === 6}, [b1]],
  ['several conditions, all of which hold', {origin: 'https://a.example', status: 404}, [a2]],
  ['several conditions, not all of which hold', {origin: 'https://b.example', status: 404}, []],
  ['an array, any of which', [a1, {status: 404}], [a1, a2]],
  ['an array that names one twice', [a1, {tag: 'red'}], [a1]],
];

for (const [name, selection, selected] of selections) {
  everywhere(`${name} selects what it says`, async open => {
    const {cache} = await filled(open);
    const urls = async (what: Selection) => (await Array.fromAsync(cache.entries(what))).map(({url}) => url).toSorted();
    expect(await urls(selection)).toEqual([...selected].toSorted());
    expect(await cache.clear(selection, {dryRun: true, exact: true})).toMatchObject({count: selected.length});
    expect((await cache.stats()).size?.count).toBe(3);
    expect(await cache.clear(selection, {exact: true})).toMatchObject({count: selected.length});
    expect(await urls({all: true})).toEqual([a1, a2, b1].filter(url => !selected.includes(url)).toSorted());
  });

  everywhere(`${name} fences what is on its way`, async open => {
    const {cache, clock, origin, ask} = await open({
      tagFields: ['surrogate-key'],
      partition: ({headers}) => headers.get('x-user') ?? undefined,
    });
    const held = origin.hold();
    const asked = [
      ask('/users/1'),
      ask({url: '/users2', method: 'HEAD', fields: {'x-user': 'ann'}}),
      ask('{b}/users/1'),
    ];
    await until(() => held.waiting === 3);
    await cache.clear(selection);
    await held.answer({fields: {'cache-control': 'max-age=60', 'surrogate-key': 'red blue'}, body: 'one'});
    await held.answer({status: 404, fields: {'cache-control': 'max-age=600'}, body: 'second'});
    await held.answer({fields: {'cache-control': 'max-age=600'}, body: 'third!'});
    await Promise.all(asked);
    await cache.idle();
    // What depends on time or on the answer may refuse more than it must, never less.
    const left = (await Array.fromAsync(cache.entries())).map(({url}) => url);
    const timed = /storedBefore|unusedSince|stale|fresh/.test(name);
    if (!timed) for (const url of selected) expect(left).not.toContain(url);
    await clock.advance(0);
  });
}

everywhere('bytes are the bytes of the bodies', async open => {
  const {cache} = await filled(open);
  expect(await cache.clear({all: true}, {dryRun: true, exact: true})).toEqual({count: 3, bytes: 9});
  expect(await cache.clear({all: true}, {exact: true})).toEqual({count: 3, bytes: 9});
  expect(await cache.clear({all: true}, {exact: true})).toEqual({count: 0, bytes: 0});
});

everywhere('a dry run changes nothing, through or not', async open => {
  const {cache, origin, ask} = await filled(open);
  const before = await cache.stats();
  await cache.clear({all: true}, {dryRun: true, through: true});
  expect((await cache.stats()).size).toEqual(before.size);
  origin.script([{}]);
  await ask('/unseen');
  expect(origin.seen.at(-1)?.fields.has('cache-control')).toBe(false);
});

test('options that are none are told which there are', async () => {
  for (const verb of ['clear', 'expire'] as const) {
    await expect(new HttpCache()[verb]('https://a.example/', true as never)).rejects.toThrow(
      `limpid: ${verb} options is true; allowed: an object of through, dryRun, exact`,
    );
  }
});

describe('nobody clears everything by accident', () => {
  const accidents: readonly (readonly [string, readonly unknown[]])[] = [
    ['an explicit undefined', [undefined]],
    ['null', [null]],
    ['an empty object', [{}]],
    ['an unknown key', [{tags: 'users'}]],
    ['an undefined condition', [{tag: undefined}]],
    ['an undefined condition beside another', [{origin: 'https://a.example', tag: undefined}]],
    ['a false all', [{all: false}]],
    ['all beside a condition', [{all: true, tag: 'users'}]],
    ['a relative URL', ['/users']],
    ['an empty string', ['']],
    ['a star', ['*']],
    ['a number', [7]],
    ['a number as a time', [{storedBefore: 7}]],
    ['a member of an array that is none', [['https://a.example/', undefined]]],
    ['an unknown option', [{all: true}, {dryrun: true}]],
    ['an option that is no flag', [{all: true}, {through: 'yes'}]],
    ['options that are none', [{all: true}, true]],
  ];
  test.each(accidents)('%s throws, and nothing is cleared or expired', async (_, given) => {
    const cache = new HttpCache();
    await cache.put('https://a.example/', new Response('a', {headers: {'cache-control': 'max-age=60'}}));
    for (const verb of ['clear', 'expire'] as const) {
      const attempt = cache[verb](...(given as Parameters<HttpCache['clear']>));
      await expect(attempt).rejects.toThrow(TypeError);
      await expect(attempt).rejects.toThrow(/^limpid: .*(?:allowed|did you mean)/s);
    }
    expect((await cache.stats()).size?.count).toBe(1);
    expect(await cache.match('https://a.example/')).toBeDefined();
  });

  test('entries refuses the same', async () => {
    const cache = new HttpCache();
    await expect(Array.fromAsync(cache.entries(undefined as never))).rejects.toThrow(TypeError);
    await expect(Array.fromAsync(cache.entries({}))).rejects.toThrow(TypeError);
  });
});

everywhere('entries look without making anything more recently used', async open => {
  const {cache, clock} = await filled(open);
  await clock.advance(50);
  await Array.fromAsync(cache.entries());
  const used = await Array.fromAsync(cache.entries({unusedSince: '55s'}));
  expect(used).toHaveLength(3);
});

everywhere('an answer without its body is a use, too', async open => {
  const {cache, origin, clock, ask} = await open();
  const etag = '"a"';
  for (const url of ['/a', '/b', '/c']) {
    origin.script([{fields: {'cache-control': 'max-age=600', etag}}]);
    await ask(url);
  }
  await cache.idle();
  await clock.advance(50);
  expect((await ask({url: '/a', method: 'HEAD'})).was).toMatch(/^hit/);
  expect(await ask({url: '/b', fields: {'if-none-match': etag}})).toMatchObject({status: 304});
  await cache.idle();
  const unused = await Array.fromAsync(cache.entries({unusedSince: '30s'}));
  expect(unused.map(({url}) => url)).toEqual(['https://a.example/c']);
});

everywhere('a reader that streams keeps its bytes through a clear', async open => {
  const {cache, origin, send} = await open();
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {highWaterMark: 2});
  origin.script([{body: readable}]);
  const writer = writable.getWriter();
  const {body} = await send('/a');
  await writer.write(new TextEncoder().encode('hel'));
  await cache.clear();
  await writer.write(new TextEncoder().encode('lo'));
  await writer.close();
  expect(await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text()).toBe('hello');
});
