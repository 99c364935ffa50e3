import fc from 'fast-check';
import {describe, expect, test, vi} from 'vitest';
import {Fields} from '../fields/fields.ts';
import type {ArrivingBody, BodySource, ResponseHead} from '../model/messages.ts';
import {CachedResponse} from './cached-response.ts';

const text = '{"greeting":"grüß dich"}';
const content = new TextEncoder().encode(text);
const fields = {'content-type': 'application/json', 'x-one': '1'};

const head = (given: Readonly<Record<string, string>> = fields): ResponseHead => ({
  status: 200,
  statusText: 'OK',
  fields: Fields.from(given),
  url: 'https://example.com/a',
  redirected: false,
  type: 'basic',
});

type Make = (body?: Uint8Array, given?: Readonly<Record<string, string>>) => Response;

const native: Make = (body = content, given = fields) =>
  new Response(body as BodyInit, {status: 200, statusText: 'OK', headers: given});
const overBytes: Make = (body = content, given = fields) => new CachedResponse(head(given), body);
const overBytesWithSignal: Make = (body = content, given = fields) =>
  new CachedResponse(head(given), body, new AbortController().signal);
const overStream: Make = (body = content, given = fields) =>
  new CachedResponse(head(given), new Blob([body as BlobPart]).stream());

/** Content that is still on its way. */
const arriving = (body: Uint8Array): ArrivingBody => ({
  stream: () => new Blob([body as BlobPart]).stream(),
  bytes: async () => new Uint8Array(body),
});
const overArriving: Make = (body = content, given = fields) => new CachedResponse(head(given), arriving(body));

const read = async (stream: ReadableStream<Uint8Array> | null): Promise<string> => {
  let all = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream ?? []) all += decoder.decode(chunk, {stream: true});
  return all;
};

/** The same object each time. */
const isOne = (get: () => unknown): boolean => {
  const first = get();
  return first === get();
};

/** What one may do with a Response, and what that shows. */
const programs: Readonly<Record<string, (response: Response) => unknown>> = {
  'reads text': response => response.text(),
  'reads JSON': response => response.json(),
  'reads an ArrayBuffer': async response => [...new Uint8Array(await response.arrayBuffer())],
  'reads bytes': async response => [...(await response.bytes())],
  'reads a Blob': async response => {
    const blob = await response.blob();
    return [blob.type, blob.size, await blob.text()];
  },
  'reads a form that is none': response => response.formData(),
  'reads its stream': response => read(response.body),
  'reads by a BYOB reader': async response => {
    const reader = response.body?.getReader({mode: 'byob'});
    const {value} = (await reader?.read(new Uint8Array(5))) ?? {};
    return [...(value ?? [])];
  },
  'reads twice': async response => {
    await response.text();
    return response.text();
  },
  'reads JSON after bytes': async response => {
    await response.bytes();
    return response.json();
  },
  'reads after its stream was read': async response => {
    await read(response.body);
    return response.text();
  },
  'reads while its stream is locked': response => {
    response.body?.getReader();
    return response.text();
  },
  'reads after looking at its stream': response => {
    void response.body;
    return response.json();
  },
  'reads a Blob after looking at its stream': async response => {
    void response.body;
    return (await response.blob()).size;
  },
  'cancels its stream': async response => {
    await response.body?.cancel();
    return [response.bodyUsed, await read(response.body).catch(error => error.name)];
  },
  'is used when it has been read': async response => {
    const before = response.bodyUsed;
    const reading = response.text();
    return [before, response.bodyUsed, await reading, response.bodyUsed];
  },
  'is not used by a look at its stream': response => [response.body?.locked, response.bodyUsed],
  'is used when its stream is read': async response => {
    const reader = response.body?.getReader();
    await reader?.read();
    return [response.body?.locked, response.bodyUsed];
  },
  'has one stream': response => isOne(() => response.body),
  'still has a stream when it has been read': async response => {
    await response.text();
    return [response.body instanceof ReadableStream, response.bodyUsed, isOne(() => response.body)];
  },
  'is locked when it has been read': async response => {
    await response.json();
    return [response.body?.locked, await read(response.body).catch(error => error.name)];
  },
  'has headers of its own': response => {
    response.headers.set('x-two', '2');
    return [...response.headers, isOne(() => response.headers)];
  },
  'is cloned': async response => {
    const clone = response.clone();
    return [await clone.text(), response.bodyUsed, await response.text()];
  },
  'is cloned after a look at its stream': async response => {
    void response.body;
    const clone = response.clone();
    return [await response.text(), await clone.json()];
  },
  'is cloned with changed headers': response => {
    response.headers.set('x-two', '2');
    const clone = response.clone();
    clone.headers.set('x-three', '3');
    return [[...response.headers], [...clone.headers]];
  },
  'is cloned when it has been read': async response => {
    await response.text();
    return response.clone();
  },
  'is cloned while it is read': response => {
    void response.text();
    return response.clone();
  },
  'is cloned while its stream is locked': response => {
    response.body?.getReader();
    return response.clone();
  },
  'is made into another': async response => {
    const other = new Response(response.body, response);
    return [other.status, other.statusText, [...other.headers], await other.text(), response.bodyUsed];
  },
  'is sent on as content': async response => {
    const init = {method: 'POST', body: response.body, duplex: 'half'} as RequestInit;
    return new Request('https://example.com/b', init).text();
  },
  'is a Response': response => [response instanceof Response, Object.prototype.toString.call(response)],
};

async function outcome(program: (response: Response) => unknown, make: Make): Promise<unknown> {
  try {
    return {value: await program(make())};
  } catch (error) {
    return {name: (error as Error).name, isTypeError: error instanceof TypeError};
  }
}

describe.each([
  ['over bytes', overBytes],
  ['over bytes, for a caller with a signal', overBytesWithSignal],
  ['over a stream', overStream],
  ['over what arrives', overArriving],
])('a cached Response %s does what a Response does when one', (_, make) => {
  test.each(Object.entries(programs))('%s', async (__, program) => {
    expect(await outcome(program, make)).toEqual(await outcome(program, native));
  });
});

describe.each([
  ['over bytes', overBytes],
  ['over a stream', overStream],
  ['over what arrives', overArriving],
])('content of any kind %s', (_, make) => {
  test('is read as a Response reads it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({maxLength: 40}), async bytes => {
        expect(await make(bytes).text()).toBe(await native(bytes).text());
        expect(await make(bytes).bytes()).toEqual(bytes);
        expect(new Uint8Array(await make(bytes).arrayBuffer())).toEqual(bytes);
      }),
    );
  });

  test('with a byte order mark loses it as text, not as bytes', async () => {
    const marked = new TextEncoder().encode('\ufeff"a"');
    expect([await make(marked).text(), await make(marked).json()]).toEqual(['"a"', 'a']);
    expect((await make(marked).bytes()).length).toBe(marked.length);
  });

  test('is read as a form, of either kind', async () => {
    const form = new FormData();
    form.set('a', 'b');
    form.set('file', new Blob(['hello']), 'f.txt');
    const sent = new Response(form);
    const type = sent.headers.get('content-type') ?? '';
    const parsed = await make(new Uint8Array(await sent.arrayBuffer()), {'content-type': type}).formData();
    expect(parsed.get('a')).toBe('b');
    expect(await (parsed.get('file') as File).text()).toBe('hello');
    const encoded = make(new TextEncoder().encode('a=1&a=2'), {'content-type': 'application/x-www-form-urlencoded'});
    expect((await encoded.formData()).getAll('a')).toEqual(['1', '2']);
  });

  test('that is no JSON fails with a SyntaxError', async () => {
    await expect(make(new TextEncoder().encode('<')).json()).rejects.toBeInstanceOf(SyntaxError);
  });

  test('of no bytes is there all the same', async () => {
    const [one, other] = [make(new Uint8Array()), native(new Uint8Array())];
    expect([one.body === null, await one.text()]).toEqual([other.body === null, await other.text()]);
  });
});

describe('bytes that are kept', () => {
  const scribble: readonly (readonly [string, (response: Response) => Promise<unknown>])[] = [
    ['arrayBuffer', async response => new Uint8Array(await response.arrayBuffer()).fill(0)],
    ['bytes', async response => (await response.bytes()).fill(0)],
    ['a stream', async response => (await response.body?.getReader().read())?.value?.fill(0)],
    ['a stream of a clone', async response => (await response.clone().body?.getReader().read())?.value?.fill(0)],
    ['a transfer', async response => structuredClone(null, {transfer: [await response.arrayBuffer()]})],
  ];

  test.each(scribble)('cannot be changed by who reads them as %s', async (_, change) => {
    for (const kept of [content.slice(), new Uint8Array(Buffer.from(content)), Buffer.from(content)]) {
      await change(new CachedResponse(head(), kept));
      expect(new TextDecoder().decode(kept)).toBe(text);
    }
  });

  test('that are a view of more are read as that view', async () => {
    const view = Buffer.from(`xx${text}yy`).subarray(2, 2 + content.length);
    expect(await new CachedResponse(head(), view).json()).toEqual(JSON.parse(text));
    expect((await new CachedResponse(head(), view).arrayBuffer()).byteLength).toBe(content.length);
  });

  test('reach a reader of their stream a little at a time', async () => {
    const large = new Uint8Array(200_000).map((_, index) => index % 251);
    const sizes: number[] = [];
    const parts: Uint8Array[] = [];
    for await (const chunk of new CachedResponse(head(), large).body ?? []) {
      sizes.push(chunk.length);
      parts.push(chunk);
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
    expect(Buffer.concat(parts).equals(large)).toBe(true);
  });
});

describe('a caller that has left', () => {
  const methods = ['text', 'json', 'bytes', 'arrayBuffer', 'blob', 'formData'] as const;

  test.each(methods)('gets its reason from %s', async method => {
    for (const body of [content, new Blob([content]).stream() as BodySource, arriving(content)]) {
      const response = new CachedResponse(head(), body, AbortSignal.abort(new Error('left')));
      await expect(response[method]()).rejects.toThrow('left');
      expect(response.bodyUsed).toBe(false);
    }
  });

  test.each(methods)('has read no content to its end by %s', async method => {
    const ended = AbortSignal.abort(new Error('left'));
    const response = new CachedResponse({...head(), status: 204}, null, ended);
    const plain = new Response(null, {status: 204, headers: response.headers});
    const readBy = async (from: Response): Promise<unknown> => {
      try {
        return await from[method]();
      } catch (error) {
        return (error as Error).name;
      }
    };
    expect(await readBy(response)).toEqual(await readBy(plain));
  });

  test('reads no further', async () => {
    const large = new Uint8Array(1_000_000);
    for (const readerOf of [
      (response: Response) => response.body?.getReader(),
      (response: Response) => response.clone().body?.getReader(),
    ]) {
      const leaving = new AbortController();
      const reader = readerOf(new CachedResponse(head(), large, leaving.signal));
      expect((await reader?.read())?.done).toBe(false);
      leaving.abort(new Error('left'));
      const rest = async (): Promise<void> => {
        while ((await reader?.read())?.done === false);
      };
      await expect(rest()).rejects.toThrow('left');
    }
    const leaving = new AbortController();
    const blob = new CachedResponse(head(), large, leaving.signal).blob();
    leaving.abort(new Error('left'));
    await expect(blob).rejects.toThrow('left');
  });

  test('has a body that has been read already, where it has', async () => {
    const leaving = new AbortController();
    const response = new CachedResponse(head(), content, leaving.signal);
    await response.text();
    leaving.abort(new Error('left'));
    expect(response.body?.locked).toBe(true);
    await expect(response.blob()).rejects.toThrow('left');
  });

  test('is not held on to by a signal, when nobody reads its body', () => {
    const {signal} = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const response = new CachedResponse(head(), content, signal);
    expect(response.body?.locked).toBe(false);
    expect(added).not.toHaveBeenCalled();
  });

  test('keeps a clone whose bytes have come', async () => {
    for (const body of [new Blob([content]).stream() as BodySource, arriving(content)]) {
      const leaving = new AbortController();
      const response = new CachedResponse(head(), body, leaving.signal);
      const clone = response.clone();
      expect(await response.text()).toBe(text);
      leaving.abort(new Error('left'));
      expect(await clone.text()).toBe(text);
    }
  });
});

describe('a body that fails on its way', () => {
  const broken = (): Response => {
    const body: ArrivingBody = {
      stream: () => new ReadableStream({start: controller => controller.error(new TypeError('terminated'))}),
      bytes: () => Promise.reject(new TypeError('terminated')),
    };
    return new CachedResponse(head(), body);
  };

  test.each(['text', 'json', 'bytes', 'arrayBuffer'] as const)('fails %s with its own error', async method => {
    await expect(broken()[method]()).rejects.toThrow(new TypeError('terminated'));
    await expect(broken().clone()[method]()).rejects.toThrow(new TypeError('terminated'));
    const streamed = broken();
    expect(streamed.body).not.toBeNull();
    await expect(streamed[method]()).rejects.toThrow(new TypeError('terminated'));
  });
});

test('is made by Response, as far as anybody can tell', () => {
  const made = overBytes();
  expect(made.constructor).toBe(Response);
  expect(new (made.constructor as typeof Response)('x', {status: 201}).status).toBe(201);
});
