import {describe, expect, test} from 'vitest';
import {Fields, type FieldsSource} from '../fields/fields.ts';
import type {ArrivingBody, BodySource, ResponseHead} from '../model/messages.ts';
import type {Answer} from '../model/transport.ts';
import {ArrivingAnswer} from './arriving-answer.ts';
import {bodyOf, headOf, responseFrom} from './fetch-response.ts';
import {platformOf} from './platform.ts';

const head = (given: Partial<Omit<ResponseHead, 'fields'>> & {readonly fields?: FieldsSource} = {}): ResponseHead => ({
  status: 200,
  statusText: 'OK',
  url: 'https://example.com/a',
  redirected: false,
  type: 'basic',
  ...given,
  fields: Fields.from(given.fields ?? {}),
});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const made = (given: Parameters<typeof head>[0], body: BodySource = null): Response =>
  responseFrom({head: head(given), body});

test('a Response says where it came from, and so does its clone', async () => {
  const response = made({redirected: true, type: 'cors', statusText: 'Fine', fields: {'x-one': '1'}}, bytes('hello'));
  const clone = response.clone();
  for (const one of [response, clone, clone.clone()]) {
    expect(one).toBeInstanceOf(Response);
    expect(one).toMatchObject({
      url: 'https://example.com/a',
      redirected: true,
      type: 'cors',
      status: 200,
      statusText: 'Fine',
      ok: true,
    });
    expect(one.headers.get('x-one')).toBe('1');
    expect(await one.clone().text()).toBe('hello');
  }
});

test('a clone has the fields as its caller has changed them', () => {
  const response = made({});
  response.headers.set('x-one', '1');
  expect(response.clone().headers.get('x-one')).toBe('1');
});

test('a used Response cannot be cloned', async () => {
  const response = made({}, bytes('hello'));
  await response.text();
  expect(() => response.clone()).toThrow(TypeError);
});

test('a stream is handed on', async () => {
  expect(await made({}, new Blob(['hello']).stream()).text()).toBe('hello');
});

test('repeated lines stay apart where they must', () => {
  const response = made({
    fields: [
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['vary', 'a'],
      ['vary', 'b'],
    ],
  });
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(response.headers.get('vary')).toBe('a, b');
});

const arriving: ArrivingBody = {
  stream: () => new Blob(['hello']).stream(),
  bytes: async () => bytes('hello') as Uint8Array<ArrayBuffer>,
};

test.each<[what: string, answer: (of: ResponseHead) => Answer, text: string]>([
  ['no body', of => ({head: of, body: null}), ''],
  ['bytes', of => ({head: of, body: bytes('hello')}), 'hello'],
  ['a stream', of => ({head: of, body: new Blob(['hello']).stream()}), 'hello'],
  ['a body on its way', of => new ArrivingAnswer(of, arriving), 'hello'],
])('a field no Response can carry is left out, and the rest is whole: %s', async (_, answer, text) => {
  const fields: FieldsSource = [
    ['x-one', 'ł'],
    ['x-two', '2'],
    ['__proto__', '3'],
    ['constructor', '4'],
    ['constructor', '5'],
  ];
  const given = responseFrom(answer(head({fields})));
  for (const response of [given.clone(), given]) {
    expect([...response.headers]).toEqual([
      ['__proto__', '3'],
      ['constructor', '4, 5'],
      ['x-two', '2'],
    ]);
    expect(await response.text()).toBe(text);
  }
});

describe('statuses', () => {
  test.each([204, 205, 304])('%d has no body, whatever the store says', status => {
    expect(made({status}, bytes('')).body).toBeNull();
    expect(made({status}, new ReadableStream()).body).toBeNull();
    expect(made({status}).status).toBe(status);
  });

  test.each([999, 600, 199, 103])('%d, which cannot be constructed, is shown all the same', status => {
    const response = made({status, statusText: 'Odd'}, null);
    for (const one of [response, response.clone()]) expect(one).toMatchObject({status, statusText: 'Odd', ok: false});
  });

  test.each(['caf\xe9', 'ł', 'a\nb'])('the status text %j is shown as it came', statusText => {
    const response = made({statusText});
    for (const one of [response, response.clone()]) expect(one).toMatchObject({status: 200, statusText, ok: true});
  });
});

describe('a Response from the network', () => {
  test('is read into a head', () => {
    const headers = new Headers([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-One', '1'],
    ]);
    const read = headOf(new Response('hello', {status: 201, statusText: 'Made', headers}), 'https://example.com/b');
    expect(read).toMatchObject({
      status: 201,
      statusText: 'Made',
      url: 'https://example.com/b',
      redirected: false,
      type: 'default',
    });
    expect(read.fields.lines('set-cookie')).toEqual(['a=1', 'b=2']);
  });

  test.each([
    {name: 'hidden in a browser', userAgent: undefined, type: 'cors', headers: {'content-length': '5'}, decoded: true},
    {name: 'visible in a browser', userAgent: undefined, type: 'basic', headers: {'content-length': '5'}},
    {name: 'told in a browser', userAgent: undefined, type: 'cors', headers: {'content-encoding': 'gzip'}},
    {name: 'taken away by Deno', userAgent: 'Deno/2', type: 'default', headers: {}, decoded: true},
    {name: 'denied by a length in Deno', userAgent: 'Deno/2', type: 'default', headers: {'content-length': '5'}},
    {name: 'always told by Node', userAgent: 'Node.js/24', type: 'cors', headers: {}},
  ])('may have been decoded: $name', ({userAgent, type, headers, decoded}) => {
    const response = Object.defineProperty(new Response('hello', {headers}), 'type', {value: type});
    expect(headOf(response, 'https://example.com/b', platformOf(userAgent)).decoded).toBe(decoded);
  });

  test('gives its stream, or bytes where there are no streams', async () => {
    expect(await bodyOf(new Response(null))).toBeNull();
    expect(await bodyOf(new Response('hello'))).toBeInstanceOf(ReadableStream);
    const streamless = Object.defineProperty(new Response('hello'), 'body', {value: undefined});
    expect(await bodyOf(streamless)).toEqual(bytes('hello'));
    // As Chromium has it.
    const bodied = Object.defineProperty(new Response(null, {status: 204}), 'body', {value: new Response('').body});
    expect(await bodyOf(bodied)).toBeNull();
  });
});
