import {describe, expect, test} from 'vitest';
import {compileRules, type RuleFor} from './rules.ts';

const matches = (meant: RuleFor, method: string, url: string): boolean | undefined =>
  compileRules([{for: meant}])[0]?.matches(method, url);

describe('the requests a rule is for', () => {
  test('a rule without "for" is for all', () => {
    expect(compileRules([{ttl: 1}])[0]?.matches('GET', 'https://api.example/')).toBe(true);
  });

  test.each<[RuleFor, boolean]>([
    ['https://api.example/users?page=1', true],
    ['https://api.example/users?page=1#top', true],
    ['https://api.example/users', false],
    [new URL('https://api.example/users?page=1'), true],
    [/\/users\b/g, true],
    [/\/posts\b/, false],
    [{url: 'https://api.example/users?page=1'}, true],
    [{prefix: 'https://api.example/use'}, true],
    [{prefix: 'https://api.example/posts'}, false],
    [{origin: 'https://api.example'}, true],
    [{origin: 'http://api.example'}, false],
    [{host: 'api.example'}, true],
    [{host: 'example'}, false],
    [{pattern: /page=\d/}, true],
    [{method: 'get'}, true],
    [{method: 'POST'}, false],
    [{method: 'GET', host: 'api.example', pattern: /users/}, true],
    [{method: 'GET', host: 'api.example', pattern: /posts/}, false],
    [[], false],
    [[/posts/, {method: 'GET'}], true],
    [[/posts/, [{method: 'POST'}]], false],
  ])('%o: %s', (meant, expected) => {
    expect(matches(meant, 'GET', 'https://api.example/users?page=1')).toBe(expected);
  });

  test('methods are case-sensitive', () => {
    expect(matches({method: 'report'}, 'REPORT', 'https://api.example/')).toBe(false);
  });
});

const forAllowed = 'an absolute URL, a pattern with test(url), conditions, or an array of them';

describe('compileRules', () => {
  test.each<[unknown, string]>([
    [{}, 'rules is {}; allowed: an array of rules'],
    [['x'], 'rules[0] is "x"; allowed: an object of options'],
    [[{ttl: 1}, {}, {ttl: '5 min'}], 'rules[2].ttl is "5 min"; allowed: milliseconds or text like "90s", "5m", "7d"'],
    [[{ttI: 1}], 'rules[0].ttI is not an option; did you mean "ttl"?'],
    [[{for: undefined, ttl: 1}], `rules[0].for is undefined; allowed: ${forAllowed}; leave it out for all requests`],
    [[{for: {}, ttl: 1}], `rules[0].for is {}; allowed: ${forAllowed}`],
    [[{for: null}], `rules[0].for is null; allowed: ${forAllowed}`],
    [[{for: 5}], `rules[0].for is 5; allowed: ${forAllowed}`],
    [[{for: new Map()}], `rules[0].for is a Map; allowed: ${forAllowed}`],
    [
      [{for: '/users'}],
      'rules[0].for is "/users"; allowed: an absolute URL like "https://api.example/users", without wildcards (they need pattern)',
    ],
    [
      [{for: [/x/, '/y']}],
      'rules[0].for[1] is "/y"; allowed: an absolute URL like "https://api.example/users", without wildcards (they need pattern)',
    ],
    [[{for: {methd: 'GET'}}], 'rules[0].for.methd is not an option; did you mean "method"?'],
    [
      [{for: {prefix: undefined, method: 'GET'}}],
      'rules[0].for.prefix is undefined; allowed: a value; leave the key out for any',
    ],
    [
      [{for: {test: () => true, host: 'a.example'}}],
      'rules[0].for.test is not an option; known: url, prefix, origin, host, pattern, method',
    ],
    [[{for: {pattern: '*'}}], 'rules[0].for.pattern is "*"; allowed: a pattern with test(url): a RegExp, a URLPattern'],
  ])('refuses %o', (rules, message) => {
    expect(() => compileRules(rules)).toThrow(new TypeError(`limpid: ${message}`));
  });
});
