import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {policy, request, response} from '../../test/builders.ts';
import {invalidated} from './invalidation.ts';

const target = 'https://example.com/users/1';
const nothing = {urls: [], groups: [], site: undefined};

type Given = {
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  readonly fields?: Record<string, string>;
  readonly response?: Partial<Parameters<typeof response>[0] & object>;
  readonly policy?: Parameters<typeof policy>[0];
};

const outcome = (given: Given) => {
  const {method = 'POST', url = target, status = 200, fields = {}} = given;
  const answer = response({url, status, fields, ...given.response});
  return invalidated(request({method, url}), answer, policy(given.policy));
};

const statuses = [
  [199, false],
  [200, true],
  [201, true],
  [204, true],
  [303, true],
  [399, true],
  [400, false],
  [404, false],
  [500, false],
] as const;

const cases: readonly {name: string; rfc: string; level: string; given: Given; expect: unknown}[] = [
  ...['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'].map(method => ({
    name: `${method} invalidates nothing`,
    rfc: '4.4',
    level: 'MUST',
    given: {method, fields: {location: '/a', 'cache-group-invalidation': '"g"'}},
    expect: nothing,
  })),
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'M-SEARCH', 'get'].map(method => ({
    name: `${method} invalidates its target`,
    rfc: '4.4',
    level: 'MUST',
    given: {method},
    expect: {...nothing, urls: [target]},
  })),
  ...statuses.map(([status, invalidates]) => ({
    name: `a ${status} invalidates ${invalidates ? 'the target' : 'nothing'}`,
    rfc: '4.4',
    level: 'MUST',
    given: {status},
    expect: invalidates ? {...nothing, urls: [target]} : nothing,
  })),
  {
    name: 'a method that a rule declares safe invalidates nothing',
    rfc: '4.4',
    level: 'CHOICE',
    given: {policy: {methods: ['POST']}, fields: {location: '/a', 'cache-group-invalidation': '"g"'}},
    expect: nothing,
  },
  {
    name: 'Location and Content-Location go too, resolved, without fragment',
    rfc: '4.4',
    level: 'MAY',
    given: {fields: {location: '2#top', 'content-location': '/users/?page=1'}},
    expect: {...nothing, urls: [target, 'https://example.com/users/2', 'https://example.com/users/?page=1']},
  },
  {
    name: 'an absolute Location on the same origin goes too, without user information',
    rfc: '4.4',
    level: 'MAY',
    given: {fields: {location: 'HTTPS://me:secret@EXAMPLE.com:443/a'}},
    expect: {...nothing, urls: [target, 'https://example.com/a']},
  },
  ...[
    'https://evil.example/a',
    '//evil.example/a',
    'http://example.com/a',
    'https://example.com:8443/a',
    'data:,x',
  ].map(location => ({
    name: `${location} is another origin and stays`,
    rfc: '4.4',
    level: 'MUST',
    given: {fields: {location, 'content-location': location}},
    expect: {...nothing, urls: [target]},
  })),
  {
    name: 'an unreadable Location is ignored',
    rfc: '4.4',
    level: 'CHOICE',
    given: {fields: {location: 'https://['}},
    expect: {...nothing, urls: [target]},
  },
  {
    name: 'one URI is named once',
    rfc: '4.4',
    level: 'CHOICE',
    given: {fields: {location: target, 'content-location': target}},
    expect: {...nothing, urls: [target]},
  },
  {
    name: 'an answer behind unseen redirects counts as success, and its own URI goes too',
    rfc: '4.4',
    level: 'CHOICE',
    given: {status: 404, response: {redirected: true, url: 'https://example.com/home'}},
    expect: {...nothing, urls: [target, 'https://example.com/home']},
  },
  {
    name: 'an answer redirected to another origin names neither URIs nor groups of the first',
    rfc: '4.4',
    level: 'MUST',
    given: {
      fields: {location: 'https://example.com/a', 'cache-group-invalidation': '"g"'},
      response: {redirected: true, url: 'https://evil.example/'},
    },
    expect: {...nothing, urls: [target]},
  },
  {
    name: 'an answer redirected to a URI it hides names neither URIs nor groups',
    rfc: '4.4',
    level: 'MUST',
    given: {
      fields: {location: 'https://example.com/a', 'cache-group-invalidation': '"g"'},
      response: {redirected: true, url: ''},
    },
    expect: {...nothing, urls: [target]},
  },
  ...['opaque', 'opaqueredirect'].map(type => ({
    name: `an ${type} answer counts as success`,
    rfc: '4.4',
    level: 'CHOICE',
    given: {status: 0, response: {type, url: ''}},
    expect: {...nothing, urls: [target]},
  })),
  {
    name: 'groups are invalidated, case kept',
    rfc: '9875 3',
    level: 'MAY',
    given: {fields: {'cache-group-invalidation': '"Users", "lists"'}},
    expect: {...nothing, urls: [target], groups: ['Users', 'lists']},
  },
  {
    name: 'groups are invalidated by an error answer too',
    rfc: '9875 3',
    level: 'CHOICE',
    given: {status: 500, fields: {'cache-group-invalidation': '"g"'}},
    expect: {...nothing, groups: ['g']},
  },
  ...['"cache"', '"cookies", "cache"', '"*"'].map(value => ({
    name: `Clear-Site-Data: ${value} empties the origin, on a safe method too`,
    rfc: '4.4',
    level: 'CHOICE',
    given: {method: 'GET', fields: {'clear-site-data': value}},
    expect: {...nothing, site: 'https://example.com'},
  })),
  {
    name: 'Clear-Site-Data for cookies empties nothing',
    rfc: '4.4',
    level: 'CHOICE',
    given: {method: 'GET', fields: {'clear-site-data': '"cookies"'}},
    expect: nothing,
  },
  {
    name: 'Clear-Site-Data is ignored by a shared cache',
    rfc: '4.4',
    level: 'CHOICE',
    given: {method: 'GET', fields: {'clear-site-data': '"cache"'}, policy: {kind: 'shared'}},
    expect: nothing,
  },
  {
    name: 'Clear-Site-Data is ignored where its owner says so',
    rfc: '4.4',
    level: 'CHOICE',
    given: {method: 'GET', fields: {'clear-site-data': '"cache"'}, policy: {clearSiteData: false}},
    expect: nothing,
  },
  {
    name: 'Clear-Site-Data of an answer that hides its URI is ignored',
    rfc: '4.4',
    level: 'CHOICE',
    given: {method: 'GET', fields: {'clear-site-data': '"cache"'}, response: {url: ''}},
    expect: nothing,
  },
  {
    name: 'Clear-Site-Data speaks of the origin that answered',
    rfc: '4.4',
    level: 'CHOICE',
    given: {
      method: 'GET',
      fields: {'clear-site-data': '"cache"'},
      response: {redirected: true, url: 'https://other.example/a'},
    },
    expect: {...nothing, site: 'https://other.example'},
  },
  ...[
    ['http://example.com/', undefined],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['http://app.localhost/', 'http://app.localhost'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://127.10.200.30/', 'http://127.10.200.30'],
    ['http://[::1]/', 'http://[::1]'],
    ['http://127.0.0.1.evil.example/', undefined],
    ['http://notlocalhost/', undefined],
  ].map(([url = '', site]) => ({
    name: `Clear-Site-Data from ${url} is ${site ? 'heeded' : 'ignored'}`,
    rfc: '4.4',
    level: 'CHOICE',
    given: {method: 'GET', url, fields: {'clear-site-data': '"cache"'}},
    expect: {...nothing, site},
  })),
];

describe('invalidated', () => {
  test.each(cases)('$name', ({given, expect: expected}) => {
    expect(outcome(given)).toEqual(expected);
  });

  test('whatever the answer says, only URIs of the target origin are named', () => {
    const reference = fc.oneof(
      fc.webUrl(),
      fc.string(),
      fc.constantFrom('//a', 'http:a', '\\\\evil', '/x', '?y', 'https:/b'),
    );
    fc.assert(
      fc.property(reference, reference, fc.boolean(), fc.webUrl(), (location, contentLocation, redirected, url) => {
        const fields = {location, 'content-location': contentLocation};
        const {urls} = outcome({fields, response: {redirected, url: redirected ? url : target}});
        expect(urls[0]).toBe(target);
        for (const named of urls) expect(new URL(named).origin).toBe('https://example.com');
      }),
    );
  });
});
