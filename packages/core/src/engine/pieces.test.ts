import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {joined, type Slice} from './pieces.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A stream of these chunks that remembers whether it was let go. */
function source(chunks: readonly string[], end: 'closes' | 'stays open' | 'fails' = 'closes') {
  const state = {cancelled: undefined as unknown, read: 0};
  const body = new ReadableStream<Uint8Array>(
    {
      pull: controller => {
        const chunk = chunks[state.read++];
        if (chunk !== undefined) controller.enqueue(bytes(chunk));
        else if (end === 'closes') controller.close();
        else if (end === 'fails') controller.error(new Error('lost'));
      },
      cancel: reason => {
        state.cancelled = reason;
      },
    },
    {highWaterMark: 0},
  );
  return {body, state};
}

const all = (body: Slice['body'], size: number): Slice => ({body, size, offset: 0, length: size});
const text = (slices: readonly Slice[]): Promise<string> => new Response(joined(slices) as BodyInit).text();

describe('a body of pieces', () => {
  test('is their bytes, one after another', async () => {
    const {body} = source(['cd', '', 'e']);
    expect(await text([all(bytes('ab'), 2), all(body, 3), all(null, 0), all(bytes('f'), 1)])).toBe('abcdef');
  });

  test('of slices has the bytes within each, and reads each to its end', async () => {
    const {body, state} = source(['012', '345', '678', '9']);
    const slice = {body, size: 10, offset: 2, length: 3};
    expect(await text([slice, {body: bytes('xyz'), size: 3, offset: 1, length: 1}])).toBe('234y');
    expect(state.read).toBe(5);
  });

  test.each([
    ['shorter', ['01']],
    ['longer', ['012', '3']],
  ])('fails when one is %s than it should be', async (_, chunks) => {
    const behind = source(['z']);
    const slices = [all(source(chunks).body, 3), all(behind.body, 1)];
    await expect(text(slices)).rejects.toThrow(/^limpid: a body has \d bytes or more instead of 3$/);
    expect(behind.state.cancelled).toBeInstanceOf(TypeError);
  });

  test('fails as one of them fails, and lets go of the others', async () => {
    const behind = source(['z']);
    await expect(text([all(source(['0'], 'fails').body, 3), all(behind.body, 1)])).rejects.toThrow('lost');
    expect(behind.state.cancelled).toEqual(new Error('lost'));
  });

  test('lets go of all of them, also of one that does not answer, when it is cancelled', async () => {
    const [open, behind] = [source(['0'], 'stays open'), source(['z'])];
    const reader = joined([all(open.body, 3), all(behind.body, 1)]).getReader();
    await reader.read();
    const pending = reader.read();
    await reader.cancel('enough');
    expect(await pending).toEqual({done: true, value: undefined});
    expect([open.state.cancelled, behind.state.cancelled]).toEqual(['enough', 'enough']);
  });

  test('reads nothing before it is read', async () => {
    const {body, state} = source(['0']);
    joined([all(body, 1)]);
    await new Promise(resolve => setTimeout(resolve));
    expect(state.read).toBe(0);
  });

  test('is the slices of what they are of, however it arrives', async () => {
    const chunked = fc.array(fc.string({unit: 'grapheme-ascii', maxLength: 4}), {maxLength: 6});
    const slice = chunked.chain(chunks => {
      const size = chunks.join('').length;
      return fc
        .tuple(fc.nat({max: size}), fc.nat({max: size}))
        .map(([a, b]) => ({chunks, size, offset: Math.min(a, b), length: Math.abs(a - b)}));
    });
    await fc.assert(
      fc.asyncProperty(fc.array(slice, {maxLength: 4}), async slices => {
        const expected = slices.map(({chunks, offset, length}) => chunks.join('').slice(offset, offset + length));
        expect(await text(slices.map(one => ({...one, body: source(one.chunks).body})))).toBe(expected.join(''));
      }),
    );
  });
});
