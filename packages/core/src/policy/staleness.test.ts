import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {at, type Row, request, stored} from '../../test/builders.ts';
import {notReusedReasons} from './reasons.ts';
import {isFresh, mayServeStale, remainingLifetime, type StaleGrounds, whyNotFresh} from './staleness.ts';

/** A response with max-age=60 unless `says` differs, looked at `age` seconds after it arrived. */
type Given = {
  readonly request?: Parameters<typeof request>[0];
  readonly asks?: string;
  readonly says?: string;
  readonly stored?: Parameters<typeof stored>[0];
  readonly age: number;
};

const built = (given: Given) => ({
  asked: request({...(given.asks === undefined ? {} : {fields: {'cache-control': given.asks}}), ...given.request}),
  kept: stored({fields: {'cache-control': given.says ?? 'max-age=60'}, ...given.stored}),
});

const varyCookie = {fields: {'cache-control': 'max-age=60', vary: 'Cookie'}};

describe('freshness', () => {
  const rows: readonly Row<Given, number>[] = [
    {name: 'counts down', rfc: '4.2', level: 'MUST', given: {age: 20}, expect: 40},
    {name: 'is over when age reaches the lifetime', rfc: '4.2', level: 'MUST', given: {age: 60}, expect: 0},
    {name: 'counts on below zero', rfc: '4.2.4', level: 'MUST', given: {age: 75}, expect: -15},
    {name: 'ends with an expire', rfc: 'limpid', level: 'CHOICE', given: {age: 20, stored: {expired: true}}, expect: 0},
    {name: 'ends when the clock goes back', rfc: '4.2.3', level: 'CHOICE', given: {age: -20}, expect: 0},
  ];
  test.each(rows)('$name', row => {
    const {kept} = built(row.given);
    expect(remainingLifetime(kept, at(row.given.age))).toBe(row.expect);
    expect(isFresh(kept, at(row.given.age))).toBe(row.expect > 0);
  });
});

describe('why a stored response is not reused as it is', () => {
  type Reason = keyof typeof notReusedReasons | undefined;
  const rows: readonly Row<Given, Reason>[] = [
    {name: 'a fresh one is', rfc: '4', level: 'MAY', given: {age: 59}, expect: undefined},
    {name: 'a stale one is not', rfc: '4', level: 'MUST', given: {age: 60}, expect: 'stale'},
    {name: 'one from the future is not', rfc: '4.2.3', level: 'CHOICE', given: {age: -1}, expect: 'stale'},
    {
      name: 'a fresh must-revalidate is',
      rfc: '5.2.2.2',
      level: 'MAY',
      given: {age: 1, says: 'max-age=60, must-revalidate'},
      expect: undefined,
    },
    {
      name: 'no-cache of the response',
      rfc: '5.2.2.4',
      level: 'MUST',
      given: {age: 1, says: 'max-age=60, no-cache'},
      expect: 'always-validate',
    },
    {name: 'an expire', rfc: 'limpid', level: 'CHOICE', given: {age: 1, stored: {expired: true}}, expect: 'expired'},
    {
      name: 'a clear with through',
      rfc: 'limpid',
      level: 'CHOICE',
      given: {age: 1, request: {through: true}},
      expect: 'through',
    },
    {
      name: 'no-cache of the request',
      rfc: '5.2.1.4',
      level: 'MUST',
      given: {age: 1, asks: 'no-cache'},
      expect: 'no-cache',
    },
    {
      name: 'the mode no-cache',
      rfc: 'Fetch',
      level: 'MUST',
      given: {age: 1, request: {mode: 'no-cache'}},
      expect: 'no-cache',
    },
    {
      name: 'the mode reload',
      rfc: 'Fetch',
      level: 'MUST',
      given: {age: 1, request: {mode: 'reload'}},
      expect: 'reload',
    },
    {
      name: 'older than the request accepts',
      rfc: '5.2.1.1',
      level: 'SHOULD',
      given: {age: 11, asks: 'max-age=10'},
      expect: 'max-age',
    },
    {
      name: 'just as old as the request accepts is reused',
      rfc: '5.2.1.1',
      level: 'SHOULD',
      given: {age: 10, asks: 'max-age=10'},
      expect: undefined,
    },
    {
      name: 'max-age=0 at age zero',
      rfc: '5.2.1.1',
      level: 'CHOICE',
      given: {age: 0, asks: 'max-age=0'},
      expect: 'max-age',
    },
    {
      name: 'an unreadable max-age of the request',
      rfc: '5.2.1.1',
      level: 'CHOICE',
      given: {age: 0, asks: 'max-age=x'},
      expect: 'max-age',
    },
    {
      name: 'immutable is reused though max-age=0 asks for a reload',
      rfc: 'RFC 8246 §2',
      level: 'SHOULD',
      given: {age: 1, asks: 'max-age=0', says: 'max-age=60, immutable'},
      expect: undefined,
    },
    {
      name: 'immutable is not reused against no-cache',
      rfc: 'RFC 8246 §2',
      level: 'MAY',
      given: {age: 1, asks: 'no-cache', says: 'max-age=60, immutable'},
      expect: 'no-cache',
    },
    {
      name: 'immutable is not reused stale',
      rfc: 'RFC 8246 §2',
      level: 'MUST',
      given: {age: 61, asks: 'max-age=0', says: 'max-age=60, immutable'},
      expect: 'stale',
    },
    {
      name: 'not fresh for as long as the request asks',
      rfc: '5.2.1.3',
      level: 'SHOULD',
      given: {age: 51, asks: 'min-fresh=10'},
      expect: 'min-fresh',
    },
    {
      name: 'fresh for just as long as the request asks is reused',
      rfc: '5.2.1.3',
      level: 'SHOULD',
      given: {age: 50, asks: 'min-fresh=10'},
      expect: undefined,
    },
    {
      name: 'an unreadable min-fresh',
      rfc: '5.2.1.3',
      level: 'CHOICE',
      given: {age: 0, asks: 'min-fresh'},
      expect: 'min-fresh',
    },
    {
      name: 'stale comes before the limits of the request',
      rfc: 'RFC 9211 §2.2',
      level: 'CHOICE',
      given: {age: 61, asks: 'max-age=10'},
      expect: 'stale',
    },
    {
      name: 'Vary: Cookie in a browser, where cookies are hidden',
      rfc: '4.1',
      level: 'CHOICE',
      given: {age: 1, request: {client: 'browser'}, stored: varyCookie},
      expect: 'hidden-cookies',
    },
    {
      name: 'Vary: Cookie in a browser among other names',
      rfc: '4.1',
      level: 'CHOICE',
      given: {
        age: 1,
        request: {client: 'browser'},
        stored: {fields: {'cache-control': 'max-age=60', vary: 'Foo, Cookie'}},
      },
      expect: 'hidden-cookies',
    },
    {
      name: 'another Vary is no obstacle in a browser',
      rfc: '4.1',
      level: 'MAY',
      given: {age: 1, request: {client: 'browser'}, stored: {fields: {'cache-control': 'max-age=60', vary: 'Foo'}}},
      expect: undefined,
    },
    {
      name: 'Vary: Cookie is no obstacle where cookies are visible',
      rfc: '4.1',
      level: 'MAY',
      given: {age: 1, stored: varyCookie},
      expect: undefined,
    },
  ];
  test.each(rows)('$name', row => {
    const {asked, kept} = built(row.given);
    expect(whyNotFresh(asked, kept, at(row.given.age))).toBe(row.expect);
  });
});

describe('a stale answer', () => {
  const swr = 'max-age=60, stale-while-revalidate=30';
  const sie = 'max-age=60, stale-if-error=30';
  const forced = {mode: 'force-cache'} as const;
  const rows: readonly Row<Given & {readonly why: StaleGrounds}, boolean>[] = [
    {
      name: 'is not given without max-stale',
      rfc: '4.2.4',
      level: 'CHOICE',
      given: {why: 'max-stale', age: 60},
      expect: false,
    },
    {
      name: 'is given within max-stale',
      rfc: '5.2.1.2',
      level: 'MAY',
      given: {why: 'max-stale', age: 70, asks: 'max-stale=10'},
      expect: true,
    },
    {
      name: 'is not given beyond max-stale',
      rfc: '5.2.1.2',
      level: 'MUST',
      given: {why: 'max-stale', age: 71, asks: 'max-stale=10'},
      expect: false,
    },
    {
      name: 'is given at any age for a bare max-stale',
      rfc: '5.2.1.2',
      level: 'MAY',
      given: {why: 'max-stale', age: 1e6, asks: 'max-stale'},
      expect: true,
    },
    {
      name: 'is not given for an unreadable max-stale',
      rfc: '5.2.1.2',
      level: 'CHOICE',
      given: {why: 'max-stale', age: 61, asks: 'max-stale=x'},
      expect: false,
    },
    {
      name: 'is not given against must-revalidate',
      rfc: '4.2.4',
      level: 'MUST',
      given: {why: 'max-stale', age: 61, asks: 'max-stale', says: 'max-age=60, must-revalidate'},
      expect: false,
    },
    {
      name: 'is not given against no-cache',
      rfc: '4.2.4',
      level: 'MUST',
      given: {why: 'max-stale', age: 61, asks: 'max-stale', says: 'max-age=60, no-cache'},
      expect: false,
    },
    {
      name: 'keeps to max-age beside max-stale',
      rfc: '5.2.1.1',
      level: 'CHOICE',
      given: {why: 'max-stale', age: 70, asks: 'max-stale=20, max-age=65'},
      expect: false,
    },
    {
      name: 'is given while revalidating, within the window',
      rfc: 'RFC 5861 §3',
      level: 'MAY',
      given: {why: 'revalidating', age: 89, says: swr},
      expect: true,
    },
    {
      name: 'is not given while revalidating, beyond the window',
      rfc: 'RFC 5861 §3',
      level: 'MUST',
      given: {why: 'revalidating', age: 90, says: swr},
      expect: false,
    },
    {
      name: 'is not given at the very moment of staleness without a window',
      rfc: '4.2',
      level: 'MUST',
      given: {why: 'revalidating', age: 60},
      expect: false,
    },
    {
      name: 'is not given while revalidating when the request asks for younger',
      rfc: '5.2.1.1',
      level: 'CHOICE',
      given: {why: 'revalidating', age: 70, says: swr, asks: 'max-age=10'},
      expect: false,
    },
    {
      name: 'is not given while revalidating to who bounds the age and accepts nothing stale',
      rfc: '5.2.1.1',
      level: 'SHOULD',
      given: {why: 'revalidating', age: 70, says: swr, asks: 'max-age=100'},
      expect: false,
    },
    {
      name: 'is given while revalidating to who bounds the age and accepts what is so stale',
      rfc: '5.2.1.1',
      level: 'SHOULD',
      given: {why: 'revalidating', age: 70, says: swr, asks: 'max-age=100, max-stale=10'},
      expect: true,
    },
    {
      name: 'is not given while revalidating beyond max-stale',
      rfc: '5.2.1.2',
      level: 'SHOULD',
      given: {why: 'revalidating', age: 70, says: swr, asks: 'max-stale=5'},
      expect: false,
    },
    {
      name: 'is not given while revalidating when the request asks for validation',
      rfc: '5.2.1.4',
      level: 'MUST',
      given: {why: 'revalidating', age: 70, says: swr, asks: 'no-cache'},
      expect: false,
    },
    {
      name: 'is given on an error, within the window',
      rfc: 'RFC 5861 §4',
      level: 'MAY',
      given: {why: 'error', age: 89, says: sie},
      expect: true,
    },
    {
      name: 'is not given on an error, beyond the window',
      rfc: 'RFC 5861 §4',
      level: 'MUST',
      given: {why: 'error', age: 90, says: sie},
      expect: false,
    },
    {
      name: 'is given on an error when the request grants the window',
      rfc: 'RFC 5861 §4',
      level: 'MAY',
      given: {why: 'error', age: 89, asks: 'stale-if-error=30'},
      expect: true,
    },
    {
      name: 'is not given on an error beyond the window the request grants',
      rfc: 'RFC 5861 §4',
      level: 'MUST',
      given: {why: 'error', age: 90, asks: 'stale-if-error=30'},
      expect: false,
    },
    {
      name: 'is not given on an error against must-revalidate',
      rfc: '4.2.4',
      level: 'MUST',
      given: {why: 'error', age: 61, says: `${sie}, must-revalidate`},
      expect: false,
    },
    {
      name: 'is not given on an error when the request asks for validation',
      rfc: '5.2.1.4',
      level: 'CHOICE',
      given: {why: 'error', age: 61, says: sie, asks: 'no-cache'},
      expect: false,
    },
    {
      name: 'is not given on an error when the clock is behind',
      rfc: '4.2.3',
      level: 'CHOICE',
      given: {why: 'error', age: -1, says: sie},
      expect: false,
    },
    {
      name: 'is given at any age to the mode force-cache',
      rfc: 'Fetch',
      level: 'MAY',
      given: {why: 'mode', age: 1e6, request: forced},
      expect: true,
    },
    {
      name: 'is given at any age to the mode only-if-cached',
      rfc: 'Fetch',
      level: 'MAY',
      given: {why: 'mode', age: 1e6, request: {mode: 'only-if-cached'}},
      expect: true,
    },
    {
      name: 'is given to force-cache against must-revalidate',
      rfc: '4.2.4',
      level: 'CHOICE',
      given: {why: 'mode', age: 61, request: forced, says: 'max-age=60, must-revalidate'},
      expect: true,
    },
    {name: 'is not given to another mode', rfc: 'Fetch', level: 'MUST', given: {why: 'mode', age: 61}, expect: false},
    {
      name: 'is not given to force-cache after an expire',
      rfc: 'limpid',
      level: 'CHOICE',
      given: {why: 'mode', age: 1, request: forced, stored: {expired: true}},
      expect: false,
    },
    {
      name: 'is not given to force-cache after a clear with through',
      rfc: 'limpid',
      level: 'CHOICE',
      given: {why: 'mode', age: 1, request: {...forced, through: true}},
      expect: false,
    },
    {
      name: 'is not given to force-cache while the cookies it depends on are hidden',
      rfc: '4.1',
      level: 'CHOICE',
      given: {why: 'mode', age: 1, request: {...forced, client: 'browser'}, stored: varyCookie},
      expect: false,
    },
  ];
  test.each(rows)('$name', row => {
    const {asked, kept} = built(row.given);
    expect(mayServeStale(asked, kept, at(row.given.age), row.given.why)).toBe(row.expect);
  });
});

describe('any request and response', () => {
  const asks = fc.array(
    fc.constantFrom('max-age=0', 'max-age=9', 'min-fresh=5', 'max-stale', 'no-cache', 'max-age=x', 'x'),
  );
  const says = fc.array(
    fc.constantFrom('max-age=60', 'max-age=x', 'no-cache', 'immutable', 'must-revalidate', 'stale-if-error=9'),
  );
  const mode = fc.constantFrom('default' as const, 'reload' as const, 'no-cache' as const, 'force-cache' as const);
  const given = fc.record({
    asks,
    says,
    mode,
    age: fc.integer({min: -100, max: 200}),
    expired: fc.boolean(),
    through: fc.boolean(),
  });
  const grounds: readonly StaleGrounds[] = ['max-stale', 'revalidating', 'error', 'mode'];

  test('get a known reason or none, and an answer on all grounds', () => {
    fc.assert(
      fc.property(given, row => {
        const asked = request({fields: {'cache-control': row.asks.join()}, mode: row.mode, through: row.through});
        const kept = stored({fields: {'cache-control': row.says.join()}, expired: row.expired});
        const reason = whyNotFresh(asked, kept, at(row.age));
        expect(reason === undefined || reason in notReusedReasons).toBe(true);
        for (const why of grounds) expect(typeof mayServeStale(asked, kept, at(row.age), why)).toBe('boolean');
      }),
    );
  });

  test('after an expire or a clear with through, nothing is reused on any grounds', () => {
    fc.assert(
      fc.property(given, row => {
        fc.pre(row.expired || row.through);
        const asked = request({fields: {'cache-control': row.asks.join()}, mode: row.mode, through: row.through});
        const kept = stored({fields: {'cache-control': row.says.join()}, expired: row.expired});
        expect(whyNotFresh(asked, kept, at(row.age))).toBeDefined();
        for (const why of grounds) expect(mayServeStale(asked, kept, at(row.age), why)).toBe(false);
      }),
    );
  });
});
