import {describe, expect, test} from 'vitest';
import {readWhole, streamOf} from './body-streams.ts';

const chunked = (...lengths: readonly number[]): {stream: ReadableStream<Uint8Array>; seen: {cancelled: boolean}} => {
  const seen = {cancelled: false};
  const left = lengths.map((length, index) => new Uint8Array(length).fill(index + 1));
  const stream = new ReadableStream<Uint8Array>({
    pull: controller => {
      const chunk = left.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel: () => {
      seen.cancelled = true;
    },
  });
  return {stream, seen};
};

describe('reading a whole stream', () => {
  test.each<[string, readonly number[], readonly number[]]>([
    ['nothing', [], []],
    ['one chunk', [2], [1, 1]],
    ['several', [2, 0, 1], [1, 1, 3]],
  ])('%s', async (_, lengths, expected) => {
    expect([...((await readWhole(chunked(...lengths).stream.getReader())) ?? [])]).toEqual(expected);
  });

  test.each([
    [3, 3, false],
    [2, undefined, true],
  ])('of three bytes, with at most %d', async (most, length, cancelled) => {
    const {stream, seen} = chunked(2, 1, 0);
    expect([(await readWhole(stream.getReader(), most))?.length, seen.cancelled]).toEqual([length, cancelled]);
  });

  test('fails as it fails', async () => {
    const failing = new ReadableStream<Uint8Array>({start: controller => controller.error(new Error('gone'))});
    await expect(readWhole(failing.getReader())).rejects.toThrow('gone');
  });
});

describe('a stream of bytes', () => {
  test('has all of them, in copies, a little at a time', async () => {
    const bytes = Uint8Array.from({length: 150_000}, (_, index) => index % 251);
    const lengths: number[] = [];
    let offset = 0;
    for await (const chunk of streamOf(bytes)) {
      expect(chunk).toEqual(bytes.subarray(offset, offset + chunk.length));
      chunk.fill(255);
      offset += chunk.length;
      lengths.push(chunk.length);
    }
    expect(lengths).toEqual([65_536, 65_536, 18_928]);
    expect(bytes[0]).toBe(0);
  });

  test('of none ends at once, also for who brings the memory', async () => {
    const reader = streamOf(new Uint8Array(0)).getReader({mode: 'byob'});
    expect((await reader.read(new Uint8Array(4))).done).toBe(true);
  });
});
