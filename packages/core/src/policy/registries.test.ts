import {describe, expect, test} from 'vitest';
import {policy} from '../../test/builders.ts';
import {
  isCacheableMethod,
  isHeuristicallyCacheable,
  isNeverStored,
  isNullBody,
  isSafe,
  isUnderstood,
} from './registries.ts';

const where = (fact: (status: number) => boolean) =>
  Array.from({length: 600}, (_, status) => status).filter(status => fact(status));

describe('methods', () => {
  test.each([
    {name: 'GET is safe', rfc: 'RFC 9110 §9.2.1', level: 'MUST', given: 'GET', expect: true},
    {name: 'HEAD is safe', rfc: 'RFC 9110 §9.2.1', level: 'MUST', given: 'HEAD', expect: true},
    {name: 'OPTIONS is safe', rfc: 'RFC 9110 §9.2.1', level: 'MUST', given: 'OPTIONS', expect: true},
    {name: 'TRACE is safe', rfc: 'RFC 9110 §9.2.1', level: 'MUST', given: 'TRACE', expect: true},
    {name: 'QUERY is safe', rfc: 'RFC 10008', level: 'MUST', given: 'QUERY', expect: true},
    {name: 'POST is unsafe', rfc: 'RFC 9110 §9.2.1', level: 'MUST', given: 'POST', expect: false},
    {
      name: 'a lower-case method is another, unknown one',
      rfc: 'RFC 9110 §9.1',
      level: 'MUST',
      given: 'get',
      expect: false,
    },
    {name: 'an unknown method is unsafe', rfc: 'RFC 9111 §4.4', level: 'MUST', given: 'PURGE', expect: false},
  ])('$name', row => {
    expect(isSafe(row.given)).toBe(row.expect);
  });

  test.each([
    {name: 'GET is cacheable', rfc: '3', level: 'MUST', given: 'GET', expect: true},
    {name: 'HEAD is cacheable', rfc: '3', level: 'MUST', given: 'HEAD', expect: true},
    {name: 'QUERY is cacheable', rfc: '3', level: 'MUST', given: 'QUERY', expect: true},
    {name: 'a method that a rule names is cacheable', rfc: '3', level: 'CHOICE', given: 'POST', expect: true},
    {name: 'a method that nobody names is not', rfc: '3', level: 'MUST', given: 'PUT', expect: false},
    {name: 'OPTIONS is safe and yet not cacheable', rfc: '3', level: 'MUST', given: 'OPTIONS', expect: false},
  ])('$name', row => {
    expect(isCacheableMethod(row.given, policy({methods: ['POST']}))).toBe(row.expect);
  });
});

describe('statuses', () => {
  test('the heuristically cacheable ones are those of RFC 9110 §15.1', () => {
    expect(where(isHeuristicallyCacheable)).toEqual([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);
  });

  test('those without content are those of Fetch', () => {
    expect(where(isNullBody)).toEqual([101, 103, 204, 205, 304]);
  });

  test('those never stored are those of RFC 6585', () => {
    expect(where(isNeverStored)).toEqual([428, 429, 431, 511]);
  });

  test.each([
    {name: '200 is understood', rfc: '5.2.2.3', level: 'MUST', given: 200, expect: true},
    {name: '504 is understood', rfc: '5.2.2.3', level: 'MUST', given: 504, expect: true},
    {name: '206 is, as parts are stored', rfc: '5.2.2.3', level: 'CHOICE', given: 206, expect: true},
    {name: '304 is not a response to store', rfc: '5.2.2.3', level: 'MUST', given: 304, expect: false},
    {name: 'an unregistered status is not understood', rfc: '5.2.2.3', level: 'MUST', given: 599, expect: false},
  ])('$name', row => {
    expect(isUnderstood(row.given)).toBe(row.expect);
  });
});
