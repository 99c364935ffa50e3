import {Fields} from '../fields/fields.ts';
import {
  bodyOf,
  bytesOf,
  type ContractTest,
  clear,
  commit,
  entriesOf,
  everything,
  idsIn,
  keep,
  onlyIn,
  response,
  same,
} from './contract-support.ts';

const everyByte = Uint8Array.from({length: 1024 * 1024}, (_, index) => (index * 31) % 256);

/** Storing, listing, reading and freshening. */
export const bodyTests: readonly ContractTest[] = [
  [
    'bytes come back as they were written, whatever the chunks',
    async store => {
      const bodies = [[], [Uint8Array.of(0)], [bytesOf('a'), bytesOf(''), bytesOf('b')], [everyByte, everyByte]];
      for (const [index, chunks] of bodies.entries()) {
        const stored = response({resource: `https://a.example/${index}`, began: await store.tick()});
        same(await commit(store.put(stored), ...chunks), 'stored', 'the outcome of a put');
        const expected = new Uint8Array(await new Blob(chunks.map(chunk => chunk.slice())).arrayBuffer());
        const listed = await onlyIn(store, stored.resource);
        same(listed.size, expected.byteLength, 'size');
        same(await bodyOf(store, listed), expected, 'the body');
      }
    },
  ],
  [
    'a range of a body is those bytes, cut off at the end',
    async store => {
      const stored = await keep(store, {}, '0123456789');
      same(await bodyOf(store, stored, {offset: 2, length: 3}), bytesOf('234'), 'a range');
      same(await bodyOf(store, stored, {offset: 8, length: 5}), bytesOf('89'), 'a range past the end');
    },
  ],
  [
    'a stored response comes back with every field line, in order, repeats apart',
    async store => {
      const fields = Fields.from([
        ['set-cookie', 'a=1'],
        ['x-odd', 'é "quoted", \\ 😀'],
        ['set-cookie', 'b=2'],
        ['accept', ''],
      ]);
      const url = 'https://a.example/';
      const head = {status: 203, statusText: 'Søme', fields, url, redirected: false, type: 'cors'};
      const stored = await keep(store, {
        head,
        method: 'QUERY',
        partition: 'somebody',
        content: 'digest',
        variant: 'cors',
        client: 'browser',
        nominated: [
          ['accept', 'text/html'],
          ['accept-language', undefined],
        ],
        tags: ['one', 'two'],
        givenTags: ['one'],
        groups: ['scripts'],
      });
      const listed = await onlyIn(store);
      same({...listed, size: 0, lastUsed: 0}, {...stored, size: 0, lastUsed: 0}, 'the stored response');
    },
  ],
  [
    'only what is stored under a resource is listed',
    async store => {
      const head = await keep(store, {method: 'HEAD'});
      const other = await keep(store, {partition: 'other'});
      await keep(store, {resource: 'https://a.example/2'});
      same(await idsIn(store), [head.id, other.id].toSorted(), 'the ids listed');
      same(await idsIn(store, 'https://a.example/none'), [], 'what nothing is stored under');
    },
  ],
  [
    'nothing is visible before commit',
    async store => {
      const sink = store.put(response({began: await store.tick()}));
      await sink.write(bytesOf('half'));
      same(await idsIn(store), [], 'list before commit');
      same((await clear(store, everything, {action: 'count', exact: true})).count, 0, 'count before commit');
      same(await sink.commit(), 'stored', 'the outcome');
      same((await idsIn(store)).length, 1, 'responses listed after commit');
    },
  ],
  [
    'an aborted body leaves nothing, and may be aborted again',
    async store => {
      const stored = response({began: await store.tick()});
      const sink = store.put(stored);
      await sink.write(bytesOf('half'));
      sink.abort();
      sink.abort();
      same(await idsIn(store), [], 'list after abort');
      same(await bodyOf(store, stored), undefined, 'the aborted body');
      same(await store.size(), {count: 0, bytes: 0}, 'size');
    },
  ],
  [
    'bodies written at the same time stay apart',
    async store => {
      const began = await store.tick();
      const [one, other] = [response({began}), response({began})];
      const [oneSink, otherSink] = [store.put(one), store.put(other)];
      for (const part of ['1', '2', '3']) {
        await Promise.all([oneSink.write(bytesOf(`a${part}`)), otherSink.write(bytesOf(`b${part}`))]);
      }
      same(await Promise.all([oneSink.commit(), otherSink.commit()]), ['stored', 'stored'], 'the outcomes');
      same(await bodyOf(store, one), bytesOf('a1a2a3'), 'one body');
      same(await bodyOf(store, other), bytesOf('b1b2b3'), 'the other body');
    },
  ],
  [
    'a response replaces an earlier one with an equal key',
    async store => {
      const earlier = await keep(store, {key: 'k', requestTime: 1000}, 'earlier');
      const later = await keep(store, {key: 'k', requestTime: 2000}, 'later');
      same(await idsIn(store), [later.id], 'the ids listed');
      same(await bodyOf(store, earlier), undefined, 'the replaced body');
      same(await store.size(), {count: 1, bytes: 5}, 'size');
    },
  ],
  [
    'a response does not replace one that was requested later',
    async store => {
      const began = await store.tick();
      const slow = store.put(response({key: 'k', requestTime: 1000, began}));
      const later = await keep(store, {key: 'k', requestTime: 2000});
      same(await commit(slow, bytesOf('slow')), 'fenced', 'the outcome');
      same(await idsIn(store), [later.id], 'the ids listed');
    },
  ],
  [
    'a response replaces one that a clock since set back has dated in the future',
    async store => {
      const hour = 3_600_000;
      await keep(store, {key: 'k', requestTime: Date.now() + hour, responseTime: Date.now() + hour});
      const later = await keep(store, {key: 'k'}, 'later');
      same(await idsIn(store), [later.id], 'the ids listed');
      same(await bodyOf(store, later), bytesOf('later'), 'the body');
    },
  ],
  [
    'of responses with an equal key that are stored at once, one stays, whole',
    async store => {
      const began = await store.tick();
      const all = Array.from({length: 20}, () => response({key: 'k', began, requestTime: 1000}));
      const outcomes = await Promise.all(
        all.map(async stored => commit(store.put(stored), bytesOf(stored.id), bytesOf(`, again ${stored.id}`))),
      );
      if (!outcomes.includes('stored')) throw new Error(`none was stored: ${outcomes.join()}`);
      const left = await onlyIn(store);
      same(await bodyOf(store, left), bytesOf(`${left.id}, again ${left.id}`), 'the body');
      same(await store.size(), {count: 1, bytes: left.size}, 'size');
      same((await entriesOf(store, everything)).length, 1, 'how many entries there are');
    },
  ],
  [
    'an equal key under another resource is another response',
    async store => {
      await keep(store, {key: 'k'});
      await keep(store, {key: 'k', resource: 'https://a.example/2'});
      same((await store.size()).count, 2, 'count');
    },
  ],
  [
    'an update replaces the head and the facts, and keeps the bytes',
    async store => {
      const stored = await keep(store, {requestTime: 1000}, 'kept');
      const fields = Fields.from({etag: '"2"'});
      const facts = {...stored.facts, lifetime: 90};
      const changes = {head: {...stored.head, fields}, facts, requestTime: 2000, responseTime: 2001, tags: ['new']};
      same(await store.update({...stored, ...changes}), 'stored', 'the outcome');
      const listed = await onlyIn(store);
      same({...listed, lastUsed: 0}, {...stored, ...changes, size: 4, lastUsed: 0}, 'the updated response');
      same(await bodyOf(store, listed), bytesOf('kept'), 'the body');
      await clear(store, [{type: 'scope', scope: {type: 'tag', tag: 'new'}}]);
      same(await idsIn(store), [], 'what is left after its new tag is cleared');
    },
  ],
  [
    'an update of what is not there is gone',
    async store => {
      same(await store.update(response({began: await store.tick()})), 'gone', 'the outcome');
      same(await idsIn(store), [], 'the ids listed');
    },
  ],
  [
    'an update by an older exchange than the last is fenced',
    async store => {
      const stored = await keep(store, {requestTime: 2000});
      same(await store.update({...stored, requestTime: 1000}), 'fenced', 'the outcome');
      same((await onlyIn(store)).requestTime, 2000, 'requestTime');
    },
  ],
  [
    'reading a body counts as a use',
    async store => {
      const stored = await keep(store);
      const before = Date.now();
      await bodyOf(store, stored);
      const [entry] = await entriesOf(store, everything);
      if (entry === undefined || entry.lastUsed < before) throw new Error('lastUsed is older than the use');
    },
  ],
];
