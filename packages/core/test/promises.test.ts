// The ten promises of the README, each with the tests that would fail first if it broke. The stories under scenarios/
// and the tests beside the sources go further.

import {describe, expect, test} from 'vitest';
import {HttpCache} from '../src/engine/http-cache.ts';
import type {Answer} from '../src/model/transport.ts';
import {MemoryStore} from '../src/stores/memory.ts';
import {Clock, settled, until} from './scenarios/clock.ts';
import {type Reply, streamOf, text} from './scenarios/scripted-origin.ts';
import {places, scripted, shown, type World} from './scenarios/world.ts';
import {SlowStore} from './slow-store.ts';

const fresh = {'cache-control': 'max-age=60'};
const hit = {was: 'hit; ttl=60'};

/** Over a memory store and over one that is asynchronous. */
function both(title: string, run: (open: (typeof places)[number]['open']) => Promise<void>): void {
  for (const {name, over, open} of places) if (over === 'handle') test(`${title} (${name})`, () => run(open));
}

/** A body whose chunks a test sends, when it likes. */
function live() {
  const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {highWaterMark: 4});
  const writer = writable.getWriter();
  return {readable, send: (chunk: string) => writer.write(new TextEncoder().encode(chunk)), end: () => writer.close()};
}

const readerOf = ({body}: Answer): ReadableStreamDefaultReader<Uint8Array> =>
  (body as ReadableStream<Uint8Array>).getReader();

const chunkOf = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> =>
  new TextDecoder().decode((await reader.read()).value);

describe('1. Transparent', () => {
  const replies: readonly (readonly [string, Reply])[] = [
    ['an ordinary answer', {fields: {...fresh, 'content-type': 'text/plain', etag: '"one"', 'x-one': '1, 2'}}],
    ['an error', {status: 404, statusText: 'Nowhere', fields: fresh, body: 'no'}],
    ['no content', {status: 204, fields: fresh, body: null}],
    [
      'several lines of a field',
      {
        fields: [
          ['cache-control', 'max-age=60'],
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      },
    ],
    ['a redirect that is shown', {status: 301, fields: {...fresh, location: '/b'}, body: 'moved'}],
  ];

  test.each(places.flatMap(({name, open}) => replies.map(([what, reply]) => [what, name, open, reply] as const)))(
    '%s, %s: a hit is what the network gave, but for Age, Cache-Status and an added Date',
    async (_what, _name, open, reply) => {
      const {cache, origin, ask} = await open();
      const asked = {url: '/a', redirect: 'manual'} as const;
      const plain = ({status, statusText, url, redirected, body, fields}: Awaited<ReturnType<typeof ask>>) => {
        const kept = fields.without(['age', 'cache-status', 'date', 'connection', 'keep-alive', 'transfer-encoding']);
        return {status, statusText, url, redirected, body, fields: [...kept]};
      };
      origin.script([reply, reply]);
      const network = plain(await ask({...asked, options: false}));
      expect(plain(await ask(asked))).toEqual(network);
      await cache.idle();
      const answer = await ask(asked);
      expect(answer.was).toBe('hit; ttl=60');
      expect(plain(answer)).toEqual(network);
    },
  );
});

describe('2. A clear wins', () => {
  const clears: readonly (readonly [string, (cache: HttpCache) => Promise<unknown>])[] = [
    ['everything', cache => cache.clear()],
    ['a URL', cache => cache.clear('https://a.example/a')],
    ['a pattern', cache => cache.clear(/\/a$/)],
    ['a tag', cache => cache.clear({tag: 'red'})],
    ['an origin', cache => cache.clear({origin: 'https://a.example'})],
    ['a status', cache => cache.clear({status: 200})],
    ['what it shows', cache => cache.clear({where: ({headers}) => headers.has('surrogate-key')})],
  ];
  const tagged = {fields: {...fresh, etag: '"one"', 'surrogate-key': 'red'}};

  for (const [what, clear] of clears) {
    both(
      `${what}: neither what is stored nor what is on its way, in a body or a 304, is served afterwards`,
      async open => {
        const {cache, clock, origin, ask, send} = await open({tagFields: ['surrogate-key']});
        // On its way as a head, then as a body.
        const held = origin.hold();
        const early = ask('/a');
        await until(() => held.waiting === 1);
        await clear(cache);
        await held.answer({...tagged, body: 'early'});
        await early;
        const {readable, send: sendChunk, end} = live();
        origin.script([{...tagged, body: readable}]);
        const reading = text((await send('/a')).body);
        await sendChunk('half');
        await clear(cache);
        await end();
        expect(await reading).toBe('half');
        await cache.idle();
        // Stored, then on its way as a 304.
        origin.script([{...tagged, body: 'stored'}]);
        expect((await ask('/a')).body).toBe('stored');
        await cache.idle();
        await clock.advance(61);
        const validating = origin.hold();
        const late = ask('/a');
        await until(() => validating.waiting === 1);
        await clear(cache);
        await validating.answer({status: 304, fields: {etag: '"one"', ...fresh}});
        if (validating.waiting > 0) await validating.answer({fields: {'cache-control': 'no-store'}, body: 'again'});
        await late;
        await cache.idle();
        origin.script([{body: 'new'}]);
        expect((await ask('/a')).body).toBe('new');
      },
    );
  }

  both('a request made after a clear is not answered by a flight begun before it', async open => {
    const {cache, origin, ask} = await open();
    const held = origin.hold();
    const before = ask('/a');
    await until(() => held.waiting === 1);
    await cache.clear();
    const after = ask('/a');
    await settled();
    await held.answer({body: 'old'});
    await held.answer({body: 'new'});
    expect([(await before).body, (await after).body]).toEqual(['old', 'new']);
  });

  both('after an expiry nothing but a validation begun later lets it answer', async open => {
    const {cache, origin, ask} = await open({staleWhileRevalidate: '1d', staleIfError: '1d'});
    origin.script([{fields: {...fresh, etag: '"one"'}}]);
    await ask('/a');
    await cache.idle();
    await cache.expire();
    origin.answering = () => ({error: new Error('down')});
    for (const asked of [
      {},
      {mode: 'force-cache'},
      {mode: 'only-if-cached'},
      {fields: {'cache-control': 'max-stale'}},
    ] as const) {
      await expect(ask({url: '/a', ...asked})).rejects.toThrow();
    }
    origin.script([{status: 304, fields: {etag: '"one"'}}]);
    expect((await ask('/a')).body).toBe('hello');
    expect(await ask('/a')).toMatchObject(hit);
  });

  both('in another cache over the same store, too', async open => {
    const {cache, store, clock, origin, ask} = await open();
    origin.script([{}]);
    await ask('/a');
    await cache.idle();
    await new HttpCache({store, now: () => clock.now, timers: clock.timers}).clear('https://a.example/a');
    origin.script([{body: 'new'}]);
    expect((await ask('/a')).body).toBe('new');
  });
});

describe('3. Nobody else’s data', () => {
  both('requests with different credentials share neither what is stored nor what is on its way', async open => {
    const {cache, origin, ask} = await open();
    const users = [{authorization: 'one'}, {authorization: 'two'}, {cookie: 'one'}, {Cookie: 'two'}, {}];
    const held = origin.hold();
    const asked = Promise.all(users.map(fields => ask({url: '/a', fields: fields as Record<string, string>})));
    await until(() => held.waiting === users.length);
    for (const index of users.keys()) await held.answer({body: `for ${index}`});
    expect(new Set((await asked).map(({body}) => body)).size).toBe(users.length);
    await cache.idle();
    const again = await Promise.all(users.map(fields => ask({url: '/a', fields: fields as Record<string, string>})));
    expect(again.map(({body, was}) => [body, was])).toEqual((await asked).map(({body}) => [body, hit.was]));
  });

  both('logout is one line', async open => {
    const {cache, origin, ask} = await open({partition: ({headers}) => headers.get('x-user') ?? undefined});
    origin.answering = () => ({});
    for (const user of ['ann', 'bob']) await ask({url: '/a', fields: {'x-user': user}});
    await cache.idle();
    await cache.clear({partition: 'ann'});
    expect(await ask({url: '/a', fields: {'x-user': 'bob'}})).toMatchObject(hit);
    expect(await ask({url: '/a', fields: {'x-user': 'ann'}})).toMatchObject({was: 'fwd=uri-miss; stored'});
  });

  both('no secret stands in what is listed, said or named', async open => {
    const {cache, origin, ask} = await open();
    const said: unknown[] = [];
    for (const type of ['hit', 'miss', 'store', 'revalidate', 'refuse', 'clear'] as const) {
      cache.on(type, event => void said.push(event));
    }
    origin.answering = () => ({fields: {...fresh, vary: 'authorization'}});
    const asked = {url: '/a?api_key=hush', fields: {authorization: 'hush', cookie: 'hush', 'x-api-key': 'hush'}};
    said.push((await ask(asked)).was, (await ask(asked)).was);
    await cache.idle();
    for await (const stored of cache.entries()) said.push(stored);
    said.push(await cache.explain(new Request('https://a.example/a?api_key=hush', {headers: asked.fields})));
    expect(said.length).toBeGreaterThan(4);
    expect(JSON.stringify(said)).not.toContain('hush');
  });
});

describe('4. Nothing half', () => {
  const halves: readonly (readonly [string, Reply])[] = [
    ['one that breaks off', {body: streamOf(['hel'], new Error('reset'))}],
    ['one shorter than announced', {fields: {...fresh, 'content-length': '9'}, body: 'hello'}],
    ['one longer than announced', {fields: {...fresh, 'content-length': '2'}, body: 'hello'}],
    ['one longer than is kept', {body: 'x'.repeat(100)}],
    ['a part that calls itself whole', {fields: {...fresh, 'content-range': 'bytes 0-4/9'}}],
    ['a part longer than it says', {status: 206, fields: {...fresh, 'content-range': 'bytes 0-3/9'}}],
    ['a part that does not say which', {status: 206, fields: fresh}],
    ['several parts', {status: 206, fields: {...fresh, 'content-type': 'multipart/byteranges; boundary=x'}}],
    ['an opaque one', {type: 'opaque', status: 0, body: null}],
  ];
  const memory = (): World => scripted(new MemoryStore(), new Clock(), 'streams', {maxBodyBytes: 50});

  test.each(halves)('%s is not stored', async (_, reply) => {
    const {cache, origin, ask} = memory();
    origin.script([reply, {body: 'whole'}]);
    await ask('/a').catch(() => undefined);
    await cache.idle();
    expect(await ask('/a')).toMatchObject({body: 'whole', was: 'fwd=uri-miss; stored'});
  });

  test('one its reader left, or its caller aborted, is not stored', async () => {
    const {cache, origin, send, ask} = memory();
    const leaving = new AbortController();
    origin.script([{body: streamOf(['hel', 'lo'])}, {body: streamOf(['hel', 'lo'])}, {body: 'whole'}]);
    await readerOf(await send('/a')).cancel();
    const reader = readerOf(await send({url: '/a', signal: leaving.signal}));
    await reader.read();
    leaving.abort(new Error('left'));
    await expect(reader.read()).rejects.toThrow('left');
    await cache.idle();
    expect((await ask('/a')).body).toBe('whole');
  });

  test('one whose store fails halfway is not stored', async () => {
    const clock = new Clock();
    const store = new SlowStore(new MemoryStore(), run => void setImmediate(run));
    const {cache, origin, ask} = scripted(store, clock, 'streams');
    origin.script([{body: ['hel', 'lo']}, {body: 'whole'}]);
    store.fail(new Error('full disk'), 'write');
    expect((await ask('/a')).body).toBe('hello');
    await cache.idle();
    store.heal();
    expect((await ask('/a')).body).toBe('whole');
  });
});

describe('5. The cache may fail; the request may not', () => {
  test('a store all of whose methods fail costs events, not answers', async () => {
    const store = new SlowStore(new MemoryStore(), run => void setImmediate(run));
    const {cache, origin, ask} = scripted(store, new Clock(), 'streams');
    const errors: unknown[] = [];
    cache.on('error', ({error}) => void errors.push(error));
    origin.answering = ({method}) => ({body: method});
    const all = [
      'tick',
      'list',
      'counts',
      'body',
      'write',
      'commit',
      'update',
      'clear',
      'through',
      'reached',
      'pseudonym',
      'size',
    ] as const;
    store.fail(new Error('down'), ...all);
    const asked = {url: '/a?token=x', fields: {authorization: 'one'}};
    expect((await ask(asked)).body).toBe('GET');
    expect((await ask({...asked, method: 'DELETE'})).body).toBe('DELETE');
    expect((await ask('/a')).body).toBe('GET');
    expect(errors.length).toBeGreaterThan(0);
    await expect(cache.clear()).rejects.toMatchObject({code: 'CLEAR_FAILED'});
    await expect(cache.expire()).rejects.toMatchObject({code: 'EXPIRE_FAILED'});
  });

  test('an invalidation that failed bypasses what it selects until it is applied', async () => {
    const store = new SlowStore(new MemoryStore(), run => void setImmediate(run));
    const {cache, clock, origin, ask} = scripted(store, new Clock(), 'streams');
    let version = 0;
    origin.answering = ({method}) => (method === 'GET' ? {body: `version ${version}`} : {status: 204});
    await ask('/a');
    await cache.idle();
    store.fail(new Error('down'), 'clear');
    version = 1;
    expect((await ask({url: '/a', method: 'PUT'})).status).toBe(204);
    expect((await ask('/a')).body).toBe('version 1');
    store.heal();
    await clock.advance(2);
    for (const _ of [1, 2, 3]) expect((await ask('/a')).body).toBe('version 1');
  });
});

describe('6. Callers are independent', () => {
  both('one that aborts, changes its bytes or reads nothing harms no other', async open => {
    const {cache, origin, send, ask} = await open();
    const {readable, send: sendChunk, end} = live();
    origin.script([{body: readable}]);
    const leaving = new AbortController();
    const answers = await Promise.all([send({url: '/a', signal: leaving.signal}), send('/a'), send('/a'), send('/a')]);
    expect(origin.seen).toHaveLength(1);
    const [aborting, changing, , reading] = answers.map(readerOf);
    await sendChunk('hel');
    const changed = (await changing?.read())?.value;
    changed?.fill(0);
    expect(aborting && (await chunkOf(aborting))).toBe('hel');
    leaving.abort(new Error('left'));
    await expect(aborting?.read()).rejects.toThrow('left');
    await sendChunk('lo');
    await end();
    expect(reading && (await chunkOf(reading)) + (await chunkOf(reading))).toBe('hello');
    expect((await reading?.read())?.done).toBe(true);
    await cache.idle();
    expect(await ask('/a')).toMatchObject({body: 'hello', ...hit});
  });

  both('an error of one is not the error of those who joined it', async open => {
    const {origin, ask} = await open();
    const held = origin.hold();
    const one = ask('/a').catch((error: Error) => error.message);
    await until(() => held.waiting === 1);
    const two = ask('/a');
    await settled();
    await held.answer({error: new Error('mine')});
    await held.answer({body: 'yours'});
    expect([await one, (await two).body]).toEqual(['mine', 'yours']);
  });
});

describe('7. Bounded', () => {
  test('random credentials and random nominated values do not evict everyone', async () => {
    const clock = new Clock();
    const {origin, ask, cache} = scripted(new MemoryStore({maxCount: 500, now: () => clock.now}), clock, 'bytes');
    origin.answering = ({url}) => ({fields: {...fresh, ...(url.endsWith('/many') && {vary: 'x-random'})}});
    for (let index = 0; index < 20; index += 1) await ask(`/mine/${index}`);
    for (let index = 0; index < 1000; index += 1) await ask({url: '/many', fields: {'x-random': String(index)}});
    for (let index = 0; index < 100; index += 1)
      await ask({url: `/user/${index}`, fields: {authorization: 'one user'}});
    const mine = await Promise.all(Array.from({length: 20}, (_, index) => ask(`/mine/${index}`)));
    expect(mine.filter(({was}) => was === hit.was).length).toBe(20);
    expect((await cache.stats()).size?.count).toBeLessThanOrEqual(500);
  });

  test('bytes, counts and listeners have limits', async () => {
    const clock = new Clock();
    const {cache, origin, ask} = scripted(new MemoryStore({maxBytes: 100_000, now: () => clock.now}), clock, 'bytes');
    origin.answering = () => ({body: 'x'.repeat(5000)});
    for (let index = 0; index < 100; index += 1) await ask(`/${index}`);
    expect((await cache.stats()).size?.bytes).toBeLessThanOrEqual(100_000);
    for (let index = 0; index < 100; index += 1) cache.on('hit', () => undefined);
    expect(() => cache.on('hit', () => undefined)).toThrow(/more than 100 listeners/);
  });

  test('validations behind answers are bounded', async () => {
    const {cache, clock, origin, ask} = scripted(new MemoryStore(), new Clock(), 'bytes', {staleWhileRevalidate: '1d'});
    origin.answering = () => ({});
    for (let index = 0; index < 300; index += 1) await ask(`/${index}`);
    await clock.advance(61);
    const held = origin.hold();
    for (let index = 0; index < 300; index += 1) await ask(`/${index}`);
    expect(held.waiting).toBe(256);
    await cache.close();
  });
});

describe('8. Streams stay streams', () => {
  both('a miss reaches its caller chunk by chunk, before it has ended', async open => {
    const {origin, send} = await open();
    const {readable, send: sendChunk, end} = live();
    origin.script([{body: readable}]);
    const reader = readerOf(await send('/a'));
    for (const chunk of ['one', 'two']) {
      await sendChunk(chunk);
      expect(await chunkOf(reader)).toBe(chunk);
    }
    await end();
    expect((await reader.read()).done).toBe(true);
  });

  both('nothing is read that nobody asks for, and the fastest sets the pace', async open => {
    const {origin, send} = await open();
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: controller => {
          pulled += 1;
          controller.enqueue(new TextEncoder().encode('x'));
        },
      },
      {highWaterMark: 0},
    );
    origin.script([{body}]);
    const [fast] = (await Promise.all([send('/a'), send('/a')])).map(readerOf);
    await settled();
    expect(pulled).toBeLessThanOrEqual(1);
    for (const _ of [1, 2, 3]) await fast?.read();
    await settled();
    expect(pulled).toBeLessThanOrEqual(4);
    await fast?.cancel();
  });

  both('one too large to keep passes through untouched', async open => {
    const {cache, origin, ask} = await open({maxBodyBytes: 1000});
    const chunks = Array.from({length: 100}, (_, index) => String(index).padStart(100, ' '));
    origin.script([{body: chunks}]);
    expect((await ask('/a')).body).toBe(chunks.join(''));
    expect((await cache.stats()).size?.count).toBe(0);
  });
});

describe('9. Explained', () => {
  both('every answer says what became of the request, and every refusal has a reason with its section', async open => {
    const {cache, origin, ask} = await open();
    const refusals: unknown[] = [];
    cache.on('refuse', ({because, section}) => refusals.push([because, section]));
    origin.answering = ({method}) => (method === 'GET' ? {} : {status: 204});
    const was = async (asked: Parameters<World['ask']>[0]) => {
      const answer = await ask(asked);
      await cache.idle();
      return answer.was;
    };
    expect(await was('/a')).toBe('fwd=uri-miss; stored');
    expect(await was('/a')).toBe('hit; ttl=60');
    expect(await was({url: '/a', method: 'POST'})).toBe('fwd=method');
    expect(await was({url: '/a', mode: 'no-store'})).toBe('fwd=bypass; detail=mode-no-store');
    expect(await was({url: '/a', options: false})).toBe('fwd=bypass; detail=disabled');
    expect(refusals).toEqual([]);
    origin.script([{fields: {'cache-control': 'no-store'}}]);
    expect(await was('/b')).toBe('fwd=uri-miss; detail=no-store');
    expect(refusals).toEqual([['no-store', 'RFC 9111 §5.2.2.5']]);
  });

  both('explain says beforehand what then happens', async open => {
    const {cache, clock, origin, ask} = await open();
    origin.answering = ({fields}) =>
      fields.has('if-none-match') ? {status: 304, fields: {etag: '"a"'}} : {fields: {...fresh, etag: '"a"'}};
    const foretold = async () => (await cache.explain('https://a.example/a')).decision;
    expect(await foretold()).toBe('forward');
    await ask('/a');
    await cache.idle();
    expect(await foretold()).toBe('reuse');
    await clock.advance(61);
    expect(await foretold()).toBe('validate');
    expect((await ask('/a')).was).toContain('fwd-status=304');
  });
});

describe('10. No quiet failure', () => {
  test.each<[string, object]>([
    ['an unknown option', {tll: '5m'}],
    ['a duration without a unit that is one', {networkTimeout: '5 min'}],
    ['an undefined condition of a rule', {rules: [{for: undefined, ttl: '5m'}]}],
    ['a rule’s unknown option', {rules: [{ttl: '5m'}, {tll: '5m'}]}],
    ['another kind', {kind: 'public'}],
    ['a store that is none', {store: new Map()}],
  ])('%s is a TypeError when the cache is made', (_, options) => {
    expect(() => new HttpCache(options as never)).toThrow(TypeError);
    expect(() => new HttpCache(options as never)).toThrow(/^limpid: /);
  });

  test('the message names the option, its value and what is allowed', () => {
    const make = (): unknown => new HttpCache({rules: [{}, {}, {ttl: '5 min' as never}]});
    expect(make).toThrow('limpid: rules[2].ttl is "5 min"; allowed: milliseconds or text like "90s", "5m", "7d"');
  });

  test('a request’s wrong option is its error, before anything is sent', async () => {
    const {origin, ask} = scripted(new MemoryStore(), new Clock(), 'bytes');
    origin.answering = () => ({});
    await expect(ask({url: '/a', options: {ttl: -1}})).rejects.toThrow(/^limpid: limpid\.ttl is -1; allowed: /);
    await expect(ask({url: '/a', method: 'POST', options: {clears: {tags: 'a'} as never}})).rejects.toThrow(TypeError);
    expect(origin.seen).toHaveLength(0);
  });

  test('clearing what was never set is an error, and clears nothing', async () => {
    const cache = new HttpCache();
    await cache.put('https://a.example/', new Response('a', {headers: fresh}));
    for (const wrong of [undefined, {}, {tag: undefined}, {tags: 'a'}, '/a']) {
      await expect(cache.clear(wrong as never)).rejects.toThrow(TypeError);
    }
    expect((await cache.stats()).size?.count).toBe(1);
  });

  test('a closed cache says so', async () => {
    const cache = new HttpCache();
    await cache.close();
    await expect(cache.clear()).rejects.toMatchObject({code: 'CLOSED'});
  });
});

test('a hit over a synchronous store is there at once, without a promise', async () => {
  const {cache, origin, ask, url} = scripted(new MemoryStore(), new Clock(), 'bytes');
  origin.script([{}]);
  await ask('/a');
  const {requestHead} = await import('./builders.ts');
  const answer = cache.handle(requestHead({url: url('/a')}), origin.transport);
  expect(answer).not.toBeInstanceOf(Promise);
  expect(await shown(await answer)).toMatchObject(hit);
});
