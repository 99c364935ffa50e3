import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {dateAt, policy, type Row, request, response} from '../../test/builders.ts';
import type {Policy} from '../model/policy.ts';
import {notStoredReasons} from './reasons.ts';
import {whyNotStored} from './storing.ts';

type Given = {
  readonly request?: Parameters<typeof request>[0];
  readonly response?: Parameters<typeof response>[0];
  readonly policy?: Partial<Policy>;
};

type Reason = keyof typeof notStoredReasons | undefined;

const verdict = (given: Given) => whyNotStored(request(given.request), response(given.response), policy(given.policy));
const saying = (cacheControl: string, status = 200) => ({status, fields: {'cache-control': cacheControl}});
const shared: Partial<Policy> = {kind: 'shared'};
const targeted: Partial<Policy> = {...shared, targetedFields: ['cdn-cache-control']};
const sayingTo = (cdn: string, more: Readonly<Record<string, string>> = {}, status = 200) => ({
  status,
  fields: {'cdn-cache-control': cdn, ...more},
});
const withToken = {fields: {authorization: 'Bearer a'}};
const lastModified = {'last-modified': dateAt(-1000)};

const rows: Record<string, readonly Row<Given, Reason>[]> = {
  'a targeted field': [
    {
      name: 'that states a lifetime permits what Cache-Control forbids',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: {response: sayingTo('max-age=60', {'cache-control': 'no-store, private'}), policy: targeted},
      expect: undefined,
    },
    ...(['no-store', 'private'] as const).map(directive => ({
      name: `that says ${directive} forbids what Cache-Control and Expires permit`,
      rfc: 'RFC 9213 §2.2',
      level: 'MUST' as const,
      given: {
        response: sayingTo(`max-age=60, ${directive}`, {'cache-control': 'public, max-age=60', expires: dateAt(60)}),
        policy: targeted,
      },
      expect: directive,
    })),
    {
      name: 'that says nothing leaves no lifetime, however much Cache-Control and Expires state',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: {
        response: sayingTo('none', {'cache-control': 'public, max-age=60', expires: dateAt(60)}),
        policy: targeted,
      },
      expect: 'no-freshness',
    },
    {
      name: 'that cannot be read leaves it to Cache-Control',
      rfc: 'RFC 9213 §2.1',
      level: 'MUST',
      given: {response: sayingTo('max-age=60, &&&&&', {'cache-control': 'no-store'}), policy: targeted},
      expect: 'no-store',
    },
    {
      name: 'that nobody listens to changes nothing',
      rfc: 'RFC 9213 §2.2',
      level: 'MUST',
      given: {response: sayingTo('no-store', {'cache-control': 'max-age=60'}), policy: shared},
      expect: undefined,
    },
    {
      name: 'with must-understand lifts its no-store for a status that is understood',
      rfc: '5.2.2.3',
      level: 'SHOULD',
      given: {response: sayingTo('max-age=60, no-store, must-understand'), policy: targeted},
      expect: undefined,
    },
    {
      name: 'with must-understand forbids a status that is not',
      rfc: '5.2.2.3',
      level: 'MUST',
      given: {response: sayingTo('max-age=60, no-store, must-understand', {}, 599), policy: targeted},
      expect: 'status-not-understood',
    },
    {
      name: 'is where answers to Authorization are marked for sharing',
      rfc: '3.5',
      level: 'MUST',
      given: {
        request: {fields: {authorization: 'a'}},
        response: sayingTo('max-age=60, public', {'cache-control': 'max-age=60'}),
        policy: targeted,
      },
      expect: undefined,
    },
    {
      name: 'is where answers to Authorization must be marked, not in Cache-Control',
      rfc: '3.5',
      level: 'MUST',
      given: {
        request: {fields: {authorization: 'a'}},
        response: sayingTo('max-age=60', {'cache-control': 'public, s-maxage=60'}),
        policy: targeted,
      },
      expect: 'authorization',
    },
  ],
  'the request': [
    {name: 'a plain GET is stored', rfc: '3', level: 'MAY', given: {}, expect: undefined},
    {
      name: 'no-store of the request keeps its answer out',
      rfc: '5.2.1.5',
      level: 'MUST',
      given: {request: {fields: {'cache-control': 'no-store'}}},
      expect: 'request-no-store',
    },
    {
      name: 'the mode no-store keeps its answer out',
      rfc: 'Fetch',
      level: 'MUST',
      given: {request: {mode: 'no-store'}},
      expect: 'bypass',
    },
    {
      name: 'the mode reload stores what it gets',
      rfc: 'Fetch',
      level: 'MUST',
      given: {request: {mode: 'reload'}},
      expect: undefined,
    },
    {
      name: 'the answer to a POST is not stored',
      rfc: '3',
      level: 'MUST',
      given: {request: {method: 'POST'}},
      expect: 'method',
    },
    {
      name: 'the answer to a POST that a rule declares safe is stored',
      rfc: '3',
      level: 'CHOICE',
      given: {request: {method: 'POST'}, policy: {methods: ['POST']}},
      expect: undefined,
    },
  ],
  'the status': [
    {name: '101 is not final', rfc: '3', level: 'MUST', given: {response: {status: 101}}, expect: 'status-not-final'},
    {
      name: '600 is no status',
      rfc: 'RFC 9110 §15',
      level: 'SHOULD',
      given: {response: {status: 600}},
      expect: 'status-not-final',
    },
    {
      name: '206 is not stored',
      rfc: '3.3',
      level: 'CHOICE',
      given: {response: {status: 206}},
      expect: 'status-partial',
    },
    {
      name: '304 stands for no response',
      rfc: '3',
      level: 'MUST',
      given: {response: {status: 304}},
      expect: 'status-not-modified',
    },
    {
      name: 'an explicitly fresh 299 is stored',
      rfc: '3',
      level: 'MAY',
      given: {response: {status: 299}},
      expect: undefined,
    },
    {
      name: 'an explicitly fresh 302 is stored',
      rfc: '3',
      level: 'MAY',
      given: {response: {status: 302}},
      expect: undefined,
    },
    {
      name: 'an explicitly fresh 499 is stored',
      rfc: '3',
      level: 'MAY',
      given: {response: {status: 499}},
      expect: undefined,
    },
    {
      name: 'an explicitly fresh 599 is stored',
      rfc: '3',
      level: 'MAY',
      given: {response: {status: 599}},
      expect: undefined,
    },
    {
      name: '429 is never stored, however fresh',
      rfc: 'RFC 6585 §4',
      level: 'MUST',
      given: {response: {status: 429}},
      expect: 'status-never-stored',
    },
    {name: 'status 0 is opaque', rfc: 'Fetch', level: 'MUST', given: {response: {status: 0}}, expect: 'opaque'},
    {
      name: 'an opaque redirect is opaque',
      rfc: 'Fetch',
      level: 'MUST',
      given: {response: {type: 'opaqueredirect'}},
      expect: 'opaque',
    },
    ...['opaque', 'error'].map(
      (type): Row<Given, Reason> => ({
        name: `an ${type} response is opaque whatever its status`,
        rfc: 'Fetch',
        level: 'MUST',
        given: {response: {type}},
        expect: 'opaque',
      }),
    ),
    {name: 'a CORS response is not', rfc: 'Fetch', level: 'MUST', given: {response: {type: 'cors'}}, expect: undefined},
  ],
  'the directives': [
    {
      name: 'no-store forbids it, even beside max-age',
      rfc: '5.2.2.5',
      level: 'MUST',
      given: {response: saying('max-age=60, No-Store')},
      expect: 'no-store',
    },
    {
      name: 'must-understand lifts no-store for a status that is understood',
      rfc: '5.2.2.3',
      level: 'SHOULD',
      given: {response: saying('max-age=60, no-store, must-understand')},
      expect: undefined,
    },
    {
      name: 'must-understand forbids a status that is not',
      rfc: '5.2.2.3',
      level: 'MUST',
      given: {response: saying('max-age=60, no-store, must-understand', 599)},
      expect: 'status-not-understood',
    },
    {
      name: 'must-understand forbids a status that is not, without no-store too',
      rfc: '3',
      level: 'MUST',
      given: {response: saying('max-age=60, must-understand', 599)},
      expect: 'status-not-understood',
    },
    {
      name: 'must-understand alone permits a status that is understood',
      rfc: '5.2.2.3',
      level: 'MAY',
      given: {response: saying('max-age=60, must-understand')},
      expect: undefined,
    },
    {
      name: 'must-understand lifts no-store wherever it stands, and of an error too',
      rfc: '5.2.2.3',
      level: 'SHOULD',
      given: {response: saying('Must-Understand, max-age=60, no-store', 404)},
      expect: undefined,
    },
    {
      name: 'must-understand with an argument is not the directive, so no-store holds',
      rfc: '5.2.2.3',
      level: 'CHOICE',
      given: {response: saying('max-age=60, no-store, must-understand=1')},
      expect: 'no-store',
    },
    {
      name: 'must-understand lifts nothing but no-store',
      rfc: '5.2.2.3',
      level: 'MUST',
      given: {response: saying('max-age=60, no-store, must-understand, private'), policy: shared},
      expect: 'private',
    },
    {
      name: 'must-understand does not lift the no-store of the request',
      rfc: '5.2.1.5',
      level: 'MUST',
      given: {
        request: {fields: {'cache-control': 'no-store'}},
        response: saying('max-age=60, no-store, must-understand'),
      },
      expect: 'request-no-store',
    },
    {
      name: 'a status whose definition forbids storing is not stored, understood or not',
      rfc: 'RFC 6585 §4',
      level: 'MUST',
      given: {response: saying('max-age=60, no-store, must-understand', 429)},
      expect: 'status-never-stored',
    },
    {
      name: 'private forbids a shared cache',
      rfc: '5.2.2.7',
      level: 'MUST',
      given: {response: saying('private, max-age=60'), policy: shared},
      expect: 'private',
    },
    {
      name: 'private permits a private cache',
      rfc: '5.2.2.7',
      level: 'MAY',
      given: {response: saying('private, max-age=60')},
      expect: undefined,
    },
    {
      name: 'a qualified private permits a shared cache the rest',
      rfc: '5.2.2.7',
      level: 'MAY',
      given: {response: saying('private="x-user", max-age=60'), policy: shared},
      expect: undefined,
    },
    {
      name: 'a degenerate private forbids a shared cache all of it',
      rfc: '5.2.2.7',
      level: 'CHOICE',
      given: {response: saying('private=, max-age=60'), policy: shared},
      expect: 'private',
    },
    {
      name: 'no-cache is stored, to be validated',
      rfc: '5.2.2.4',
      level: 'MAY',
      given: {response: saying('no-cache, max-age=60')},
      expect: undefined,
    },
    {
      name: 'a ttl that ignores no-store lifts it',
      rfc: '5.2.2.5',
      level: 'CHOICE',
      given: {response: saying('no-store'), policy: {ttl: 60, ignores: ['no-store']}},
      expect: undefined,
    },
    {
      name: 'ignoring without a ttl has no effect',
      rfc: '5.2.2.5',
      level: 'MUST',
      given: {response: saying('no-store, max-age=60'), policy: {ignores: ['no-store']}},
      expect: 'no-store',
    },
    {
      name: 'a ttl alone does not lift no-store',
      rfc: '5.2.2.5',
      level: 'MUST',
      given: {response: saying('no-store'), policy: {ttl: 60}},
      expect: 'no-store',
    },
    {
      name: 'a ttl does not speak for a 500, so neither does what it ignores',
      rfc: '5.2.2.5',
      level: 'CHOICE',
      given: {response: saying('no-store, max-age=60', 500), policy: {ttl: 60, ignores: ['no-store']}},
      expect: 'no-store',
    },
  ],
  'credentials in a shared cache': [
    {
      name: 'an answer to Authorization is not stored',
      rfc: '3.5',
      level: 'MUST',
      given: {request: withToken, policy: shared},
      expect: 'authorization',
    },
    {
      name: 'public permits it',
      rfc: '3.5',
      level: 'MAY',
      given: {request: withToken, response: saying('public, max-age=60'), policy: shared},
      expect: undefined,
    },
    {
      name: 'must-revalidate permits it',
      rfc: '3.5',
      level: 'MAY',
      given: {request: withToken, response: saying('must-revalidate, max-age=60'), policy: shared},
      expect: undefined,
    },
    {
      name: 's-maxage permits it',
      rfc: '3.5',
      level: 'MAY',
      given: {request: withToken, response: saying('s-maxage=60'), policy: shared},
      expect: undefined,
    },
    {
      name: 'a rule that ignores must-revalidate does not take its permission away',
      rfc: '3.5',
      level: 'CHOICE',
      given: {
        request: withToken,
        response: saying('must-revalidate'),
        policy: {...shared, ttl: 60, ignores: ['must-revalidate']},
      },
      expect: undefined,
    },
    {
      name: 'an answer to a cookie is stored, for that cookie',
      rfc: '3.5',
      level: 'MAY',
      given: {request: {fields: {cookie: 'a=1'}}, policy: shared},
      expect: undefined,
    },
    {
      name: 'a private cache stores the answer to Authorization',
      rfc: '3.5',
      level: 'MAY',
      given: {request: withToken},
      expect: undefined,
    },
  ],
  'the shape of the response': [
    {
      name: 'a 200 that names a range may be just that part',
      rfc: 'RFC 9110 §14.4',
      level: 'CHOICE',
      given: {response: {fields: {'cache-control': 'max-age=60', 'content-range': 'bytes 0-9/100'}}},
      expect: 'content-range',
    },
    {
      name: 'a 200 that names a range with spaces in it, too',
      rfc: 'RFC 9110 §14.4',
      level: 'CHOICE',
      given: {response: {fields: {'cache-control': 'max-age=60', 'content-range': 'bytes 0 - 4/10'}}},
      expect: 'content-range',
    },
    {
      name: 'a Content-Range without a range means nothing',
      rfc: 'RFC 9110 §14.4',
      level: 'MUST',
      given: {response: {fields: {'cache-control': 'max-age=60', 'content-range': 'whatever'}}},
      expect: undefined,
    },
    {
      name: 'Vary: * never matches, so it is not stored',
      rfc: '4.1',
      level: 'MUST',
      given: {response: {fields: {'cache-control': 'max-age=60', vary: 'Accept, *'}}},
      expect: 'vary-any',
    },
    {
      name: 'a rule that names the nominated fields replaces Vary: *',
      rfc: '4.1',
      level: 'CHOICE',
      given: {response: {fields: {'cache-control': 'max-age=60', vary: '*'}}, policy: {vary: ['accept']}},
      expect: undefined,
    },
    {
      name: 'the answer to redirects followed unseen is not, wherever they led',
      rfc: '3',
      level: 'CHOICE',
      given: {response: {redirected: true, url: 'https://example.com/elsewhere'}},
      expect: 'redirected-unseen',
    },
    {
      name: 'a redirect to a URI with user information holds a secret',
      rfc: '7.3',
      level: 'CHOICE',
      given: {response: {status: 302, fields: {'cache-control': 'max-age=60', location: 'https://ann:x@a.example/'}}},
      expect: 'redirected-secret',
    },
  ],
  freshness: [
    {
      name: 'a 200 that says nothing is not stored',
      rfc: '3',
      level: 'CHOICE',
      given: {response: {fields: {}}},
      expect: 'no-freshness',
    },
    {
      name: 'a 200 with an entity tag is stored, to be validated',
      rfc: '3',
      level: 'MAY',
      given: {response: {fields: {etag: '"a"'}}},
      expect: undefined,
    },
    {
      name: 'a 200 with a modification date is stored, to be validated',
      rfc: '3',
      level: 'MAY',
      given: {response: {fields: lastModified}},
      expect: undefined,
    },
    {
      name: 'an unreadable validator is none',
      rfc: '3',
      level: 'CHOICE',
      given: {response: {fields: {etag: 'a', 'last-modified': 'yesterday'}}},
      expect: 'no-freshness',
    },
    {
      name: 'a validator does not make a 500 storable',
      rfc: '3',
      level: 'MUST',
      given: {response: {status: 500, fields: {etag: '"a"'}}},
      expect: 'no-freshness',
    },
    {
      name: 'public makes it so',
      rfc: '3',
      level: 'MAY',
      given: {response: {status: 500, fields: {etag: '"a"', 'cache-control': 'public'}}},
      expect: undefined,
    },
    {
      name: 'private makes it so in a private cache',
      rfc: '3',
      level: 'MAY',
      given: {response: {status: 500, fields: {etag: '"a"', 'cache-control': 'private'}}},
      expect: undefined,
    },
    {
      name: 'a qualified private does not in a shared cache',
      rfc: '3',
      level: 'MUST',
      given: {response: {status: 500, fields: {etag: '"a"', 'cache-control': 'private="x"'}}, policy: shared},
      expect: 'no-freshness',
    },
    {
      name: 'a lifetime of zero without validator is stored: it may be asked for stale',
      rfc: '3',
      level: 'MAY',
      given: {response: saying('max-age=0')},
      expect: undefined,
    },
    {
      name: 'Expires states a lifetime',
      rfc: '3',
      level: 'MAY',
      given: {response: {status: 500, fields: {expires: dateAt(60)}}},
      expect: undefined,
    },
    {
      name: 's-maxage states one to a shared cache only',
      rfc: '3',
      level: 'MUST',
      given: {response: saying('s-maxage=60', 500)},
      expect: 'no-freshness',
    },
    {
      name: 'a ttl states one where a lifetime may be guessed',
      rfc: '3',
      level: 'CHOICE',
      given: {response: {fields: {}}, policy: {ttl: 60}},
      expect: undefined,
    },
    {
      name: 'so does a defaultTtl',
      rfc: '3',
      level: 'CHOICE',
      given: {response: {fields: {}}, policy: {defaultTtl: 60}},
      expect: undefined,
    },
    {
      name: 'a ttl states none for a 500',
      rfc: '3',
      level: 'CHOICE',
      given: {response: {status: 500, fields: {}}, policy: {ttl: 60}},
      expect: 'no-freshness',
    },
    {
      name: 'unless a rule names the status',
      rfc: '3',
      level: 'CHOICE',
      given: {response: {status: 500, fields: {}}, policy: {defaultTtl: 60, statuses: [500]}},
      expect: undefined,
    },
    {
      name: 'a named status without a ttl states none',
      rfc: '3',
      level: 'CHOICE',
      given: {response: {status: 500, fields: {}}, policy: {statuses: [500]}},
      expect: 'no-freshness',
    },
  ],
};

describe.each(Object.entries(rows))('%s', (_, table) => {
  test.each(table)('$name', row => {
    expect(verdict(row.given)).toBe(row.expect);
  });
});

describe('any response', () => {
  const directive = fc.constantFrom(
    'max-age=60',
    'public',
    'private',
    'no-cache',
    's-maxage=9',
    'must-revalidate',
    'x',
  );
  const given = fc.record({
    directives: fc.array(directive, {maxLength: 4}),
    status: fc.integer({min: 0, max: 700}),
    etag: fc.boolean(),
    kind: fc.constantFrom('private' as const, 'shared' as const),
  });

  test('adding no-store never makes it storable', () => {
    fc.assert(
      fc.property(given, ({directives, status, etag, kind}) => {
        const fields = {...(etag ? {etag: '"a"'} : {}), 'cache-control': [...directives, 'no-store'].join(', ')};
        expect(verdict({response: {status, fields}, policy: {kind}})).toBeDefined();
      }),
    );
  });

  test('gets a known reason or none, and the same one each time', () => {
    fc.assert(
      fc.property(given, fc.string(), ({directives, status, kind}, noise) => {
        const fields = {'cache-control': [...directives, noise].join(', '), vary: noise, expires: noise};
        const reason = verdict({response: {status, fields}, policy: {kind}});
        expect(reason === undefined || reason in notStoredReasons).toBe(true);
        expect(verdict({response: {status, fields}, policy: {kind}})).toBe(reason);
      }),
    );
  });
});
