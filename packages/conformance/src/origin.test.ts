import {type IncomingMessage, type RequestOptions, request} from 'node:http';
import {text} from 'node:stream/consumers';
import {describe, expect, onTestFinished, test} from 'vitest';
import {type Field, valueIn} from './field-values.ts';
import {startOrigin} from './origin.ts';
import type {Step} from './suite.ts';

type Reply = {readonly status: number; readonly fields: readonly Field[]; readonly text: string};

/** An origin with one test, and a way to ask it that hides nothing. */
async function start(...steps: readonly Step[]) {
  const origin = await startOrigin();
  onTestFinished(() => origin.close());
  origin.prepare('t1', steps);
  const ask = async (
    number: number,
    headers: Record<string, string> = {},
    rest: RequestOptions = {},
  ): Promise<Reply> => {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = {headers: {...headers, 'req-num': String(number)}, agent: false, ...rest};
      request(`${origin.url}/test/t1`, options, resolve).on('error', reject).end();
    });
    const raw = message.rawHeaders;
    const fields = raw.flatMap((name, index): Field[] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
    return {status: message.statusCode ?? 0, fields, text: await text(message)};
  };
  return {origin, ask, seen: () => origin.seen('t1')};
}

describe('the origin', () => {
  test('answers with what the test says, and says what it has seen', async () => {
    const {ask, seen} = await start(
      {},
      {response_status: [410, 'Gone'], response_body: 'no', response_headers: [['A', '1']]},
    );
    const first = await ask(1, {foo: 'bar'});
    expect(first).toMatchObject({status: 200, text: 't1'});
    expect(valueIn(first.fields, 'content-type')).toBe('text/plain');
    const second = await ask(2);
    expect(second).toMatchObject({status: 410, text: 'no'});
    const about = ['server-base-url', 'server-request-count', 'client-request-count', 'request-numbers', 'a'];
    expect(about.map(name => valueIn(second.fields, name))).toEqual(['/test/t1', '2', '2', '1 2', '1']);
    expect(valueIn(seen()[0]?.fields ?? [], 'foo')).toBe('bar');
    expect(seen()[1]).toMatchObject({number: 2, method: 'GET', status: 410, sent: [['A', '1']], expectedBack: ['A']});
  });

  test('counts what it receives, not what the client numbers', async () => {
    const {ask} = await start({}, {}, {});
    await ask(1);
    const third = await ask(3);
    expect(valueIn(third.fields, 'server-request-count')).toBe('2');
    expect(valueIn(third.fields, 'request-numbers')).toBe('1 3');
  });

  test('sends repeated lines as lines, and latin1 as it is', async () => {
    const {ask, seen} = await start({
      response_headers: [
        ['Age', '0'],
        ['Age', '7200', false],
        ['ETag', '"ü"', false],
      ],
    });
    const {fields} = await ask(1);
    expect(fields.filter(([name]) => name === 'Age').map(([, value]) => value)).toEqual(['0', '7200']);
    expect(valueIn(fields, 'etag')).toBe('"ü"');
    expect(seen()[0]?.expectedBack).toEqual(['Age']);
  });

  test('puts dates in relation to its clock, and locations under the test’s path', async () => {
    const {ask} = await start({
      response_headers: [
        ['Last-Modified', -3600],
        ['Location', 'made'],
        ['Content-Location', ''],
      ],
      magic_locations: true,
    });
    const {fields} = await ask(1);
    const age = Number(valueIn(fields, 'server-now')) - Date.parse(valueIn(fields, 'last-modified') ?? '');
    expect(Math.round(age / 1000)).toBeGreaterThanOrEqual(3600);
    expect(Math.floor(age / 1000)).toBeLessThanOrEqual(3600);
    expect(valueIn(fields, 'location')).toBe('/test/t1/made');
    expect(valueIn(fields, 'content-location')).toBe('/test/t1');
  });

  const validating = {expected_type: 'etag_validated', response_headers: [['B', '2']]} as const satisfies Step;

  test.each<[name: string, previous: Step['response_headers'], condition: Record<string, string>, expected: number]>([
    ['the entity tag', [['ETag', '"a"']], {'if-none-match': '"a"'}, 304],
    ['another entity tag', [['ETag', '"a"']], {'if-none-match': '"b"'}, 999],
    [
      'the date',
      [['Last-Modified', 'Wed, 01 Jan 2020 00:00:00 GMT']],
      {'if-modified-since': 'Wed, 01 Jan 2020 00:00:00 GMT'},
      304,
    ],
    ['no condition', [['ETag', '"a"']], {}, 999],
    ['a condition about nothing', [], {'if-none-match': 'undefined'}, 999],
  ])(
    'judges a validation by what the request before has, with %s',
    async (_, response_headers = [], condition, expected) => {
      const {ask, seen} = await start({response_headers}, validating);
      await ask(1);
      const {status, fields} = await ask(2, condition);
      expect(status).toBe(expected);
      expect(valueIn(fields, 'b')).toBe('2');
      expect(valueIn(fields, 'etag')).toBeUndefined();
      expect(seen()[1]?.status).toBe(expected);
    },
  );

  test('compares relative dates as it sent them', async () => {
    const {ask} = await start({response_headers: [['Last-Modified', -100]]}, {expected_type: 'lm_validated'});
    const sent = valueIn((await ask(1)).fields, 'last-modified') ?? '';
    expect((await ask(2, {'if-modified-since': sent})).status).toBe(304);
  });

  test('answers a condition with what the test says where no validation is expected', async () => {
    const {ask} = await start({response_headers: [['ETag', '"a"']]}, {expected_type: 'not_cached'});
    await ask(1);
    expect((await ask(2, {'if-none-match': '"a"'})).status).toBe(200);
  });

  test('hangs up where the test says so, and remembers the request', async () => {
    const {ask, seen} = await start({disconnect: true});
    await expect(ask(1)).rejects.toThrow('socket hang up');
    expect(seen()).toMatchObject([{number: 1, status: undefined}]);
  });

  test('ends a connection whose message does not end as it says', async () => {
    const {ask} = await start({response_headers: [['Transfer-Encoding', 'unheard-of', false]]});
    expect((await ask(1)).text).toBe('t1');
  });

  test('sends interim responses first', async () => {
    const {origin} = await start({interim_responses: [[103, [['Link', '</a>']]]]});
    const interim: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      request(`${origin.url}/test/t1`, {headers: {'req-num': '1'}, agent: false})
        .on('information', ({statusCode, headers}) => interim.push([statusCode, headers.link]))
        .on('response', message => void message.resume().on('end', resolve))
        .on('error', reject)
        .end();
    });
    expect(interim).toEqual([[103, '</a>']]);
  });

  test.each([
    ['an unknown test', '/test/t2', '1', 404],
    ['a request the test does not have', '/test/t1', '9', 400],
  ])('refuses %s', async (_, path, number, expected) => {
    const {origin} = await start({});
    expect((await fetch(origin.url + path, {headers: {'req-num': number}})).status).toBe(expected);
  });
});
