import * as fc from 'fast-check';
import {serializeDictionary} from 'structured-headers';
import {describe, expect, test} from 'vitest';
import {parseResponseDirectives, type ResponseDirectives} from './cache-control.ts';
import {Fields} from './fields.ts';
import {parseTargetedDirectives} from './targeted-cache-control.ts';

const silent: ResponseDirectives = {...parseResponseDirectives(Fields.none), targeted: true};
const read = (text: string) => parseTargetedDirectives(Fields.from({'CDN-Cache-Control': text}), ['cdn-cache-control']);

type Case = {
  readonly name: string;
  readonly rfc: string;
  readonly level: 'MUST' | 'SHOULD' | 'MAY' | 'CHOICE';
  readonly given: string;
  readonly expected: Partial<ResponseDirectives>;
};

describe('a targeted field says', () => {
  test.each([
    {
      name: 'integers',
      rfc: 'RFC 9213 §2.1',
      level: 'MUST',
      given: 'max-age=60, s-maxage=0',
      expected: {maxAge: 60, sMaxage: 0},
    },
    {
      name: 'windows for stale answers',
      rfc: 'RFC 9213 §2.2',
      level: 'SHOULD',
      given: 'stale-while-revalidate=1, stale-if-error=2',
      expected: {staleWhileRevalidate: 1, staleIfError: 2},
    },
    {name: '2147483648 seconds', rfc: '1.2.2', level: 'MUST', given: 'max-age=2147483648', expected: {maxAge: 2 ** 31}},
    {
      name: 'more seconds than that',
      rfc: '1.2.2',
      level: 'MUST',
      given: 'max-age=99999999999',
      expected: {maxAge: 2 ** 31},
    },
    {
      name: 'zero, whatever its sign',
      rfc: 'RFC 9651 §3.3.1',
      level: 'MUST',
      given: 'max-age=-0',
      expected: {maxAge: 0},
    },
    {
      name: 'all that is bare',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: 'no-store, no-cache, private, must-revalidate, proxy-revalidate, no-transform',
      expected: {
        noStore: true,
        noCache: true,
        private: true,
        mustRevalidate: true,
        proxyRevalidate: true,
      },
    },
    {
      name: 'what permits',
      rfc: 'RFC 9213 §2.2',
      level: 'SHOULD',
      given: 'public, immutable, must-understand',
      expected: {public: true, immutable: true, mustUnderstand: true},
    },
    {
      name: 'true in so many words',
      rfc: 'RFC 9651 §3.3.6',
      level: 'MUST',
      given: 'no-store=?1',
      expected: {noStore: true},
    },
    {
      name: 'false',
      rfc: 'RFC 9651 §3.3.6',
      level: 'MUST',
      given: 'no-store=?0, private=?0, no-cache=?0, public=?0, x',
      expected: {},
    },
    {
      name: 'field names in a string',
      rfc: 'RFC 9213 §2.1',
      level: 'MUST',
      given: 'no-cache="Set-Cookie, x-a", private="X-B"',
      expected: {noCache: ['set-cookie', 'x-a'], private: ['x-b']},
    },
    {
      name: 'one field name in a token',
      rfc: '5.2.2.4',
      level: 'SHOULD',
      given: 'no-cache=Foo',
      expected: {noCache: ['foo']},
    },
    {
      name: 'nothing by parameters',
      rfc: 'RFC 9213 §2.1',
      level: 'MUST',
      given: 'max-age=60;no-store;x=1.5',
      expected: {maxAge: 60},
    },
    {
      name: 'the last of several',
      rfc: 'RFC 9651 §4.2.2',
      level: 'MUST',
      given: 'max-age=1, no-store, max-age=2, no-store=?0',
      expected: {maxAge: 2},
    },
    {
      name: 'nothing by directives nobody knows',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: 'none, foo=1, bar=(1 2), *=?0',
      expected: {},
    },
    {
      name: 'something beside those',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: 'foobar, max-age=60',
      expected: {maxAge: 60},
    },
    ...['"60"', '60.0', '60.5', 'x', '?1', ':YQ==:', '(60)', '-1.0'].map(value => ({
      name: 'nothing by seconds that are no integer',
      rfc: 'RFC 9213 §2.1',
      level: 'SHOULD' as const,
      given: `max-age=${value}, public`,
      expected: {public: true},
    })),
    {
      name: 'nothing by any other seconds that are no integer',
      rfc: 'RFC 9213 §2.1',
      level: 'SHOULD',
      given: 's-maxage="60", stale-while-revalidate="60", stale-if-error="60"',
      expected: {},
    },
    {name: 'nothing by seconds without a value', rfc: 'RFC 9213 §2.1', level: 'SHOULD', given: 'max-age', expected: {}},
    {
      name: 'nothing by the last seconds, when those are no integer',
      rfc: 'RFC 9213 §2.1',
      level: 'SHOULD',
      given: 'max-age=60, max-age=70.0',
      expected: {},
    },
    {
      name: 'seconds, whatever stands in strings and before',
      rfc: 'RFC 9213 §2.1',
      level: 'MUST',
      given: 'max-age=7.0, a=", max-age=60.0", max-age=60, xmax-age=1.0',
      expected: {maxAge: 60},
    },
    {
      name: 'an invalid lifetime by a negative integer',
      rfc: '4.2.1',
      level: 'CHOICE',
      given: 'max-age=-1',
      expected: {maxAge: 'invalid'},
    },
    ...['1', '1.5', 'x', '"x"', '(a b)', ':YQ==:', '%"x"'].map(value => ({
      name: 'a restriction whatever its value',
      rfc: 'RFC 9213 §2.1',
      level: 'CHOICE' as const,
      given: `no-store=${value}, must-revalidate=${value}`,
      expected: {noStore: true, mustRevalidate: true},
    })),
    ...['1.5', '""', '"a b"', '"a\\"b"', '(a b)', ':YQ==:', '%"x"'].map(value => ({
      name: 'a restriction of everything, when the value names no fields',
      rfc: 'RFC 9213 §2.1',
      level: 'CHOICE' as const,
      given: `no-cache=${value}, private=${value}`,
      // A decimal is a token in Cache-Control, and so the name of a field.
      expected: value === '1.5' ? {noCache: ['1.5'], private: ['1.5']} : {noCache: true, private: true},
    })),
    {
      name: 'no permission by a value',
      rfc: 'RFC 9213 §2.1',
      level: 'SHOULD',
      given: 'public=1, immutable=x, must-understand=(a)',
      expected: {},
    },
  ] satisfies readonly Case[])('$name: $given ($rfc, $level)', ({given, expected}) => {
    expect(read(given)).toStrictEqual({...silent, ...expected});
  });

  test('what its lines say together (RFC 9651 §4.2, MUST)', () => {
    const fields = Fields.from([
      ['CDN-Cache-Control', 'max-age=60'],
      ['CDN-Cache-Control', 'no-cache'],
    ]);
    expect(parseTargetedDirectives(fields, ['cdn-cache-control'])).toEqual({...silent, maxAge: 60, noCache: true});
  });
});

describe('a targeted field says nothing', () => {
  test.each([
    ['empty', ''],
    ['empty but for spaces', '  '],
    ['with a key in upper case', 'MaX-aGe=3600'],
    ['with one key in upper case', 'max-age=60, No-Store'],
    ['with something unreadable behind', 'max-age=10000, &&&&&'],
    ['with a space before the =', 'max-age =100'],
    ['with a space after the =', 'max-age= 100'],
    ['with an empty member', 'max-age=60,, public'],
    ['with a comma at its end', 'max-age=60,'],
    ['with a semicolon for a comma', 'max-age=60; no store'],
    ['with a quote that never closes', 'no-cache="a'],
    ['with too long an integer', 'max-age=9999999999999999'],
    ['with a value in single quotes', "no-cache='a'"],
    ['with an empty value', 'max-age='],
  ])('%s: %s (RFC 9213 §2.1, MUST)', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  test('when no cache is told to look', () => {
    expect(parseTargetedDirectives(Fields.from({'cdn-cache-control': 'max-age=60'}), [])).toBeUndefined();
    expect(parseTargetedDirectives(Fields.from({'cache-control': 'max-age=60'}), ['a'])).toBeUndefined();
  });
});

describe('of several targeted fields', () => {
  const names = ['example-cache-control', 'cdn-cache-control'];
  const both = (first: string, second: string) =>
    parseTargetedDirectives(
      Fields.from([
        ['CDN-Cache-Control', second],
        ['Example-Cache-Control', first],
      ]),
      names,
    )?.maxAge;

  test('the first in the list counts alone (RFC 9213 §2.2, MUST)', () => {
    expect(both('max-age=1', 'max-age=2')).toBe(1);
    expect(both('none', 'max-age=2')).toBeUndefined();
  });

  test('those that cannot be read, or are empty, are passed over (RFC 9213 §2.2, MUST)', () => {
    expect(both('Max-Age=1', 'max-age=2')).toBe(2);
    expect(both('', 'max-age=2')).toBe(2);
    expect(both('', 'Max-Age=2')).toBeUndefined();
  });
});

describe('properties', () => {
  const hostile = fc.oneof(
    fc.string({unit: 'binary'}),
    fc
      .array(
        fc.constantFrom(
          'max-age',
          'no-store',
          'private',
          'a',
          '=',
          ',',
          ';',
          '"',
          '\\',
          '(',
          ')',
          ' ',
          '?0',
          '1',
          '.',
          '-',
          '%"',
          ':',
          '@',
        ),
      )
      .map(parts => parts.join('')),
  );

  test('no text throws, and the same directives are always given', () => {
    fc.assert(
      fc.property(hostile, text => {
        const directives = read(text);
        expect(Object.keys(directives ?? silent)).toEqual(Object.keys(silent));
      }),
    );
  });

  const seconds = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 31, 99_999_999_999, 999_999_999_999_999));
  const names = fc.array(fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/), {minLength: 1, maxLength: 3});
  const wellFormed = fc.record(
    {
      'max-age': seconds,
      's-maxage': seconds,
      'stale-while-revalidate': seconds,
      'stale-if-error': seconds,
      'no-store': fc.constant(true),
      public: fc.constant(true),
      'must-revalidate': fc.constant(true),
      'proxy-revalidate': fc.constant(true),
      'must-understand': fc.constant(true),
      immutable: fc.constant(true),
      'no-transform': fc.constant(true),
      'no-cache': fc.oneof(
        fc.constant(true),
        names.map(all => all.join(', ')),
      ),
      private: fc.oneof(
        fc.constant(true),
        names.map(all => all.join(', ')),
      ),
      extension: fc.oneof(seconds, fc.constant(true), fc.string({unit: 'grapheme-ascii'})),
    },
    {requiredKeys: []},
  );

  test('what is well formed for both means the same as in Cache-Control', () => {
    fc.assert(
      fc.property(wellFormed, given => {
        fc.pre(Object.keys(given).length > 0);
        const text = serializeDictionary(given);
        const said = parseResponseDirectives(Fields.from({'cache-control': text}));
        expect(read(text)).toStrictEqual({...said, targeted: true});
      }),
    );
  });

  test('a long hostile text takes no more than linear time', () => {
    const texts = [
      'max-age=1,'.repeat(5_000),
      `a="${'\\"'.repeat(30_000)}"`,
      'a;'.repeat(20_000),
      `a=(${'1 '.repeat(20_000)})`,
      `max-age=1${', max-age=1'.repeat(5_000)}`,
    ];
    const start = performance.now();
    for (const text of texts) read(text);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
