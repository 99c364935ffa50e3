// Stores and networks that are broken on purpose, to see that the races notice.

import {formatContentRange, parseContentRange} from '../../src/fields/content-range.ts';
import type {Fields} from '../../src/fields/fields.ts';
import type {Store} from '../../src/model/store.ts';
import type {StoredResponse} from '../../src/model/stored-response.ts';
import type {Transport} from '../../src/model/transport.ts';
import type {Tick} from '../../src/model/units.ts';

/** The store as it is, except for some of its methods. */
function except(inner: Store, own: Partial<Store>): Store {
  return new Proxy(inner, {
    get: (target, name) => {
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Ignores when a response began: what was cleared while it was on its way comes back. */
export const unfenced = (inner: Store): Store => {
  const begunNow = (stored: StoredResponse): StoredResponse => ({...stored, began: inner.tick() as Tick});
  return except(inner, {
    put: stored => {
      const chunks: Uint8Array[] = [];
      return {
        write: chunk => void chunks.push(chunk),
        commit: async () => {
          const sink = inner.put(begunNow(stored));
          for (const chunk of chunks) await sink.write(chunk);
          return sink.commit();
        },
        abort: () => undefined,
      };
    },
    update: stored => inner.update(begunNow(stored)),
  });
};

/** Tells requests on their way nothing of clears: its counter stands still, and whatever has not come yet counts. */
export const unaware = (inner: Store): Store => except(inner, {tick: () => 1, counts: () => true});

/** Forgets what was expired. */
export const unexpiring = (inner: Store): Store =>
  except(inner, {
    list: async resource => (await inner.list(resource)).map(stored => ({...stored, expired: false})),
  });

/** Shows everybody's responses to everybody. */
export const swapping = (inner: Store): Store =>
  except(inner, {
    list: async resource => (await inner.list(resource)).map(stored => ({...stored, partition: '*'})),
  });

/** Keeps what has come of a body when the rest does not. */
export const halving = (inner: Store): Store =>
  except(inner, {
    put: stored => {
      const sink = inner.put(stored);
      return {write: chunk => sink.write(chunk), commit: () => sink.commit(), abort: () => void sink.commit()};
    },
  });

/** Answers with the body that was stored last, whichever is asked for. */
export const confusing = (inner: Store): Store => {
  let last: StoredResponse | undefined;
  return except(inner, {
    put: stored => {
      last = stored;
      return inner.put(stored);
    },
    body: async stored => (last && (await inner.body(last))) ?? inner.body(stored),
  });
};

/** Never gives back the room of a body that does not come. */
export const hoarding = (inner: Store): Store =>
  except(inner, {
    put: stored => {
      const sink = inner.put(stored);
      return {write: chunk => sink.write(chunk), commit: () => sink.commit(), abort: () => undefined};
    },
  });

/** The same network, but for what follows the first piece of a body. */
function afterFirstPiece(inner: Transport, rest: (close: () => void) => Promise<void>): Transport {
  return async (request, body, signal) => {
    const answer = await inner(request, body, signal);
    if (!(answer.body instanceof ReadableStream)) return answer;
    const reader = answer.body.getReader();
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      const {done, value} = await reader.read();
      if (!done) controller.enqueue(value);
      await reader.cancel();
      await rest(() => controller.close());
    };
    const head = {...answer.head, fields: answer.head.fields.without(['content-length'])};
    return {head, body: new ReadableStream({pull, cancel: reason => reader.cancel(reason)}, {highWaterMark: 0})};
  };
}

/** A network that loses the end of a body and says nothing of it. */
export const truncating = (inner: Transport): Transport => afterFirstPiece(inner, async close => close());

/** A network that loses a connection and does not notice. */
export const stalling = (inner: Transport): Transport => afterFirstPiece(inner, () => new Promise(() => undefined));

/** Gives the bytes that stand one place further on. */
export const misplacing = (inner: Store): Store =>
  except(inner, {
    body: (stored, range) => inner.body(stored, range && {...range, offset: range.offset + 1}),
  });

/** The same network, but for the fields of its answers. */
const withFields =
  (inner: Transport, changed: (fields: Fields) => Fields): Transport =>
  async (...sent) => {
    const {head, body} = await inner(...sent);
    return {head: {...head, fields: changed(head.fields)}, body};
  };

/** An origin that has one entity tag for everything, and so takes every If-Range for true. */
export const untelling = (inner: Transport): Transport => {
  const tagged = withFields(inner, fields => (fields.has('etag') ? fields.with('etag', '"always"') : fields));
  return (request, ...rest) => tagged({...request, fields: request.fields.without(['if-range'])}, ...rest);
};

/** A network that says of each part that it begins one byte later than it does. */
export const relabelling = (inner: Transport): Transport =>
  withFields(inner, fields => {
    const range = parseContentRange(fields.get('content-range') ?? '');
    if (range === 'invalid' || range.last + 1 === range.complete) return fields;
    const {first, last, complete} = range;
    return fields.with('content-range', formatContentRange({first: first + 1, last: last + 1, complete}));
  });
