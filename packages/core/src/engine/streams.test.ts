import {getEventListeners} from 'node:events';
import {describe, expect, test} from 'vitest';
import {settled} from '../../test/scenarios/clock.ts';
import {streamOf} from '../../test/scenarios/scripted-origin.ts';
import {abortable, unlessAborted} from './streams.ts';

const all = async (stream: ReadableStream<Uint8Array>): Promise<string> =>
  new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();
const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

/** A stream that never ends, and what it was cancelled with. */
function endless(): {readonly stream: ReadableStream<Uint8Array>; readonly seen: {pulled: number; reason: unknown}} {
  const seen = {pulled: 0, reason: undefined as unknown};
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: controller => {
        seen.pulled += 1;
        controller.enqueue(Uint8Array.of(1));
      },
      cancel: reason => {
        seen.reason = reason;
      },
    },
    {highWaterMark: 0},
  );
  return {stream, seen};
}

describe('an abortable stream', () => {
  test('is the stream, read at its reader’s pace', async () => {
    const {signal} = new AbortController();
    expect(await all(abortable(streamOf(['one', 'two']).getReader(), signal))).toBe('onetwo');
    const {stream, seen} = endless();
    abortable(stream.getReader(), signal);
    await settled();
    expect(seen.pulled).toBe(0);
  });

  test('fails with the signal’s reason, and lets the source go', async () => {
    const leaving = new AbortController();
    const {stream, seen} = endless();
    const reader = abortable(stream.getReader(), leaving.signal).getReader();
    await reader.read();
    const reason = new Error('mine');
    leaving.abort(reason);
    await expect(reader.read()).rejects.toBe(reason);
    expect(seen.reason).toBe(reason);
  });

  test('fails at once when the signal has aborted already', async () => {
    const {stream, seen} = endless();
    const reason = new Error('mine');
    await expect(abortable(stream.getReader(), AbortSignal.abort(reason)).getReader().read()).rejects.toBe(reason);
    expect(seen.reason).toBe(reason);
  });

  test('fails while a read is waiting', async () => {
    const leaving = new AbortController();
    const never = new ReadableStream<Uint8Array>({pull: () => new Promise(() => undefined)});
    const reading = abortable(never.getReader(), leaving.signal).getReader().read();
    await settled();
    leaving.abort(new Error('mine'));
    await expect(reading).rejects.toThrow('mine');
  });

  test('keeps no listener after its end, its failure or a cancel', async () => {
    const {signal} = new AbortController();
    await all(abortable(streamOf(['one']).getReader(), signal));
    await expect(all(abortable(streamOf(['one'], new Error('reset')).getReader(), signal))).rejects.toThrow();
    const {stream, seen} = endless();
    await abortable(stream.getReader(), signal).cancel('enough');
    expect(seen.reason).toBe('enough');
    expect(listeners(signal)).toBe(0);
  });
});

describe('a promise unless aborted', () => {
  test('is the promise when nobody aborts', async () => {
    const {signal} = new AbortController();
    expect(await unlessAborted(Promise.resolve(1), signal)).toBe(1);
    expect(await unlessAborted(Promise.resolve(1), undefined)).toBe(1);
    await expect(unlessAborted(Promise.reject(new Error('its own')), signal)).rejects.toThrow('its own');
    expect(listeners(signal)).toBe(0);
  });

  test('is the signal’s reason when that comes first', async () => {
    const leaving = new AbortController();
    const waiting = unlessAborted(new Promise(() => undefined), leaving.signal);
    leaving.abort(new Error('mine'));
    await expect(waiting).rejects.toThrow('mine');
    await expect(unlessAborted(new Promise(() => undefined), leaving.signal)).rejects.toThrow('mine');
    expect(listeners(leaving.signal)).toBe(0);
  });
});
