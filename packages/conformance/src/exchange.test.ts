import {describe, expect, test} from 'vitest';
import {testOf} from '../test/hand-made.ts';
import {outgoing} from './exchange.ts';
import {valueIn} from './field-values.ts';
import type {Step} from './suite.ts';

const serverNow = Date.UTC(2020, 0, 1);
const at = {origin: 'http://127.0.0.1:1', id: 'x', serverNow};
const requestOf = (step: Step) => outgoing(testOf('one', [step]), 1, at);

describe('a request', () => {
  test('goes to a URL of its test’s own, and says which it is', () => {
    const request = requestOf({request_method: 'POST', request_body: 'abc', request_headers: [['Foo', '1']]});
    expect(request).toMatchObject({number: 1, url: 'http://127.0.0.1:1/test/x', method: 'POST', body: 'abc'});
    expect(request?.fields).toEqual([
      ['Foo', '1'],
      ['Test-Name', 'It is about one'],
      ['Test-ID', 'x'],
      ['Req-Num', '1'],
    ]);
  });

  test('may name a file and a query', () => {
    expect(requestOf({filename: 'a', query_arg: 'b=c'})?.url).toBe('http://127.0.0.1:1/test/x/a?b=c');
  });

  test('counts the date of a condition from when the origin answered before', () => {
    const request = requestOf({request_headers: [['If-Modified-Since', -60]], magic_ims: true});
    expect(valueIn(request?.fields ?? [], 'if-modified-since')).toBe('Tue, 31 Dec 2019 23:59:00 GMT');
  });

  test('is there for each step, and no more', () => {
    expect(outgoing(testOf('one', [{}]), 2, at)).toBeUndefined();
  });
});
