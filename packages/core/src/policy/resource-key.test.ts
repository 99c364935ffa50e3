import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Row} from '../../test/builders.ts';
import {resourceKey, secretParameters, withoutSecrets} from './resource-key.ts';

const base = 'https://example.com/a';

describe('the resource', () => {
  type Given = {search: string; ignore: true | readonly string[] | undefined};
  const rows: readonly Row<Given, string>[] = [
    {
      name: 'is the target URI',
      rfc: '2',
      level: 'MUST',
      given: {search: '?b=1&a=2', ignore: undefined},
      expect: '?b=1&a=2',
    },
    {name: 'keeps an empty query', rfc: '2', level: 'MUST', given: {search: '?', ignore: undefined}, expect: '?'},
    {
      name: 'loses the whole query to true',
      rfc: '2',
      level: 'CHOICE',
      given: {search: '?b=1&a=2', ignore: true},
      expect: '',
    },
    {
      name: 'is the target URI without a query, whatever is ignored',
      rfc: '2',
      level: 'MUST',
      given: {search: '', ignore: true},
      expect: '',
    },
    {
      name: 'loses a parameter without a name, when that is ignored',
      rfc: '2',
      level: 'CHOICE',
      given: {search: '?=1&a=2', ignore: ['']},
      expect: '?a=2',
    },
    {
      name: 'loses the named parameters, each time they occur',
      rfc: '2',
      level: 'CHOICE',
      given: {search: '?utm=1&a=2&utm=3', ignore: ['utm']},
      expect: '?a=2',
    },
    {
      name: 'loses the question mark with the last parameter',
      rfc: '2',
      level: 'CHOICE',
      given: {search: '?utm=1', ignore: ['utm']},
      expect: '',
    },
    {
      name: 'compares decoded names',
      rfc: '2',
      level: 'CHOICE',
      given: {search: '?ut%6D=1&a+b=2&c=3', ignore: ['utm', 'a b']},
      expect: '?c=3',
    },
    {
      name: 'regards case',
      rfc: '2',
      level: 'CHOICE',
      given: {search: '?UTM=1', ignore: ['utm']},
      expect: '?UTM=1',
    },
    {
      name: 'keeps the text and order of the others',
      rfc: '2',
      level: 'MUST',
      given: {search: '?z=%2f&utm&a=%zz', ignore: ['utm']},
      expect: '?z=%2f&a=%zz',
    },
  ];
  test.each(rows)('$name', row => {
    expect(resourceKey(base + row.given.search, row.given.ignore)).toBe(base + row.expect);
  });
});

describe('secrets in the query', () => {
  const rows: readonly Row<string, readonly string[]>[] = [
    {name: 'none without a query', rfc: '7.3', level: 'CHOICE', given: '', expect: []},
    {name: 'none in an ordinary query', rfc: '7.3', level: 'CHOICE', given: '?q=token&page=2', expect: []},
    {name: 'a token', rfc: '7.3', level: 'CHOICE', given: '?q=1&access_token=abc', expect: ['abc']},
    {name: 'a token in any case', rfc: '7.3', level: 'CHOICE', given: '?Access_Token=abc', expect: ['abc']},
    {name: 'a token with an escaped name', rfc: '7.3', level: 'CHOICE', given: '?q=1&%74oken=abc', expect: ['abc']},
    {
      name: 'a token behind a malformed escape',
      rfc: '7.3',
      level: 'CHOICE',
      given: '?%zz=1&token=abc',
      expect: ['abc'],
    },
    {
      name: 'each once, as it stands',
      rfc: '7.3',
      level: 'CHOICE',
      given: '?key=a%20b&sig=c&sid=c',
      expect: ['a%20b', 'c'],
    },
    {name: 'not an empty one', rfc: '7.3', level: 'CHOICE', given: '?token=&key', expect: []},
    {
      name: 'not a name that only ends like one',
      rfc: '7.3',
      level: 'CHOICE',
      given: '?monkey=1&design=2&keyword=3&tokens=4',
      expect: [],
    },
    {name: 'none that turns pages', rfc: '7.3', level: 'CHOICE', given: '?pageToken=1&next_token=2', expect: []},
    {name: 'one in brackets', rfc: '7.3', level: 'CHOICE', given: '?user[password]=abc', expect: ['abc']},
    {name: 'none in a path that looks like a query', rfc: '7.3', level: 'CHOICE', given: '&token=abc', expect: []},
  ];
  test.each(rows)('$name', row => {
    expect(secretParameters(base + row.given)).toEqual(row.expect);
  });

  test.each([
    ['OAuth 2.0', 'access_token refresh_token id_token oauth_token client_secret code token'],
    ['OAuth 2.0, written otherwise', 'access-token refreshToken idToken authToken auth-token clientSecret user_token'],
    ['API keys', 'api-key api_key apikey authkey key subscription-key x-api-key X-Api-Key'],
    ['sessions', 'auth auth_token authorization accesstoken jwt session session_id sessionid sid'],
    ['passwords', 'pass passwd password pwd secret'],
    ['signed URIs', 'hmac policy sig signature x-amz-credential x-amz-security-token x-amz-signature'],
    ['signed URIs of another cloud', 'x-goog-credential x-goog-signature'],
  ])('are all those of %s', (_, names) => {
    for (const name of names.split(' ')) expect(secretParameters(`${base}?${name}=s`), name).toEqual(['s']);
  });

  test('are replaced, and nothing else changes', () => {
    const pseudonyms = new Map([
      ['abc', 'p1'],
      ['d%20e', 'p/2'],
    ]);
    const url = `${base}?q=abc&token=abc&%6Bey=d%20e&z`;
    expect(withoutSecrets(url, pseudonyms)).toBe(`${base}?q=abc&token=p1&%6Bey=p%2F2&z`);
  });

  test('without a pseudonym they are an error that does not tell them', () => {
    expect(() => withoutSecrets(`${base}?token=hush`, new Map())).toThrow(/^limpid: a secret query parameter/);
  });

  test('take no longer to find in a hostile query', () => {
    expect(secretParameters(`${base}${'?'.repeat(200_000)}`)).toEqual([]);
  });

  test('never survive replacement', () => {
    const name = fc.constantFrom('token', 'Api-Key', 'userToken', 'sid', 'q', 'page', '%74oken', 'x+y');
    const value = fc.stringMatching(/^S[0-9a-f]{8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), {maxLength: 6}), pairs => {
        const url = `${base}?${pairs.map(([key, secret]) => `${key}=${secret}`).join('&')}`;
        const secrets = secretParameters(url);
        const replaced = withoutSecrets(url, new Map(secrets.map((secret, index) => [secret, `p${index}`])));
        expect(secretParameters(replaced).every(left => /^p\d$/.test(left))).toBe(true);
      }),
    );
  });
});
