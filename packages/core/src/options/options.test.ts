import {afterEach, describe, expect, test, vi} from 'vitest';
import {resolveOptions} from './options.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('resolveOptions', () => {
  test('gives defaults', () => {
    const {now, timers, ...settings} = resolveOptions();
    expect(settings).toEqual({
      base: {
        policy: {
          kind: 'private',
          heuristic: {fraction: 0.1, max: 86_400},
          ttl: undefined,
          defaultTtl: undefined,
          statuses: [],
          ignores: [],
          staleWhileRevalidate: undefined,
          staleIfError: undefined,
          defaultStaleWhileRevalidate: 0,
          defaultStaleIfError: 0,
          methods: [],
          vary: undefined,
          tags: [],
          clearSiteData: true,
          targetedFields: [],
          tagFields: [],
          partitioned: false,
          credentialFields: ['authorization', 'cookie'],
        },
        ignoreSearch: undefined,
        partition: undefined,
        storeIf: undefined,
        key: undefined,
        mode: undefined,
        clears: undefined,
        waitUntil: undefined,
      },
      rules: [],
      store: undefined,
      maxBodyBytes: 16_777_216,
      networkTimeout: undefined,
      unreachable: 'reject',
      coalesce: undefined,
    });
    expect(now()).toBeCloseTo(Date.now(), -3);
    timers.clearTimeout(timers.setTimeout(() => {}, 1));
  });

  test('clock and timers are looked up when used, so that fake ones count', () => {
    const {now, timers} = resolveOptions();
    vi.useFakeTimers({now: 5});
    const callback = vi.fn<() => void>();
    timers.setTimeout(callback, 1000);
    vi.advanceTimersByTime(1000);
    expect(callback).toHaveBeenCalledOnce();
    expect(now()).toBe(1005);
  });

  test('reads what is given', () => {
    const settings = resolveOptions({
      kind: 'shared',
      heuristic: {max: '1h'},
      maxBodyBytes: 0,
      credentialFields: ['X-API-Key', 'x-api-key'],
      targetedFields: ['Example-Cache-Control', 'CDN-Cache-Control'],
      tagFields: ['Surrogate-Key'],
      staleWhileRevalidate: '1m',
      staleIfError: '1h',
      networkTimeout: '3s',
      unreachable: 'respond',
      coalesce: false,
      partition: 'ann',
      store: undefined,
    });
    expect(settings).toMatchObject({
      maxBodyBytes: 0,
      networkTimeout: 3,
      unreachable: 'respond',
      coalesce: false,
      base: {
        partition: 'ann',
        policy: {
          kind: 'shared',
          heuristic: {fraction: 0.1, max: 3600},
          credentialFields: ['x-api-key'],
          targetedFields: ['example-cache-control', 'cdn-cache-control'],
          tagFields: ['surrogate-key'],
          defaultStaleWhileRevalidate: 60,
          defaultStaleIfError: 3600,
          partitioned: true,
        },
      },
    });
  });

  test('guessing can be switched off', () => {
    expect(resolveOptions({heuristic: false}).base.policy.heuristic).toBeUndefined();
  });

  test('a network timeout longer than timers can wait is shortened, not over at once', () => {
    expect(resolveOptions({networkTimeout: '52w'}).networkTimeout).toBe(2_147_483.647);
  });

  test.each<[unknown, string]>([
    [null, 'options is null; allowed: an object of options'],
    [new Map(), 'options is a Map; allowed: an object of options'],
    [{ttl: '5m'}, 'ttl is not an option; it belongs in a rule: {rules: [{…}]}'],
    [{tags: ['a']}, 'tags is not an option; it belongs in a rule: {rules: [{…}]}'],
    [{stor: 1}, 'stor is not an option; did you mean "store"?'],
    [{staleiferror: 1}, 'staleiferror is not an option; did you mean "staleIfError"?'],
    [{kind: 'public'}, 'kind is "public"; allowed: "private", "shared"'],
    [{unreachable: true}, 'unreachable is true; allowed: "reject", "respond"'],
    [{clearSiteData: 'no'}, 'clearSiteData is "no"; allowed: true or false'],
    [{coalesce: 'yes'}, 'coalesce is "yes"; allowed: true or false'],
    [{maxBodyBytes: '1MB'}, 'maxBodyBytes is "1MB"; allowed: a whole number of bytes'],
    [{maxBodyBytes: Number.NaN}, 'maxBodyBytes is NaN; allowed: a whole number of bytes'],
    [{maxBodyBytes: -1}, 'maxBodyBytes is -1; allowed: a whole number of bytes'],
    [{maxBodyBytes: Number.POSITIVE_INFINITY}, 'maxBodyBytes is Infinity; allowed: a whole number of bytes'],
    [{heuristic: true}, 'heuristic is true; allowed: false, or an object {fraction, max}'],
    [{heuristic: {fraction: 10}}, 'heuristic.fraction is 10; allowed: a number above 0 and up to 1'],
    [{heuristic: {fraction: Number.NaN}}, 'heuristic.fraction is NaN; allowed: a number above 0 and up to 1'],
    [{heuristic: {max: 'a day'}}, 'heuristic.max is "a day"; allowed: milliseconds or text like "90s", "5m", "7d"'],
    [{networkTimeout: '3 s'}, 'networkTimeout is "3 s"; allowed: milliseconds or text like "90s", "5m", "7d"'],
    [{staleIfError: null}, 'staleIfError is null; allowed: milliseconds or text like "90s", "5m", "7d"'],
    [{credentialFields: 'cookie'}, 'credentialFields is "cookie"; allowed: an array of field names'],
    [{tagFields: ['a b']}, 'tagFields[0] is "a b"; allowed: a field name like "accept-language"'],
    [
      {kind: 'shared', targetedFields: 'cdn-cache-control'},
      'targetedFields is "cdn-cache-control"; allowed: an array of field names',
    ],
    [
      {kind: 'shared', targetedFields: ['cdn cache control']},
      'targetedFields[0] is "cdn cache control"; allowed: a field name like "accept-language"',
    ],
    [
      {kind: 'shared', targetedFields: ['a', 'Cache-Control']},
      'targetedFields[1] is "Cache-Control"; allowed: fields other than Cache-Control, which always comes last',
    ],
    [{kind: 'shared', targetedFields: ['a', 'b', 'A']}, 'targetedFields[2] is "A"; allowed: each field once'],
    [
      {kind: 'private', targetedFields: ['cdn-cache-control']},
      'kind is "private"; allowed: "shared" where targetedFields is given',
    ],
    [{targetedFields: []}, 'kind is "private"; allowed: "shared" where targetedFields is given'],
    [{now: 5}, 'now is 5; allowed: a function that returns milliseconds since the epoch'],
    [{timers: {setTimeout}}, 'timers is an object; allowed: an object with setTimeout and clearTimeout'],
    [{waitUntil: {}}, 'waitUntil is {}; allowed: a function that takes a promise'],
    [{rules: {ttl: 1}}, 'rules is an object; allowed: an array of rules'],
    [{rules: [{ttl: 1}, {tll: 1}]}, 'rules[1].tll is not an option; did you mean "ttl"?'],
    [
      {store: new Map()},
      'store is a Map; allowed: a store (missing: tick, list, counts, body, put, update, through, reached, pseudonym, size, close)',
    ],
  ])('refuses %o', (options, message) => {
    expect(() => resolveOptions(options)).toThrow(new TypeError(`limpid: ${message}`));
  });
});

test.each([
  ['a Date', () => new Date() as never],
  ['text', () => '5' as never],
  ['NaN', () => Number.NaN],
  ['a BigInt', () => 5n as never],
])('a clock that gives %s is refused', (_, now) => {
  const allowed = 'limpid: now is a function; allowed: a function that returns milliseconds since the epoch';
  expect(() => resolveOptions({now})).toThrow(allowed);
});
