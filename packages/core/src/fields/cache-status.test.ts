import * as fc from 'fast-check';
import {parseItem, parseList as parseStructuredList, serializeItem, Token} from 'structured-headers';
import {describe, expect, test} from 'vitest';
import {forwardDetails, notStoredReasons} from '../policy/reasons.ts';
import {type CacheStatusMember, formatCacheStatus, parseCacheStatus} from './cache-status.ts';

const silent: CacheStatusMember = {
  cache: 'limpid',
  hit: false,
  fwd: undefined,
  fwdStatus: undefined,
  ttl: undefined,
  stored: false,
  collapsed: false,
  key: undefined,
  detail: undefined,
};

describe('formatCacheStatus', () => {
  test.each([
    {name: 'a hit', rfc: 'RFC 9211 §2.1', level: 'MUST', member: {hit: true, ttl: 59}, expected: 'limpid; hit; ttl=59'},
    {
      name: 'a stale hit',
      rfc: 'RFC 9211 §2.4',
      level: 'MUST',
      member: {hit: true, ttl: -0.5},
      expected: 'limpid; hit; ttl=-1',
    },
    {
      name: 'a part of a second',
      rfc: 'RFC 9211 §2.4',
      level: 'MUST',
      member: {hit: true, ttl: 59.9},
      expected: 'limpid; hit; ttl=59',
    },
    {
      name: 'a miss that is stored',
      rfc: 'RFC 9211 §2.2',
      level: 'MUST',
      member: {fwd: 'uri-miss', stored: true},
      expected: 'limpid; fwd=uri-miss; stored',
    },
    {
      name: 'a validation',
      rfc: 'RFC 9211 §2.3',
      level: 'MUST',
      member: {fwd: 'stale', fwdStatus: 304, ttl: 60},
      expected: 'limpid; fwd=stale; fwd-status=304; ttl=60',
    },
    {
      name: 'a collapsed miss',
      rfc: 'RFC 9211 §2.6',
      level: 'MUST',
      member: {fwd: 'uri-miss', collapsed: true},
      expected: 'limpid; fwd=uri-miss; collapsed',
    },
    {
      name: 'a detail that is a token',
      rfc: 'RFC 9211 §2.8',
      level: 'MUST',
      member: {fwd: 'bypass', detail: 'no-store'},
      expected: 'limpid; fwd=bypass; detail=no-store',
    },
    {
      name: 'numbers past what a field may hold',
      rfc: 'RFC 9211 §2.4',
      level: 'MUST',
      member: {hit: true, ttl: Number.POSITIVE_INFINITY, fwdStatus: Number.NaN},
      expected: 'limpid; hit; ttl=999999999999999',
    },
  ] satisfies readonly {
    name: string;
    rfc: string;
    level: string;
    member: Partial<CacheStatusMember>;
    expected: string;
  }[])('$name is written as structured fields ask ($rfc, $level)', ({member, expected}) => {
    expect(formatCacheStatus({...silent, ...member})).toBe(expected);
  });
});

describe('parseCacheStatus', () => {
  test.each([
    {
      name: 'our member',
      rfc: 'RFC 9211 §2',
      level: 'MUST',
      given: 'limpid; hit; ttl=59',
      expected: {hit: true, ttl: 59},
    },
    {name: 'a name in quotes', rfc: 'RFC 9211 §2', level: 'MUST', given: '"limpid";hit', expected: {hit: true}},
    {
      name: 'the last of several',
      rfc: 'RFC 9211 §2',
      level: 'MUST',
      given: 'limpid; hit, proxy; fwd=stale, limpid; fwd=vary-miss',
      expected: {fwd: 'vary-miss'},
    },
    {
      name: 'ours before another',
      rfc: 'RFC 9211 §2',
      level: 'MUST',
      given: 'limpid; hit, other; fwd=stale',
      expected: {hit: true},
    },
    {
      name: 'a comma in a detail',
      rfc: 'RFC 9211 §2',
      level: 'MUST',
      given: 'limpid; fwd=request; detail="a, limpid; hit"',
      expected: {fwd: 'request', detail: 'a, limpid; hit'},
    },
    {
      name: 'an unreadable neighbour',
      rfc: 'RFC 9211 §2',
      level: 'MUST',
      given: '<<>>, limpid; hit',
      expected: {hit: true},
    },
    {
      name: 'a neighbour with an open quote',
      rfc: 'RFC 9211 §2',
      level: 'MUST',
      given: 'x; key="a, limpid; hit',
      expected: {hit: true},
    },
    {
      name: 'parameters of the wrong type',
      rfc: 'RFC 9211 §2',
      level: 'MUST',
      given: 'limpid; hit=1; fwd=5; ttl="x"; fwd-status=1.5; key=?0; stored=?0',
      expected: {},
    },
    {name: 'an unknown reason', rfc: 'RFC 9211 §2', level: 'MUST', given: 'limpid; fwd=whim', expected: {}},
    {
      name: 'a parameter nobody knows',
      rfc: 'RFC 9211 §2',
      level: 'MUST',
      given: 'limpid; hit; x=1; *y',
      expected: {hit: true},
    },
  ])('$name is read ($rfc, $level)', ({given, expected}) => {
    expect(parseCacheStatus(given)).toEqual({...silent, ...expected});
  });

  test.each([
    '',
    'proxy; hit',
    'limpids; hit',
    'proxy; detail=limpid',
    'limpid hit',
    'limpid; __proto__=1',
    '(limpid); hit',
    ':limpid:',
  ])('%j holds no member of ours (RFC 9211 §2)', given => {
    expect(parseCacheStatus(given)).toBeUndefined();
  });

  test('no text throws', () => {
    fc.assert(
      fc.property(
        fc.string({unit: fc.constantFrom('limpid', 'hit', ';', '=', '"', ',', ' ', '\\', '1', '?', ':', '%', '(')}),
        text => {
          expect(() => parseCacheStatus(text)).not.toThrow();
        },
      ),
    );
  });
});

const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, {nil: undefined});

describe('round trips', () => {
  const printable = fc.string({unit: 'grapheme-ascii'});
  const details = [forwardDetails, notStoredReasons].flatMap(reasons => Object.keys(reasons));
  const member: fc.Arbitrary<CacheStatusMember> = fc.record({
    cache: fc.constant('limpid'),
    hit: fc.boolean(),
    fwd: optional(fc.constantFrom('bypass', 'method', 'uri-miss', 'vary-miss', 'request', 'stale', 'partial')),
    fwdStatus: optional(fc.integer({min: 100, max: 599})),
    ttl: optional(fc.integer()),
    stored: fc.boolean(),
    collapsed: fc.boolean(),
    key: fc.constant(undefined),
    detail: optional(fc.constantFrom(...details)),
  });

  test('what is formatted is read again, behind any other cache', () => {
    fc.assert(
      fc.property(member, printable, (ours, theirs) => {
        const other = serializeItem([new Token('proxy'), new Map([['key', theirs]])]);
        expect(parseCacheStatus(`${other}, ${formatCacheStatus(ours)}`)).toEqual(ours);
      }),
    );
  });

  test('what is formatted is a structured field', () => {
    fc.assert(
      fc.property(member, ours => {
        const text = formatCacheStatus(ours);
        expect(() => parseItem(text)).not.toThrow();
        expect(parseStructuredList(text)).toHaveLength(1);
      }),
    );
  });
});
