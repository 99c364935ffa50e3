import {getEventListeners} from 'node:events';
import {describe, expect, test} from 'vitest';
import {Clock, settled} from '../../test/scenarios/clock.ts';
import {Spool} from './spool.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A source that counts how often it was pulled, and a target that notes what became of the body. */
function spooled(
  texts: readonly string[],
  {maxBytes = 100, breaks}: {readonly maxBytes?: number; readonly breaks?: Error} = {},
) {
  const waiting = [...texts];
  const clock = new Clock();
  const noted: string[] = [];
  const source = {pulled: 0, cancelled: undefined as unknown};
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: controller => {
        source.pulled += 1;
        const next = waiting.shift();
        if (next !== undefined) controller.enqueue(bytes(next));
        else if (breaks === undefined) controller.close();
        else controller.error(breaks);
      },
      cancel: reason => {
        source.cancelled = reason;
      },
    },
    {highWaterMark: 0},
  );
  const target = {
    write: (chunk: Uint8Array) => void noted.push(`write ${new TextDecoder().decode(chunk)}`),
    complete: (chunks: readonly Uint8Array[]) => void noted.push(`complete ${chunks.length}`),
    abandon: (because: string) => void noted.push(`abandon ${because}`),
  };
  const spool = new Spool(stream, target, {maxBytes, stall: 30_000, timers: clock.timers});
  return {spool, source, noted, clock};
}

const next = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | undefined> => {
  const {done, value} = await reader.read();
  return done ? undefined : new TextDecoder().decode(value);
};

const all = async (stream: ReadableStream<Uint8Array>): Promise<string> =>
  new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();

test('a chunk that is no Uint8Array fails the body, which is not stored', async () => {
  const noted: string[] = [];
  const target = {
    write: () => undefined,
    complete: () => void noted.push('complete'),
    abandon: (because: string) => void noted.push(`abandon ${because}`),
  };
  const source = new ReadableStream<Uint8Array>({
    start: controller => controller.enqueue('hello' as unknown as Uint8Array),
    cancel: () => void noted.push('cancel'),
  });
  const spool = new Spool(source, target, {maxBytes: 100, stall: 30_000, timers: new Clock().timers});
  await expect(all(spool.read())).rejects.toThrow(TypeError);
  expect(noted.toSorted()).toEqual(['abandon incomplete', 'cancel']);
});

describe('the pace', () => {
  test('nothing is read before a reader asks', async () => {
    const {spool, source} = spooled(['one', 'two']);
    spool.read();
    await settled();
    expect(source.pulled).toBe(0);
  });

  test('nothing is read ahead of the fastest reader', async () => {
    const {spool, source} = spooled(['one', 'two', 'three']);
    const reader = spool.read().getReader();
    expect(await next(reader)).toBe('one');
    await settled();
    expect(source.pulled).toBe(1);
  });

  test('a slow reader holds up nobody, and reads what came from the beginning', async () => {
    const {spool, source} = spooled(['one', 'two']);
    const [fast, slow] = [spool.read(), spool.read().getReader()];
    expect(await all(fast)).toBe('onetwo');
    expect(await next(slow)).toBe('one');
    expect(await next(slow)).toBe('two');
    expect(await next(slow)).toBeUndefined();
    expect(source.pulled).toBe(3);
  });

  test('two readers that wait for the same chunk cause one read', async () => {
    const {spool, source} = spooled(['one']);
    const readers = [spool.read().getReader(), spool.read().getReader()];
    expect(await Promise.all(readers.map(next))).toEqual(['one', 'one']);
    expect(source.pulled).toBe(1);
  });

  test('a reader that comes after the end has it all', async () => {
    const {spool} = spooled(['one', 'two']);
    await spool.drain();
    expect(spool.admits).toBe(true);
    expect(await all(spool.read())).toBe('onetwo');
  });
});

describe('the target', () => {
  test('has every chunk once, in order, and the end before any reader', async () => {
    const {spool, noted} = spooled(['one', '', 'two']);
    const seen = await Promise.all([all(spool.read()).then(text => [text, noted.at(-1)]), all(spool.read())]);
    expect(seen).toEqual([['onetwo', 'complete 2'], 'onetwo']);
    expect(noted).toEqual(['write one', 'write two', 'complete 2']);
  });

  test('hears of a body that broke, as do its readers', async () => {
    const {spool, noted} = spooled(['one'], {breaks: new Error('reset')});
    const read = await Promise.allSettled([all(spool.read()), all(spool.read())]);
    expect(read.map(({status}) => status)).toEqual(['rejected', 'rejected']);
    expect(noted).toEqual(['write one', 'abandon incomplete']);
    expect(spool.admits).toBe(false);
  });

  test('hears that everybody left, and the source is let go', async () => {
    const {spool, source, noted} = spooled(['one', 'two']);
    const readers = [spool.read().getReader(), spool.read().getReader()] as const;
    await next(readers[0]);
    await readers[0].cancel();
    expect(source.cancelled).toBeUndefined();
    await readers[1].cancel();
    expect(source.cancelled).toMatchObject({name: 'AbortError'});
    expect(noted).toEqual(['write one', 'abandon unread']);
    expect(spool.admits).toBe(false);
  });

  test('hears of a body that nobody came to read', () => {
    const {spool, noted} = spooled(['one']);
    spool.leave();
    expect(noted).toEqual(['abandon unread']);
  });

  test('keeps a body with a reader when others are no longer expected', async () => {
    const {spool, noted} = spooled(['one']);
    const reading = all(spool.read());
    spool.leave();
    expect(await reading).toBe('one');
    expect(noted).toEqual(['write one', 'complete 1']);
  });
});

describe('a reader’s bytes', () => {
  test('are its own', async () => {
    const {spool} = spooled(['one']);
    const first = await spool.read().getReader().read();
    first.value?.fill(0);
    expect(await next(spool.read().getReader())).toBe('one');
  });

  test('may be read into a buffer of its own, of any size', async () => {
    const {spool} = spooled(['hello', ' you']);
    const reader = spool.read().getReader({mode: 'byob'});
    const parts: string[] = [];
    for (;;) {
      const {done, value} = await reader.read(new Uint8Array(3));
      if (done) break;
      parts.push(new TextDecoder().decode(value));
    }
    expect(parts.join('')).toBe('hello you');
    expect(parts.every(part => part.length <= 3)).toBe(true);
  });
});

describe('a signal', () => {
  test('ends its reader alone, with its reason', async () => {
    const {spool, noted} = spooled(['one', 'two']);
    const leaving = new AbortController();
    const [mine, other] = [spool.read(leaving.signal).getReader(), spool.read()];
    expect(await next(mine)).toBe('one');
    leaving.abort(new Error('mine'));
    await expect(mine.read()).rejects.toThrow('mine');
    expect(await all(other)).toBe('onetwo');
    expect(noted.at(-1)).toBe('complete 2');
  });

  test('that has already aborted ends its reader at once', async () => {
    const {spool} = spooled(['one']);
    await expect(next(spool.read(AbortSignal.abort(new Error('mine'))).getReader())).rejects.toThrow('mine');
  });

  test('keeps no listener after the end, a cancel or a failure', async () => {
    const {signal} = new AbortController();
    const [whole, left, broken] = [spooled(['one']), spooled(['one']), spooled([], {breaks: new Error('reset')})];
    await all(whole.spool.read(signal));
    await left.spool.read(signal).cancel();
    await expect(all(broken.spool.read(signal))).rejects.toThrow();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('a body too large to keep', () => {
  const texts = ['aaaaaa', 'bbbbbb', 'cccccc', 'dddddd'];

  test('passes whole to its reader, and the target hears of it once', async () => {
    const {spool, noted} = spooled(texts, {maxBytes: 10});
    expect(await all(spool.read())).toBe(texts.join(''));
    expect(noted).toEqual(['write aaaaaa', 'abandon too-large']);
  });

  test('admits no further reader', async () => {
    const {spool} = spooled(texts, {maxBytes: 10});
    const reader = spool.read().getReader();
    await next(reader);
    expect(spool.admits).toBe(true);
    await next(reader);
    expect(spool.admits).toBe(false);
  });

  test('is read no further than its slowest reader allows', async () => {
    const {spool, source} = spooled(texts, {maxBytes: 10});
    const [fast, slow] = [spool.read().getReader(), spool.read().getReader()];
    await next(fast);
    await next(fast);
    const third = next(fast);
    await settled();
    expect(source.pulled).toBe(2);
    expect(await next(slow)).toBe('aaaaaa');
    expect(await third).toBe('cccccc');
  });

  test.each(['first', 'last'])(
    'fails a reader that stalls beyond the limit, joined %s, and goes on for the other',
    async when => {
      const {spool, clock} = spooled(texts, {maxBytes: 10});
      const early = when === 'first' ? spool.read().getReader() : undefined;
      const fast = all(spool.read());
      const slow = early ?? spool.read().getReader();
      await settled();
      await clock.advance(30);
      expect(await fast).toBe(texts.join(''));
      await expect(next(slow)).rejects.toMatchObject({name: 'TimeoutError'});
      expect(clock.waiting).toBe(0);
    },
  );

  test('goes on for the other when the slow reader leaves', async () => {
    const {spool, clock} = spooled(texts, {maxBytes: 10});
    const [fast, slow] = [spool.read(), spool.read()];
    const reading = all(fast).catch((error: Error) => `failed: ${error.message}`);
    await settled();
    await slow.cancel();
    await settled();
    await clock.advance(31);
    expect(await reading).toBe(texts.join(''));
  });

  test.each(['cancels', 'aborts'])('goes on for the slow reader when the one that waits for it %s', async how => {
    const {spool, clock} = spooled(texts, {maxBytes: 10});
    const leaving = new AbortController();
    const [fast, slow] = [spool.read(leaving.signal).getReader(), spool.read().getReader()];
    await next(fast);
    await next(fast);
    const waiting = next(fast).catch(() => undefined);
    await settled();
    expect(clock.waiting).toBe(1);
    if (how === 'cancels') await fast.cancel();
    else leaving.abort();
    await settled();
    expect(clock.waiting).toBe(0);
    await clock.advance(31);
    expect(await waiting).toBeUndefined();
    for (const expected of [...texts, undefined]) expect(await next(slow)).toBe(expected);
  });
});

test('who comes when the beginning is no longer held fails, and holds nobody up', async () => {
  const {spool} = spooled(['abcd', 'efgh', 'ijkl'], {maxBytes: 4});
  const reader = spool.read().getReader();
  expect([await next(reader), await next(reader)]).toEqual(['abcd', 'efgh']);
  const late = {name: 'InvalidStateError'};
  await expect(all(spool.read())).rejects.toMatchObject(late);
  await expect(spool.arriving().bytes()).rejects.toMatchObject(late);
  expect([await next(reader), await next(reader)]).toEqual(['ijkl', undefined]);
});

test('those who stand still at different places are left behind together', async () => {
  const {spool, clock} = spooled(['abcd', 'efgh', 'ijkl', 'mnop'], {maxBytes: 4});
  const [first, second, quick] = [spool.read(), spool.read(), spool.read()].map(stream => stream.getReader());
  if (first === undefined || second === undefined || quick === undefined) expect.unreachable();
  await next(second);
  const read = (async () => [await next(quick), await next(quick), await next(quick), await next(quick)])();
  await settled();
  await clock.advance(30);
  expect(await read).toEqual(['abcd', 'efgh', 'ijkl', 'mnop']);
  for (const slow of [first, second]) await expect(next(slow)).rejects.toMatchObject({name: 'TimeoutError'});
});

test('reading for the target’s sake ends where it can no longer be kept', async () => {
  const {spool, source} = spooled(['abcd', 'efgh', 'ijkl', 'mnop'], {maxBytes: 6});
  await spool.drain();
  expect(source.pulled).toBe(2);
  expect(source.cancelled).toMatchObject({name: 'AbortError'});
});
