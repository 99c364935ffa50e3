import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
  parseRequestDirectives,
  parseResponseDirectives,
  type RequestDirectives,
  type ResponseDirectives,
} from './cache-control.ts';
import {Fields} from './fields.ts';

const codeUnit = fc.nat(0xffff).map(code => String.fromCharCode(code));

const silentRequest: RequestDirectives = {
  maxAge: undefined,
  maxStale: undefined,
  minFresh: undefined,
  noCache: false,
  noStore: false,
  onlyIfCached: false,
  staleIfError: undefined,
};

const silentResponse: ResponseDirectives = {
  maxAge: undefined,
  sMaxage: undefined,
  noStore: false,
  public: false,
  mustRevalidate: false,
  proxyRevalidate: false,
  mustUnderstand: false,
  immutable: false,
  noCache: false,
  private: false,
  staleWhileRevalidate: undefined,
  staleIfError: undefined,
  targeted: false,
};

type Case<T> = {
  name: string;
  rfc: string;
  level: 'MUST' | 'SHOULD' | 'MAY' | 'CHOICE';
  given: string;
  expected: Partial<T>;
};

const hostile = fc.oneof(
  fc.string({unit: codeUnit}),
  fc
    .array(
      fc.constantFrom(
        'max-age',
        'no-store',
        'private',
        'no-cache',
        'max-stale',
        'public',
        '__proto__',
        'toString',
        '=',
        '"',
        ',',
        ' ',
        ';',
        '\\',
        '1',
        'a',
      ),
    )
    .map(parts => parts.join('')),
);

describe('parseRequestDirectives', () => {
  test.each([
    {name: 'an empty field asks nothing', rfc: '5.2', level: 'MUST', given: '', expected: {}},
    {name: 'max-age', rfc: '5.2.1.1', level: 'MUST', given: 'max-age=60', expected: {maxAge: 60}},
    {
      name: 'max-age without a value',
      rfc: '5.2.1.1',
      level: 'CHOICE',
      given: 'max-age',
      expected: {maxAge: 'invalid'},
    },
    {
      name: 'max-stale without a value',
      rfc: '5.2.1.2',
      level: 'MUST',
      given: 'max-stale',
      expected: {maxStale: 'any'},
    },
    {name: 'max-stale with a value', rfc: '5.2.1.2', level: 'MUST', given: 'max-stale=10', expected: {maxStale: 10}},
    {
      name: 'max-stale with an empty value',
      rfc: '5.2.1.2',
      level: 'CHOICE',
      given: 'max-stale=',
      expected: {maxStale: 'invalid'},
    },
    {
      name: 'max-stale twice',
      rfc: '4.2.1',
      level: 'SHOULD',
      given: 'max-stale=x, max-stale',
      expected: {maxStale: 'invalid'},
    },
    {name: 'min-fresh', rfc: '5.2.1.3', level: 'MUST', given: 'min-fresh="5"', expected: {minFresh: 5}},
    {name: 'no-cache', rfc: '5.2.1.4', level: 'MUST', given: 'NO-CACHE', expected: {noCache: true}},
    {name: 'no-store', rfc: '5.2.1.5', level: 'MUST', given: 'no-store', expected: {noStore: true}},
    {name: 'no-transform', rfc: '5.2.1.6', level: 'MUST', given: 'no-transform', expected: {}},
    {name: 'only-if-cached', rfc: '5.2.1.7', level: 'MUST', given: 'only-if-cached', expected: {onlyIfCached: true}},
    {
      name: 'stale-if-error',
      rfc: 'RFC 5861 §4',
      level: 'MUST',
      given: 'stale-if-error=600',
      expected: {staleIfError: 600},
    },
    {
      name: 'several at once',
      rfc: '5.2',
      level: 'MUST',
      given: 'max-age=0, no-cache,no-store',
      expected: {maxAge: 0, noCache: true, noStore: true},
    },
    {
      name: 'unknown ones',
      rfc: '5.2.3',
      level: 'MUST',
      given: 'x, y="max-age=1", __proto__=1, s-maxage=1',
      expected: {},
    },
    {
      name: 'a restriction with an argument',
      rfc: '5.2',
      level: 'CHOICE',
      given: 'no-cache=x, no-store;y',
      expected: {noCache: true, noStore: true},
    },
  ] satisfies readonly Case<RequestDirectives>[])('$name ($rfc, $level)', ({given, expected}) => {
    expect(parseRequestDirectives(Fields.from({'Cache-Control': given}))).toEqual({...silentRequest, ...expected});
  });

  test('without Cache-Control, Pragma: no-cache stands for no-cache (§5.4, MUST)', () => {
    expect(parseRequestDirectives(Fields.from({Pragma: 'no-cache'}))).toEqual({...silentRequest, noCache: true});
    expect(parseRequestDirectives(Fields.none)).toEqual(silentRequest);
  });

  test('with Cache-Control, however empty, Pragma says nothing (§5.4, MUST)', () => {
    expect(parseRequestDirectives(Fields.from({Pragma: 'no-cache', 'Cache-Control': ''}))).toEqual(silentRequest);
    expect(parseRequestDirectives(Fields.from({Pragma: 'no-cache', 'Cache-Control': 'max-age=1'})).noCache).toBe(false);
  });

  test('no text throws, and the same directives are always given', () => {
    fc.assert(
      fc.property(hostile, text => {
        expect(Object.keys(parseRequestDirectives(Fields.from({'cache-control': text})))).toEqual(
          Object.keys(silentRequest),
        );
      }),
    );
  });
});

describe('parseResponseDirectives', () => {
  test.each([
    {name: 'an empty field says nothing', rfc: '5.2', level: 'MUST', given: '', expected: {}},
    {name: 'max-age', rfc: '5.2.2.1', level: 'MUST', given: 'max-age=3600', expected: {maxAge: 3600}},
    {name: 'max-age in quotes', rfc: '5.2', level: 'SHOULD', given: 'max-age="3600"', expected: {maxAge: 3600}},
    {name: 'max-age in another case', rfc: '5.2', level: 'MUST', given: 'MaX-aGe=3600', expected: {maxAge: 3600}},
    {
      name: 'max-age past the limit',
      rfc: '1.2.2',
      level: 'MUST',
      given: 'max-age=99999999999',
      expected: {maxAge: 2147483648},
    },
    {
      name: 'max-age with zeros before',
      rfc: '1.2.2',
      level: 'MUST',
      given: 'max-age=003600',
      expected: {maxAge: 3600},
    },
    {name: 'max-age without a value', rfc: '4.2.1', level: 'SHOULD', given: 'max-age', expected: {maxAge: 'invalid'}},
    {
      name: 'max-age with an empty value',
      rfc: '4.2.1',
      level: 'SHOULD',
      given: 'max-age=',
      expected: {maxAge: 'invalid'},
    },
    {name: 'max-age below zero', rfc: '4.2.1', level: 'SHOULD', given: 'max-age=-1', expected: {maxAge: 'invalid'}},
    {
      name: 'max-age with a fraction',
      rfc: '4.2.1',
      level: 'SHOULD',
      given: 'max-age=3600.0',
      expected: {maxAge: 'invalid'},
    },
    {
      name: 'max-age with a letter before',
      rfc: '4.2.1',
      level: 'SHOULD',
      given: 'max-age=a3600',
      expected: {maxAge: 'invalid'},
    },
    {
      name: 'max-age with a letter behind',
      rfc: '4.2.1',
      level: 'SHOULD',
      given: 'max-age=3600a',
      expected: {maxAge: 'invalid'},
    },
    {
      name: 'max-age in single quotes',
      rfc: '4.2.1',
      level: 'SHOULD',
      given: "max-age='3600'",
      expected: {maxAge: 'invalid'},
    },
    {
      name: 'max-age with an open quote',
      rfc: '4.2.1',
      level: 'SHOULD',
      given: 'max-age="3600',
      expected: {maxAge: 'invalid'},
    },
    {name: 'a space before =', rfc: '4.2.1', level: 'CHOICE', given: 'max-age =3600', expected: {maxAge: 'invalid'}},
    {name: 'a space after =', rfc: '4.2.1', level: 'CHOICE', given: 'max-age= 3600', expected: {maxAge: 'invalid'}},
    {name: 'a colon for =', rfc: '4.2.1', level: 'CHOICE', given: 'max-age: 3600', expected: {maxAge: 'invalid'}},
    {name: 'a space for =', rfc: '4.2.1', level: 'CHOICE', given: 'max-age 3600', expected: {maxAge: 'invalid'}},
    {name: 'max-age twice', rfc: '4.2.1', level: 'SHOULD', given: 'max-age=1800, max-age=1', expected: {maxAge: 1800}},
    {
      name: 'an invalid max-age before a valid one',
      rfc: '4.2.1',
      level: 'SHOULD',
      given: 'max-age=x, max-age=1',
      expected: {maxAge: 'invalid'},
    },
    {
      name: 'max-age of zero before another',
      rfc: '4.2.1',
      level: 'SHOULD',
      given: 'max-age=0, max-age=1',
      expected: {maxAge: 0},
    },
    {
      name: 'max-age within a string before',
      rfc: '5.2',
      level: 'MUST',
      given: 'x="max-age=3600, max-age=7", max-age=1',
      expected: {maxAge: 1},
    },
    {
      name: 'max-age within a string behind',
      rfc: '5.2',
      level: 'MUST',
      given: 'max-age="1", x="max-age=3600"',
      expected: {maxAge: 1},
    },
    {
      name: 'an open quote hides no restriction',
      rfc: '5.2',
      level: 'CHOICE',
      given: 'x="a, no-store',
      expected: {noStore: true},
    },
    {
      name: 's-maxage',
      rfc: '5.2.2.10',
      level: 'MUST',
      given: 's-maxage=5, max-age=1',
      expected: {sMaxage: 5, maxAge: 1},
    },
    {
      name: 'must-revalidate',
      rfc: '5.2.2.2',
      level: 'MUST',
      given: 'must-revalidate',
      expected: {mustRevalidate: true},
    },
    {
      name: 'must-understand',
      rfc: '5.2.2.3',
      level: 'MUST',
      given: 'must-understand, no-store',
      expected: {mustUnderstand: true, noStore: true},
    },
    {name: 'no-cache', rfc: '5.2.2.4', level: 'MUST', given: 'no-cache', expected: {noCache: true}},
    {
      name: 'qualified no-cache',
      rfc: '5.2.2.4',
      level: 'MUST',
      given: 'no-cache="Set-Cookie, X-A"',
      expected: {noCache: ['set-cookie', 'x-a']},
    },
    {
      name: 'no-cache with a token',
      rfc: '5.2',
      level: 'SHOULD',
      given: 'no-cache=Set-Cookie',
      expected: {noCache: ['set-cookie']},
    },
    {name: 'no-store', rfc: '5.2.2.5', level: 'MUST', given: 'No-Store', expected: {noStore: true}},
    {name: 'no-store with an argument', rfc: '5.2', level: 'CHOICE', given: 'no-store="x"', expected: {noStore: true}},
    {
      name: 'no-store with a semicolon',
      rfc: '5.2',
      level: 'CHOICE',
      given: 'no-store; max-age=60',
      expected: {noStore: true},
    },
    {name: 'no-transform', rfc: '5.2.2.6', level: 'MUST', given: 'no-transform', expected: {}},
    {name: 'private', rfc: '5.2.2.7', level: 'MUST', given: 'Private', expected: {private: true}},
    {name: 'qualified private', rfc: '5.2.2.7', level: 'MUST', given: 'private="X-A"', expected: {private: ['x-a']}},
    {
      name: 'white space in a qualified private',
      rfc: '5.2.2.7',
      level: 'MUST',
      given: 'private=" X-A\t, , x-b "',
      expected: {private: ['x-a', 'x-b']},
    },
    {
      name: 'escapes in a qualified private',
      rfc: 'RFC 9110 §5.6.4',
      level: 'MUST',
      given: 'private="X\\-A"',
      expected: {private: ['x-a']},
    },
    {
      name: 'private with an empty argument',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: 'private=',
      expected: {private: true},
    },
    {
      name: 'private with an empty string',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: 'private=""',
      expected: {private: true},
    },
    {
      name: 'private with commas alone',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: 'private=" , "',
      expected: {private: true},
    },
    {
      name: 'private with what is no name',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: 'private="x-a, b c"',
      expected: {private: true},
    },
    {
      name: 'private with an open quote',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: 'private="x-a, x-b',
      expected: {private: true},
    },
    {
      name: 'private with a space before =',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: 'private ="x-a"',
      expected: {private: true},
    },
    {
      name: 'private with a space after =',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: 'private= "x-a"',
      expected: {private: true},
    },
    {
      name: 'qualified, then unqualified',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: 'private="x-a", private',
      expected: {private: true},
    },
    {
      name: 'unqualified, then qualified',
      rfc: '5.2.2.4',
      level: 'CHOICE',
      given: 'no-cache, no-cache="x-a"',
      expected: {noCache: true},
    },
    {
      name: 'qualified twice',
      rfc: '5.2.2.4',
      level: 'CHOICE',
      given: 'no-cache="a, b", no-cache="B, c"',
      expected: {noCache: ['a', 'b', 'c']},
    },
    {
      name: '__proto__ as a qualified name',
      rfc: '5.2.2.4',
      level: 'MUST',
      given: 'no-cache="__proto__"',
      expected: {noCache: ['__proto__']},
    },
    {
      name: 'proxy-revalidate',
      rfc: '5.2.2.8',
      level: 'MUST',
      given: 'proxy-revalidate',
      expected: {proxyRevalidate: true},
    },
    {name: 'public', rfc: '5.2.2.9', level: 'MUST', given: 'public', expected: {public: true}},
    {
      name: 'a permission with an argument',
      rfc: '5.2',
      level: 'CHOICE',
      given: 'public=x, immutable=, must-understand="y"',
      expected: {},
    },
    {name: 'a permission twice', rfc: '5.2', level: 'CHOICE', given: 'public, public=x', expected: {public: true}},
    {
      name: 'immutable',
      rfc: 'RFC 8246 §2',
      level: 'MUST',
      given: 'max-age=1, immutable',
      expected: {maxAge: 1, immutable: true},
    },
    {
      name: 'stale-while-revalidate',
      rfc: 'RFC 5861 §3',
      level: 'MUST',
      given: 'stale-while-revalidate=30',
      expected: {staleWhileRevalidate: 30},
    },
    {
      name: 'stale-if-error',
      rfc: 'RFC 5861 §4',
      level: 'MUST',
      given: 'stale-if-error=x',
      expected: {staleIfError: 'invalid'},
    },
    {
      name: 'unknown ones',
      rfc: '5.2.3',
      level: 'MUST',
      given: 'x, =1, "no-store", max-ages=1, xmax-age=1, __proto__, toString=1',
      expected: {},
    },
    {
      name: 'empty members',
      rfc: 'RFC 9110 §5.6.1.2',
      level: 'MUST',
      given: ', ,no-cache,, ',
      expected: {noCache: true},
    },
  ] satisfies readonly Case<ResponseDirectives>[])('$name: $given ($rfc, $level)', ({given, expected}) => {
    expect(parseResponseDirectives(Fields.from({'Cache-Control': given}))).toEqual({...silentResponse, ...expected});
  });

  test('several lines are read as one (RFC 9110 §5.3, MUST)', () => {
    const fields = Fields.from([
      ['Cache-Control', 'max-age=1800'],
      ['Cache-Control', 'max-age=1, no-cache'],
    ]);
    expect(parseResponseDirectives(fields)).toEqual({...silentResponse, maxAge: 1800, noCache: true});
  });

  test('a response without Cache-Control says nothing, whatever its Pragma (§5.4, MUST)', () => {
    expect(parseResponseDirectives(Fields.from({Pragma: 'no-cache'}))).toEqual(silentResponse);
  });

  test('what one field said is not remembered for the next', () => {
    parseResponseDirectives(Fields.from({'cache-control': 'no-store, private, max-age=1'}));
    parseRequestDirectives(Fields.from({'cache-control': 'no-store, max-age=1'}));
    expect(parseResponseDirectives(Fields.none)).toEqual(silentResponse);
    expect(parseResponseDirectives(Fields.from({'cache-control': 'x'}))).toEqual(silentResponse);
    expect(parseRequestDirectives(Fields.none)).toEqual(silentRequest);
  });

  test('no text throws, and the same directives are always given', () => {
    fc.assert(
      fc.property(hostile, text => {
        expect(Object.keys(parseResponseDirectives(Fields.from({'cache-control': text})))).toEqual(
          Object.keys(silentResponse),
        );
      }),
    );
  });

  test('what follows never lifts a restriction', () => {
    fc.assert(
      fc.property(hostile, text => {
        const directives = parseResponseDirectives(
          Fields.from({'cache-control': `no-store, private, no-cache, ${text}`}),
        );
        expect([directives.noStore, directives.private, directives.noCache]).toEqual([true, true, true]);
      }),
    );
  });

  test('a restriction behind complete members is always seen', () => {
    const complete = fc.array(fc.stringMatching(/^[a-z-]+(=([a-z0-9]+|"([^"\\]|\\.)*"))?$/));
    fc.assert(
      fc.property(complete, members => {
        const directives = parseResponseDirectives(Fields.from({'cache-control': [...members, 'no-store'].join(',')}));
        expect(directives.noStore).toBe(true);
      }),
    );
  });

  test('a long hostile text takes no more than linear time', () => {
    const texts = [
      'max-age="'.repeat(30_000),
      'no-cache="a,'.repeat(30_000),
      `private="${' ,'.repeat(100_000)}"`,
      `${' '.repeat(200_000)}=`,
      'x='.repeat(100_000),
    ];
    const start = performance.now();
    for (const text of texts) parseResponseDirectives(Fields.from({'cache-control': text}));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
