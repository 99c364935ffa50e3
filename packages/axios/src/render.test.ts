import {AxiosHeaders, type AxiosRequestConfig, type AxiosResponse} from 'axios';
import {type BodySource, Fields} from 'limpid/adapter';
import {afterEach, describe, expect, test, vi} from 'vitest';
import type {Call} from './call.ts';
import {dialectOf} from './dialect.ts';
import {render} from './render.ts';
import {Waiting} from './waiting.ts';

const text = '{"a":"ü"}';

type Given = {readonly fields?: Record<string, string | string[]>; readonly body?: BodySource};

function rendered(
  name: 'http' | 'fetch' | 'xhr',
  config: AxiosRequestConfig,
  given: Given = {},
): Promise<AxiosResponse> {
  const head = {
    method: 'GET',
    url: 'https://a.example/',
    fields: Fields.none,
    mode: 'default',
    redirect: 'follow',
  } as const;
  const full = {...config, headers: new AxiosHeaders()};
  const dialect = {...dialectOf('http', full), name};
  const call: Call = {
    config: full,
    dialect,
    head: {...head, client: 'axios', variant: ''},
    sent: undefined,
    progressed: false,
    ended: false,
  };
  const {fields = {'content-type': 'application/json'}, body = new TextEncoder().encode(text)} = given;
  const answer = {
    status: 200,
    statusText: 'OK',
    fields: Fields.from(fields),
    url: head.url,
    redirected: false,
    type: 'default',
  };
  return render({head: answer, body}, call, new Waiting(call));
}

afterEach(() => vi.unstubAllGlobals());

describe('headers', () => {
  test('repeated Set-Cookie lines stay apart, other fields are combined', async () => {
    const fields = {'set-cookie': ['a=1', 'b=2'], vary: ['accept', 'origin']};
    const {headers} = await rendered('fetch', {}, {fields});
    expect(headers).toMatchObject({'set-cookie': ['a=1', 'b=2'], vary: 'accept, origin'});
  });

  test.each([
    ['http', 'a single Set-Cookie is a list', {'set-cookie': 'a=1'}, {'set-cookie': ['a=1']}],
    ['fetch', 'a single Set-Cookie is text', {'set-cookie': 'a=1'}, {'set-cookie': 'a=1'}],
    ['http', 'the coding it decoded is denied', {'content-encoding': 'gzip'}, {}],
    ['http', 'a coding it does not know is kept', {'content-encoding': 'rot13'}, {'content-encoding': 'rot13'}],
    ['fetch', 'the coding is kept', {'content-encoding': 'gzip'}, {'content-encoding': 'gzip'}],
  ] as const)('as the %s adapter gives them: %s', async (name, _, fields, expected) => {
    const {headers} = await rendered(name, {}, {fields});
    expect(Object.fromEntries(Object.entries(headers))).toEqual(expected);
  });
});

describe('data as xhr gives it', () => {
  test.each([undefined, 'json', 'text', 'stream', 'formdata'] as const)('%s is text', async responseType => {
    const {data} = await rendered('xhr', responseType === undefined ? {} : {responseType});
    expect(data).toBe(text);
  });

  test('arraybuffer and blob', async () => {
    expect((await rendered('xhr', {responseType: 'arraybuffer'})).data).toBeInstanceOf(ArrayBuffer);
    const {data} = await rendered('xhr', {responseType: 'blob'});
    expect(data).toBeInstanceOf(Blob);
    expect(data.type).toBe('application/json');
  });

  test.each([
    ['latin1', new Uint8Array([0xfc]), 'ü'],
    ['nobody-knows', new TextEncoder().encode('ü'), 'ü'],
  ])('text in charset %s', async (charset, body, expected) => {
    const {data} = await rendered('xhr', {}, {body, fields: {'content-type': `text/plain; charset=${charset}`}});
    expect(data).toBe(expected);
  });

  test('a document is parsed where there is a parser, and null where there is none', async () => {
    expect((await rendered('xhr', {responseType: 'document'})).data).toBeNull();
    const parseFromString = (source: string, type: string): object => ({source, type});
    vi.stubGlobal(
      'DOMParser',
      class {
        parseFromString = parseFromString;
      },
    );
    const {data} = await rendered('xhr', {responseType: 'document'}, {fields: {'content-type': 'text/html'}});
    expect(data).toEqual({source: text, type: 'text/html'});
  });

  test('there is no limit to what comes, as in xhr', async () => {
    expect((await rendered('xhr', {maxContentLength: 1})).data).toBe(text);
  });
});

describe('ownership', () => {
  test.each(['http', 'fetch', 'xhr'] as const)('bytes given by the %s adapter are a copy', async name => {
    const body = new Uint8Array([1, 2, 3]);
    const {data} = await rendered(name, {responseType: 'arraybuffer'}, {body});
    new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, 3).fill(0);
    expect([...body]).toEqual([1, 2, 3]);
  });

  test('the stand-in for a request on a hit is frozen and names the final URL', async () => {
    const {request} = await rendered('http', {});
    expect(request).toEqual({responseURL: 'https://a.example/', res: {responseUrl: 'https://a.example/'}});
    expect(Object.isFrozen(request)).toBe(true);
  });

  test('a body in many chunks is joined, whatever the limit allows', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of ['a', 'b', 'c']) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    expect((await rendered('http', {maxContentLength: 3}, {body})).data).toBe('abc');
  });

  test('a body over the limit is given up at once', async () => {
    const cancelled = vi.fn();
    const body = new ReadableStream<Uint8Array>({
      pull: controller => controller.enqueue(new Uint8Array(10)),
      cancel: cancelled,
    });
    await expect(rendered('http', {maxContentLength: 15}, {body})).rejects.toThrow(
      'maxContentLength size of 15 exceeded',
    );
    expect(cancelled).toHaveBeenCalledOnce();
  });
});
