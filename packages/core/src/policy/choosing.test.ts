import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {at, dateAt, noon, request, stored} from '../../test/builders.ts';
import {type StoredResponse, shareable} from '../model/stored-response.ts';
import {chooseMatching, whyNotMatching} from './choosing.ts';

const variant = (id: string, foo: string | undefined, age = 0) =>
  stored({
    id,
    request: request({fields: {foo}}),
    fields: {vary: 'Foo', 'cache-control': 'max-age=60', date: dateAt(-age)},
  });

const reasons = [
  {name: 'the same request matches', rfc: '4', level: 'MUST', given: {}, stored: stored(), expect: undefined},
  {
    name: 'a GET answer matches HEAD',
    rfc: '4',
    level: 'CHOICE',
    given: {method: 'HEAD'},
    stored: stored(),
    expect: undefined,
  },
  {
    name: 'a HEAD answer never matches GET',
    rfc: '4',
    level: 'MUST',
    given: {},
    stored: stored({method: 'HEAD'}),
    expect: 'method',
  },
  {
    name: 'a QUERY answer does not match HEAD',
    rfc: '4',
    level: 'MUST',
    given: {method: 'HEAD'},
    stored: stored({method: 'QUERY'}),
    expect: 'method',
  },
  {
    name: 'a POST answer does not match GET',
    rfc: '4',
    level: 'MUST',
    given: {},
    stored: stored({method: 'POST'}),
    expect: 'method',
  },
  {
    name: 'a GET answer does not match QUERY',
    rfc: '4',
    level: 'MUST',
    given: {method: 'QUERY'},
    stored: stored(),
    expect: 'method',
  },
  {
    name: "another partition's answer does not match",
    rfc: '7.3',
    level: 'CHOICE',
    given: {partition: 'b'},
    stored: stored({partition: 'a'}),
    expect: 'partition',
  },
  {
    name: "a user's answer does not match an anonymous request",
    rfc: '7.3',
    level: 'CHOICE',
    given: {},
    stored: stored({partition: 'a'}),
    expect: 'partition',
  },
  {
    name: "an anonymous answer does not match a user's request",
    rfc: '7.3',
    level: 'CHOICE',
    given: {partition: 'a'},
    stored: stored(),
    expect: 'partition',
  },
  {
    name: 'a shareable answer matches any partition',
    rfc: '3.5',
    level: 'MAY',
    given: {partition: 'b'},
    stored: stored({partition: shareable}),
    expect: undefined,
  },
  {
    name: 'other content does not match',
    rfc: '2',
    level: 'MUST',
    given: {method: 'QUERY', content: 'x'},
    stored: stored({method: 'QUERY', content: 'y'}),
    expect: 'content',
  },
  {
    name: 'other request settings do not match',
    rfc: '2',
    level: 'CHOICE',
    given: {variant: 'cors'},
    stored: stored(),
    expect: 'variant',
  },
  {
    name: 'another kind of client does not match what is confined to one',
    rfc: '4.1',
    level: 'CHOICE',
    given: {client: 'node'},
    stored: stored({client: 'browser'}),
    expect: 'client',
  },
  {
    name: 'the same kind of client matches what is confined to it',
    rfc: '4.1',
    level: 'CHOICE',
    given: {client: 'browser'},
    stored: stored({client: 'browser'}),
    expect: undefined,
  },
  {
    name: 'another kind of client matches the rest',
    rfc: '4.1',
    level: 'CHOICE',
    given: {client: 'node'},
    stored: stored(),
    expect: undefined,
  },
  {
    name: 'an equal nominated field matches',
    rfc: '4.1',
    level: 'MUST',
    given: {fields: {foo: '1', bar: '9'}},
    stored: variant('', '1'),
    expect: undefined,
  },
  {
    name: 'a different nominated field does not',
    rfc: '4.1',
    level: 'MUST',
    given: {fields: {foo: '2'}},
    stored: variant('', '1'),
    expect: 'vary',
  },
  {
    name: 'one of two nominated fields is not enough',
    rfc: '4.1',
    level: 'MUST',
    given: {fields: {foo: '1', bar: '2'}},
    stored: stored({
      nominated: [
        ['bar', '9'],
        ['foo', '1'],
      ],
    }),
    expect: 'vary',
  },
  {
    name: 'nor is the value of the other',
    rfc: '4.1',
    level: 'MUST',
    given: {fields: {bar: '1', foo: '2'}},
    stored: stored({
      nominated: [
        ['bar', '1'],
        ['foo', '1'],
      ],
    }),
    expect: 'vary',
  },
  {
    name: 'two that are equal each match',
    rfc: '4.1',
    level: 'MUST',
    given: {fields: {bar: '1', foo: '2'}},
    stored: stored({
      nominated: [
        ['bar', '1'],
        ['foo', '2'],
      ],
    }),
    expect: undefined,
  },
  {
    name: 'absent does not match present',
    rfc: '4.1',
    level: 'MUST',
    given: {},
    stored: variant('', '1'),
    expect: 'vary',
  },
  {
    name: 'present does not match absent',
    rfc: '4.1',
    level: 'MUST',
    given: {fields: {foo: '1'}},
    stored: variant('', undefined),
    expect: 'vary',
  },
  {
    name: 'absent matches absent',
    rfc: '4.1',
    level: 'MUST',
    given: {},
    stored: variant('', undefined),
    expect: undefined,
  },
  {
    name: 'Vary: * matches nothing',
    rfc: '4.1',
    level: 'MUST',
    given: {},
    stored: stored({nominated: [['*', undefined]]}),
    expect: 'vary',
  },
  {
    name: 'what is everybody’s does not match a request whose partition was given its name',
    rfc: '7.3',
    level: 'CHOICE',
    given: {partition: 'grace', named: true},
    stored: stored({partition: '*'}),
    expect: 'partition',
  },
  {
    name: 'a redirect does not match a request whose client follows it by itself',
    rfc: '4',
    level: 'CHOICE',
    given: {},
    stored: stored({status: 302, fields: {location: '/y'}}),
    expect: 'redirected',
  },
  {
    name: 'a redirect does not match a request that refuses redirects',
    rfc: '4',
    level: 'CHOICE',
    given: {redirect: 'error'},
    stored: stored({status: 307, fields: {location: '/y'}}),
    expect: 'redirected',
  },
  {
    name: 'a redirect matches a request whose client wants to see it',
    rfc: '4',
    level: 'CHOICE',
    given: {redirect: 'manual'},
    stored: stored({status: 302, fields: {location: '/y'}}),
    expect: undefined,
  },
  {
    name: 'a 301 to nowhere matches every request',
    rfc: '4',
    level: 'CHOICE',
    given: {},
    stored: stored({status: 301}),
    expect: undefined,
  },
] as const;

describe('whyNotMatching', () => {
  test.each(reasons)('$name', ({given, stored: candidate, expect: expected}) => {
    expect(whyNotMatching(request(given), candidate)).toBe(expected);
  });
});

const plain = (id: string, age: number, fields = {}) =>
  stored({id, fields: {'cache-control': 'max-age=60', date: dateAt(-age), ...fields}});

const choices = [
  {name: 'nothing stored is a uri-miss', rfc: '4', level: 'MUST', given: [], expect: {ids: [], miss: undefined}},
  {
    name: 'other variants only are a vary-miss',
    rfc: '4.1',
    level: 'MUST',
    given: [variant('a', '2')],
    expect: {ids: [], miss: 'vary'},
  },
  {
    name: 'a response confined to another kind of client is a vary-miss',
    rfc: '4.1',
    level: 'CHOICE',
    given: [stored({client: 'other'})],
    expect: {ids: [], miss: 'client'},
  },
  {
    name: 'what a response depends on may be hidden',
    rfc: '4.1',
    level: 'CHOICE',
    given: [stored({nominated: [['every field', '[["foo","2"]]']]})],
    expect: {ids: [], miss: 'hidden-vary'},
  },
  {
    name: "another user's response is a uri-miss",
    rfc: '7.3',
    level: 'CHOICE',
    given: [stored({partition: 'a'})],
    expect: {ids: [], miss: undefined},
  },
  {
    name: 'the most recent Date goes first',
    rfc: '4',
    level: 'MUST',
    given: [plain('old', 9), plain('new', 3)],
    expect: {ids: ['new', 'old'], miss: undefined},
  },
  {
    name: 'of equal Dates the one received last goes first',
    rfc: '4',
    level: 'CHOICE',
    given: [
      stored({id: 'first', fields: {date: dateAt(0)}}),
      stored({id: 'last', fields: {date: dateAt(0)}, responseTime: at(1)}),
    ],
    expect: {ids: ['last', 'first'], miss: undefined},
  },
  {
    name: 'of two that came at once the one that needs no validation goes first',
    rfc: '4',
    level: 'CHOICE',
    given: [
      stored({id: 'expired', expired: true}),
      stored({id: 'no-cache', fields: {'cache-control': 'no-cache'}}),
      stored({id: 'free'}),
    ],
    expect: {ids: ['free', 'expired', 'no-cache'], miss: undefined},
  },
  {
    name: 'a fresh variant goes before a more recent default answer that forgot Vary',
    rfc: '4.1',
    level: 'SHOULD',
    given: [plain('default', 0), variant('variant', '1', 9)],
    expect: {ids: ['variant', 'default'], miss: undefined},
  },
  {
    name: 'a stale variant does not',
    rfc: '4.1',
    level: 'CHOICE',
    given: [variant('variant', '1', 90), plain('default', 0)],
    expect: {ids: ['default', 'variant'], miss: undefined},
  },
  {
    name: 'what does not match is left out',
    rfc: '4',
    level: 'MUST',
    given: [variant('other', '2'), variant('same', '1')],
    expect: {ids: ['same'], miss: undefined},
  },
] as const;

const idsOf = (candidates: readonly StoredResponse[]) => candidates.map(({id}) => id);

const arbitraryStored = fc
  .record({
    foo: fc.option(fc.constantFrom('1', '2'), {nil: undefined}),
    varies: fc.boolean(),
    partition: fc.constantFrom('', 'a', 'b', shareable),
    method: fc.constantFrom('GET', 'HEAD', 'QUERY'),
    age: fc.integer({min: 0, max: 120}),
    received: fc.integer({min: 0, max: 5}),
  })
  .map(({foo, varies, partition, method, age, received}) =>
    stored({
      request: request({fields: {foo}, partition, method}),
      fields: {'cache-control': 'max-age=60', date: dateAt(-age), ...(varies ? {vary: 'foo'} : {})},
      responseTime: at(received),
    }),
  );

const arbitraryRequest = fc
  .record({
    foo: fc.option(fc.constantFrom('1', '2'), {nil: undefined}),
    partition: fc.constantFrom('', 'a', 'b'),
    method: fc.constantFrom('GET', 'HEAD', 'QUERY'),
  })
  .map(({foo, partition, method}) => request({fields: {foo}, partition, method}));

const arbitraryCandidates = fc
  .array(arbitraryStored, {maxLength: 8})
  .map(candidates => candidates.map((candidate, index) => ({...candidate, id: String(index)})));

describe('chooseMatching', () => {
  test.each(choices)('$name', ({given, expect: expected}) => {
    const {matching, miss} = chooseMatching(request({fields: {foo: '1'}}), given, noon);
    expect({ids: idsOf(matching), miss}).toEqual(expected);
  });

  test('removing one candidate never changes the order of the rest', () => {
    fc.assert(
      fc.property(arbitraryRequest, arbitraryCandidates, fc.nat(7), (asked, candidates, index) => {
        const gone = String(index);
        const before = idsOf(chooseMatching(asked, candidates, noon).matching).filter(id => id !== gone);
        const rest = candidates.filter(({id}) => id !== gone);
        expect(idsOf(chooseMatching(asked, rest, noon).matching)).toEqual(before);
      }),
    );
  });

  test("a request never matches another partition's response", () => {
    fc.assert(
      fc.property(arbitraryRequest, arbitraryCandidates, (asked, candidates) => {
        for (const {partition} of chooseMatching(asked, candidates, noon).matching) {
          expect([asked.partition, shareable]).toContain(partition);
        }
      }),
    );
  });

  test('where there is a match there is no miss', () => {
    fc.assert(
      fc.property(arbitraryRequest, arbitraryCandidates, (asked, candidates) => {
        const {matching, miss} = chooseMatching(asked, candidates, noon);
        expect(matching.length > 0 && miss !== undefined).toBe(false);
      }),
    );
  });

  test('every candidate left out has its reason, and none that matches has one', () => {
    fc.assert(
      fc.property(arbitraryRequest, arbitraryCandidates, (asked, candidates) => {
        const {matching} = chooseMatching(asked, candidates, noon);
        for (const candidate of candidates) {
          expect(whyNotMatching(asked, candidate) === undefined).toBe(matching.includes(candidate));
        }
      }),
    );
  });
});
