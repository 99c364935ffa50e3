import {describe, expect, test} from 'vitest';
import {dateAt, noon, policy, type Row, request, response} from '../../test/builders.ts';
import type {FieldsSource} from '../fields/fields.ts';
import type {Policy} from '../model/policy.ts';
import {standsForGet} from './standing-for-get.ts';

const url = 'https://example.com/list?page=1';
const own = {'content-location': url, 'cache-control': 'max-age=60'};

type Given = {
  readonly method?: string;
  readonly status?: number;
  readonly redirected?: boolean;
  readonly fields?: FieldsSource;
  readonly policy?: Partial<Policy>;
};

const rows: readonly Row<Given, boolean>[] = [
  {name: 'a 200 with its own URL and max-age does', rfc: 'RFC 9110 §9.3.3', level: 'MAY', given: {}, expect: true},
  {
    name: 'so does one with Expires',
    rfc: 'RFC 9110 §9.3.3',
    level: 'MAY',
    given: {fields: {'content-location': url, expires: dateAt(60)}},
    expect: true,
  },
  {
    name: 'so does one that is stale on arrival',
    rfc: 'RFC 9110 §9.3.3',
    level: 'MAY',
    given: {fields: {...own, 'cache-control': 'max-age=0'}},
    expect: true,
  },
  {
    name: 'so does one with s-maxage in a shared cache',
    rfc: 'RFC 9110 §9.3.3',
    level: 'MAY',
    given: {fields: {...own, 'cache-control': 's-maxage=60'}, policy: {kind: 'shared'}},
    expect: true,
  },
  {
    name: 'not one with s-maxage in a private cache',
    rfc: 'RFC 9110 §9.3.3',
    level: 'MUST',
    given: {fields: {...own, 'cache-control': 's-maxage=60'}},
    expect: false,
  },
  {
    name: 'not one with no-store',
    rfc: '5.2.2.5',
    level: 'MUST',
    given: {fields: {...own, 'cache-control': 'max-age=60, no-store'}},
    expect: false,
  },
  {
    name: 'not one with no-store that a rule sets aside for GET',
    rfc: '5.2.2.5',
    level: 'CHOICE',
    given: {fields: {...own, 'cache-control': 'max-age=60, no-store'}, policy: {ttl: 60, ignores: ['no-store']}},
    expect: false,
  },
  {
    name: 'so does one whose must-understand lifts no-store',
    rfc: '5.2.2.3',
    level: 'MAY',
    given: {fields: {...own, 'cache-control': 'max-age=60, no-store, must-understand'}},
    expect: true,
  },
  {
    name: 'not one without stated freshness, whatever could be guessed',
    rfc: 'RFC 9110 §9.3.3',
    level: 'MUST',
    given: {
      fields: {'content-location': url, 'last-modified': dateAt(-6000)},
      policy: {heuristic: {fraction: 0.1, max: 60}},
    },
    expect: false,
  },
  {
    name: 'not one whose freshness only a rule states',
    rfc: 'RFC 9110 §9.3.3',
    level: 'CHOICE',
    given: {fields: {'content-location': url}, policy: {ttl: 60}},
    expect: false,
  },
  {
    name: 'not one without Content-Location',
    rfc: 'RFC 9110 §9.3.3',
    level: 'MUST',
    given: {fields: {'cache-control': 'max-age=60'}},
    expect: false,
  },
  ...[201, 203, 204, 206, 303, 304, 404, 500].map(status => ({
    name: `not a ${status}`,
    rfc: 'RFC 9110 §9.3.3',
    level: 'CHOICE' as const,
    given: {status},
    expect: false,
  })),
  ...['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'QUERY', 'post'].map(method => ({
    name: `not the answer to ${method}`,
    rfc: 'RFC 9110 §9.3.3',
    level: 'MUST' as const,
    given: {method},
    expect: false,
  })),
  {
    name: 'not what came after redirects nobody saw',
    rfc: 'RFC 9110 §8.7',
    level: 'MUST',
    given: {redirected: true},
    expect: false,
  },
];

const locations: readonly Row<string, boolean>[] = [
  {name: 'an absolute path', rfc: 'RFC 9110 §8.7', level: 'MUST', given: '/list?page=1', expect: true},
  {name: 'a relative one', rfc: 'RFC 9110 §8.7', level: 'MUST', given: 'list?page=1', expect: true},
  {name: 'a query alone', rfc: 'RFC 9110 §8.7', level: 'MUST', given: '?page=1', expect: true},
  {name: 'without the scheme', rfc: 'RFC 9110 §8.7', level: 'MUST', given: '//example.com/list?page=1', expect: true},
  {
    name: 'in another spelling',
    rfc: 'RFC 9110 §4.2.3',
    level: 'MUST',
    given: 'HTTPS://EXAMPLE.com:443/x/../list?page=1',
    expect: true,
  },
  {name: 'another query', rfc: 'RFC 9110 §8.7', level: 'MUST', given: '/list?page=2', expect: false},
  {name: 'no query', rfc: 'RFC 9110 §8.7', level: 'MUST', given: '/list', expect: false},
  {name: 'another origin', rfc: 'RFC 9110 §8.7', level: 'MUST', given: 'http://example.com/list?page=1', expect: false},
  {name: 'a user', rfc: 'RFC 9110 §4.2.4', level: 'MUST', given: 'https://u@example.com/list?page=1', expect: false},
  {name: 'a fragment', rfc: 'RFC 9110 §8.7', level: 'MUST', given: '/list?page=1#top', expect: false},
  {name: 'an empty fragment', rfc: 'RFC 9110 §8.7', level: 'MUST', given: '/list?page=1#', expect: false},
  {name: 'nothing', rfc: 'RFC 9110 §8.7', level: 'CHOICE', given: '', expect: false},
  {name: 'no URI', rfc: 'RFC 9110 §8.7', level: 'MUST', given: 'https://[', expect: false},
];

describe('standsForGet', () => {
  test.each(rows)('of the answers to POST, $name ($rfc, $level)', ({given, expect: expected}) => {
    const {method = 'POST', fields = own, policy: decided = {}, ...head} = given;
    expect(standsForGet(request({method, url}), response({...head, url, fields}), policy(decided), noon)).toBe(
      expected,
    );
  });

  test.each(locations)('Content-Location may name the target by $name: $expect ($rfc, $level)', row => {
    const fields = {...own, 'content-location': row.given};
    expect(standsForGet(request({method: 'POST', url}), response({url, fields}), policy(), noon)).toBe(row.expect);
  });

  test('several Content-Location lines name nothing', () => {
    const fields = [...Object.entries(own), ['content-location', url] as const];
    expect(standsForGet(request({method: 'POST', url}), response({url, fields}), policy(), noon)).toBe(false);
  });
});
