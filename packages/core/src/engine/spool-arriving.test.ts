// The spool for readers who want no stream; everything else about it is in spool.test.ts.

import {getEventListeners} from 'node:events';
import {describe, expect, test} from 'vitest';
import {Clock, settled} from '../../test/scenarios/clock.ts';
import {CachedResponse} from '../fetch-api/cached-response.ts';
import {Fields} from '../fields/fields.ts';
import {Spool} from './spool.ts';

type Source = ReadableStreamDefaultController<Uint8Array>;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array): string => new TextDecoder().decode(read);

function spooled(maxBytes = 100) {
  const clock = new Clock();
  const noted: string[] = [];
  const source = {pulled: 0, cancelled: false};
  let controller: Source | undefined;
  const stream = new ReadableStream<Uint8Array>(
    {
      start: given => {
        controller = given;
      },
      pull: () => {
        source.pulled += 1;
      },
      cancel: () => {
        source.cancelled = true;
      },
    },
    {highWaterMark: 0},
  );
  const target = {
    write: (chunk: Uint8Array) => void noted.push(`write ${text(chunk)}`),
    complete: (chunks: readonly Uint8Array[]) => void noted.push(`complete ${chunks.length}`),
    abandon: (because: string) => void noted.push(`abandon ${because}`),
  };
  const spool = new Spool(stream, target, {maxBytes, stall: 30_000, timers: clock.timers});
  const send = (...chunks: string[]): void => {
    for (const chunk of chunks) controller?.enqueue(bytes(chunk));
  };
  return {spool, source, noted, clock, send, end: () => controller?.close(), fail: (e: Error) => controller?.error(e)};
}

describe('a body taken as a whole', () => {
  test('is nothing to the source before it is taken', async () => {
    const {spool, source} = spooled();
    spool.arriving();
    await settled();
    expect(source.pulled).toBe(0);
  });

  test('is complete, its reader’s own, and in the store before its reader has it', async () => {
    const {spool, noted, send, end} = spooled();
    const taken = spool.arriving().bytes();
    send('one', 'two');
    end();
    const read = await taken;
    expect([text(read), read.byteLength === read.buffer.byteLength, noted.at(-1)]).toEqual([
      'onetwo',
      true,
      'complete 2',
    ]);
    read.fill(0);
    expect(text(await spool.arriving().bytes())).toBe('onetwo');
  });

  test('may be followed by others, as a stream or as a whole', async () => {
    const {spool, send, end} = spooled();
    const body = spool.arriving();
    const others = [spool.arriving().bytes().then(text), new Response(spool.arriving().stream() as BodyInit).text()];
    const own = body.bytes().then(text);
    send('one', 'two');
    end();
    expect(await Promise.all([own, ...others])).toEqual(['onetwo', 'onetwo', 'onetwo']);
  });

  test('fails as its source does', async () => {
    const {spool, noted, send, fail} = spooled();
    const taken = [spool.arriving().bytes(), spool.arriving().bytes()];
    send('one');
    await settled();
    fail(new TypeError('terminated'));
    for (const one of taken) await expect(one).rejects.toThrow('terminated');
    expect(noted).toEqual(['write one', 'abandon incomplete']);
  });

  test('too large to keep passes whole', async () => {
    const {spool, noted, send, end} = spooled(4);
    const taken = spool.arriving().bytes();
    send('one', 'two', 'six');
    end();
    expect(text(await taken)).toBe('onetwosix');
    expect(noted).toEqual(['write one', 'abandon too-large']);
  });
});

test('a clone that nobody reads holds up nobody, however long the body', async () => {
  const {spool, clock, send, end} = spooled(4);
  const head = {status: 200, statusText: '', fields: Fields.none, url: '', redirected: false, type: 'basic'};
  const response = new CachedResponse(head, spool.arriving());
  response.clone();
  const read = response.text();
  send('one', 'two', 'six');
  end();
  expect([await read, clock.waiting]).toEqual(['onetwosix', 0]);
});

describe('its signal', () => {
  test('ends a reader that waits, with its reason, and lets the source go', async () => {
    const {spool, source, noted, send} = spooled();
    const leaving = new AbortController();
    const taken = spool.arriving(leaving.signal).bytes();
    send('one');
    await settled();
    leaving.abort(new Error('mine'));
    await expect(taken).rejects.toThrow('mine');
    expect([source.cancelled, noted.at(-1)]).toEqual([true, 'abandon unread']);
  });

  test.each(['bytes', 'stream'] as const)('that aborted before %s was asked for fails it', async way => {
    const {spool, source} = spooled();
    const leaving = new AbortController();
    const body = spool.arriving(leaving.signal);
    leaving.abort(new Error('mine'));
    const read = way === 'bytes' ? body.bytes() : new Response(body.stream() as BodyInit).arrayBuffer();
    await expect(read).rejects.toThrow('mine');
    expect(source.cancelled).toBe(true);
  });

  test('ends its reader alone', async () => {
    const {spool, send, end} = spooled();
    const leaving = new AbortController();
    const [mine, other] = [spool.arriving(leaving.signal).bytes(), spool.arriving().bytes()];
    send('one');
    await settled();
    leaving.abort(new Error('mine'));
    await expect(mine).rejects.toThrow('mine');
    send('two');
    end();
    expect(text(await other)).toBe('onetwo');
  });

  test('keeps no listener', async () => {
    const {signal} = new AbortController();
    const {spool, send, end} = spooled();
    const taken = [spool.arriving(signal).bytes(), spool.arriving(signal).bytes()];
    send('one');
    end();
    await Promise.all(taken);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
