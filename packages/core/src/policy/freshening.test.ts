import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {at, dateAt, noon, policy, request, requestHead, response, stored} from '../../test/builders.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {shareable} from '../model/stored-response.ts';
import {currentAge} from './current-age.ts';
import {disagreed, freshened, freshenedBy, headAgrees} from './freshening.ts';
import {isFresh} from './staleness.ts';

const kept = (id: string, fields: Record<string, string>) => stored({id, fields});
const older = dateAt(-120);
const old = dateAt(-60);

const selections = [
  {
    name: 'a strong tag names every response that has it',
    rfc: '4.3.4',
    level: 'MUST',
    given: {etag: '"a"', candidates: [kept('1', {etag: '"a"'}), kept('2', {etag: '"b"'}), kept('3', {etag: '"a"'})]},
    expect: ['1', '3'],
  },
  {
    name: 'another strong tag updates nothing',
    rfc: '4.3.4',
    level: 'MUST',
    given: {etag: '"x"', candidates: [kept('1', {etag: '"a"', 'last-modified': old})]},
    expect: [],
  },
  {
    name: 'another strong tag updates nothing, even when the date is the same',
    rfc: '4.3.4',
    level: 'MUST',
    given: {etag: '"x"', 'last-modified': old, candidates: [kept('1', {'last-modified': old})]},
    expect: [],
  },
  {
    name: 'a strong tag names the weak form a compressing server sent before',
    rfc: '4.3.4',
    level: 'CHOICE',
    given: {etag: '"a"', candidates: [kept('1', {etag: 'W/"a"'}), kept('2', {etag: 'W/"a"'})]},
    expect: ['1'],
  },
  {
    name: 'a weak tag names the most recent response that has it',
    rfc: '4.3.4',
    level: 'MUST',
    given: {
      etag: 'W/"a"',
      candidates: [kept('1', {etag: '"b"'}), kept('2', {etag: '"a"'}), kept('3', {etag: 'W/"a"'})],
    },
    expect: ['2'],
  },
  {
    name: 'another weak tag updates nothing',
    rfc: '4.3.4',
    level: 'MUST',
    given: {etag: 'W/"x"', candidates: [kept('1', {etag: '"a"'})]},
    expect: [],
  },
  {
    name: 'a date names the most recent response that has it',
    rfc: '4.3.4',
    level: 'MUST',
    given: {
      'last-modified': old,
      candidates: [
        kept('1', {'last-modified': older}),
        kept('2', {'last-modified': old}),
        kept('3', {'last-modified': old}),
      ],
    },
    expect: ['2'],
  },
  {
    name: 'a date names nothing that has none',
    rfc: '4.3.4',
    level: 'MUST',
    given: {'last-modified': old, candidates: [kept('1', {etag: '"a"'})]},
    expect: [],
  },
  {
    name: 'without validators, the one tag asked about is meant',
    rfc: '4.3.4',
    level: 'CHOICE',
    given: {
      sent: {'if-none-match': '"b"'},
      candidates: [kept('0', {}), kept('1', {etag: '"a"'}), kept('2', {etag: '"b"'}), kept('3', {etag: '"b"'})],
    },
    expect: ['2'],
  },
  {
    name: 'without validators, two tags asked about leave a doubt',
    rfc: '4.3.4',
    level: 'MUST',
    given: {sent: {'if-none-match': '"a", "b"'}, candidates: [kept('1', {etag: '"a"'}), kept('2', {etag: '"b"'})]},
    expect: [],
  },
  {
    name: "without validators, a caller's own tag says nothing about another",
    rfc: '4.3.4',
    level: 'MUST',
    given: {sent: {'if-none-match': '"x"'}, candidates: [kept('1', {etag: '"a"'})]},
    expect: [],
  },
  {
    name: 'without validators, the date asked about is meant',
    rfc: '4.3.4',
    level: 'CHOICE',
    given: {
      sent: {'if-modified-since': old},
      candidates: [kept('1', {'last-modified': old}), kept('2', {'last-modified': old})],
    },
    expect: ['1'],
  },
  {
    name: 'without validators, and without a question, nothing is meant',
    rfc: '4.3.4',
    level: 'MUST',
    given: {candidates: [kept('1', {}), kept('2', {etag: '"a"', 'last-modified': old})]},
    expect: [],
  },
  {
    name: "without validators, a caller's own date says nothing about what has no validator",
    rfc: '4.3.4',
    level: 'CHOICE',
    given: {sent: {'if-modified-since': old}, candidates: [kept('1', {})]},
    expect: [],
  },
] as const;

describe('freshenedBy', () => {
  test.each(selections)('$name', ({given: {candidates, ...given}, expect: expected}) => {
    const {sent = {}, ...fields} = {sent: undefined, ...given};
    const found = freshenedBy(response({status: 304, fields}), candidates, requestHead({fields: sent ?? {}}));
    expect(found.map(({id}) => id)).toEqual(expected);
  });
});

const times = {requestTime: at(100), responseTime: at(101), began: 7};
const update = (fields: Record<string, string>) => response({status: 304, fields});
const after = (
  candidate: Parameters<typeof stored>[0],
  fields: Record<string, string>,
  asked = request(),
  rules = policy(),
) => freshened(asked, stored(candidate), update(fields), rules, times);

describe('freshened', () => {
  test('status, id and bytes stay; times, tick and facts are new', () => {
    const before = {
      id: '1',
      statusText: 'Fine',
      size: 9,
      fields: {'cache-control': 'max-age=60', etag: '"a"', foo: 'kept'},
    };
    const result = after(
      {...before, expired: true},
      {etag: '"a"', 'cache-control': 'max-age=90', bar: 'new', date: dateAt(101)},
    );
    expect(result).toMatchObject({id: '1', size: 9, ...times, expired: false, head: {status: 200, statusText: 'Fine'}});
    expect(result.facts).toMatchObject({lifetime: 90, date: at(101), initialAge: 1});
    expect(Object.fromEntries(result.head.fields)).toEqual({
      etag: '"a"',
      foo: 'kept',
      bar: 'new',
      'cache-control': 'max-age=90',
      date: dateAt(101),
    });
  });

  test('a stale response is fresh again, and neither its old Date nor its old Age counts', () => {
    const result = after({fields: {'cache-control': 'max-age=60', date: dateAt(-500), age: '50'}}, {});
    expect(isFresh(result, at(101))).toBe(true);
    expect(currentAge(result, at(101))).toBe(1);
    expect(result.head.fields.get('date')).toBe(dateAt(101));
    expect(result.head.fields.has('age')).toBe(false);
  });

  test("the update's own Date and Age count", () => {
    const {head, facts} = after({}, {date: dateAt(90)});
    expect([head.fields.get('date'), facts.initialAge]).toEqual([dateAt(90), 11]);
    expect(after({}, {age: '10', date: dateAt(101)}).facts.initialAge).toBe(11);
  });

  test('Content-Length stays as stored', () => {
    const result = after({fields: {'content-length': '5'}}, {'content-length': '0'});
    expect(result.head.fields.get('content-length')).toBe('5');
  });

  test('the field targeted at this cache counts, stored or new, and not Cache-Control beside it (RFC 9213 §2.2)', () => {
    const rules = policy({kind: 'shared', targetedFields: ['cdn-cache-control']});
    const fields = {'cdn-cache-control': 'max-age=60, public', 'cache-control': 'max-age=1, no-cache'};
    const before = {partition: shareable, fields};
    const user = request({partition: 'a', credentialed: true});
    const still = after(before, {'cache-control': 'private, max-age=2'}, user, rules);
    expect(still).toMatchObject({partition: shareable, facts: {lifetime: 60, alwaysValidate: false}});
    const renewed = after(before, {'cdn-cache-control': 'max-age=90, no-cache="foo"', foo: '1'}, user, rules);
    expect(renewed).toMatchObject({partition: 'a', facts: {lifetime: 90}});
    expect(renewed.head.fields.names()).toEqual(['cache-control', 'cdn-cache-control', 'date']);
  });

  test('what is one user’s stays that user’s when the origin makes it public', () => {
    const user = request({partition: 'a', credentialed: true});
    const result = after({partition: 'a'}, {'cache-control': 'public, max-age=60'}, user);
    expect([result.partition, result.facts.lifetime]).toEqual(['a', 60]);
  });

  test('a Vary that comes with the update holds from now on', () => {
    const result = after({}, {vary: 'Foo'}, request({fields: {foo: '1'}}));
    expect(result.nominated).toEqual([['foo', '1']]);
  });

  test('an unseen field that the update nominates confines the response to its kind of client', () => {
    expect(after({}, {vary: 'User-Agent'}, request({client: 'node'})).client).toBe('node');
  });

  test('new groups and tags replace the old', () => {
    const result = after({groups: ['a'], tags: ['x']}, {'cache-groups': '"b"'}, request(), policy({tags: ['y']}));
    expect([result.groups, result.tags]).toEqual([['b'], ['y']]);
  });

  const shared = {partition: shareable, fields: {'cache-control': 'public, max-age=60'}};
  const sharing = [
    {
      name: 'what is still public stays shareable',
      given: {before: shared, fields: {}, partition: 'a'},
      expect: shareable,
    },
    {
      name: 'an anonymous validation keeps it shareable',
      given: {before: shared, fields: {}, partition: ''},
      expect: shareable,
    },
    {
      name: 'what is no longer public goes to whoever validated it',
      given: {before: shared, fields: {'cache-control': 'private'}, partition: 'a'},
      expect: 'a',
    },
    {
      name: 'what stood for requests without credentials stays with them, however public',
      given: {before: {partition: '', fields: {}}, fields: {'cache-control': 'public'}, partition: ''},
      expect: '',
    },
    {
      name: "a user's response stays the user's",
      given: {before: {partition: 'a', fields: {}}, fields: {}, partition: 'a'},
      expect: 'a',
    },
  ].map(row => ({...row, rfc: '3.5', level: 'CHOICE'}));

  test.each(sharing)('$name', ({given: {before, fields, partition}, expect: expected}) => {
    const asked = request({partition, credentialed: partition !== ''});
    expect(after(before, fields, asked).partition).toBe(expected);
  });

  test('the stored response handed in is not changed', () => {
    const before = stored({fields: {'cache-control': 'max-age=60', etag: '"a"'}});
    const copy = structuredClone({...before, head: {...before.head, fields: [...before.head.fields]}});
    freshened(request(), before, update({etag: '"a"', foo: '1'}), policy(), times);
    expect({...before, head: {...before.head, fields: [...before.head.fields]}}).toEqual(copy);
  });

  const sorted = ({head}: StoredResponse): readonly string[] =>
    Array.from(head.fields, line => line.join(': ')).toSorted();

  test('what describes the kept bytes stays as it is, and so does what names them', () => {
    const ofBytes = ['content-length', 'content-encoding', 'content-type', 'content-range'];
    const lines = fc.dictionary(fc.constantFrom(...ofBytes, 'etag', 'foo'), fc.constantFrom('1', '2', 'a/b'));
    fc.assert(
      fc.property(lines, lines, (first, second) => {
        const before = stored({fields: first, size: 5, key: 'k'});
        const result = freshened(request(), before, update(second), policy(), times);
        for (const name of ofBytes) expect(result.head.fields.get(name)).toBe(first[name]);
        const named = ({id, key, size, url, method, head: {status}}: StoredResponse) => [
          id,
          key,
          size,
          url,
          method,
          status,
        ];
        expect(named(result)).toEqual(named(before));
      }),
    );
  });

  test('freshening twice by the same answer is freshening once', () => {
    const names = fc.constantFrom('etag', 'vary', 'foo', 'cache-control', 'age', 'expires', 'content-length');
    const values = fc.constantFrom('"a"', 'foo', 'max-age=5', '7', 'no-cache="foo"', '');
    fc.assert(
      fc.property(fc.dictionary(names, values), fc.dictionary(names, values), (first, second) => {
        const once = freshened(request(), stored({fields: first}), update(second), policy(), times);
        const twice = freshened(request(), once, update(second), policy(), times);
        expect({...twice, head: sorted(twice)}).toEqual({...once, head: sorted(once)});
      }),
    );
  });
});

const full = {etag: '"a"', 'last-modified': old, 'content-length': '5'};

const agreements = [
  {name: 'nothing said is agreement', level: 'CHOICE', given: {before: {fields: full}, head: {}}, expect: true},
  {
    name: 'equal validators and length agree',
    level: 'SHOULD',
    given: {before: {fields: full}, head: full},
    expect: true,
  },
  {
    name: 'another tag disagrees',
    level: 'SHOULD',
    given: {before: {fields: full}, head: {...full, etag: '"b"'}},
    expect: false,
  },
  {
    name: 'a tag where there was none disagrees',
    level: 'SHOULD',
    given: {before: {fields: {}}, head: {etag: '"a"'}},
    expect: false,
  },
  {
    name: 'the weak form of a tag agrees',
    level: 'CHOICE',
    given: {before: {fields: full}, head: {etag: 'W/"a"'}},
    expect: true,
  },
  {
    name: 'another date disagrees',
    level: 'SHOULD',
    given: {before: {fields: full}, head: {'last-modified': older}},
    expect: false,
  },
  {
    name: 'another length disagrees',
    level: 'SHOULD',
    given: {before: {fields: full}, head: {'content-length': '6'}},
    expect: false,
  },
  {
    name: 'an unreadable length disagrees',
    level: 'CHOICE',
    given: {before: {fields: full}, head: {'content-length': 'x'}},
    expect: false,
  },
  {
    name: 'a length is compared with the bytes when none was stored',
    level: 'CHOICE',
    given: {before: {fields: {}, size: 5}, head: {'content-length': '6'}},
    expect: false,
  },
  ...(
    [
      ['bytes 0-1/5', '5', true],
      ['bytes 0-1/5', '2', false],
      ['bytes 0-1/*', '9', true],
    ] as const
  ).map(([range, length, expected]) => ({
    name: `a length of ${length} ${expected ? 'agrees' : 'disagrees'} with a part that says ${range}`,
    level: 'CHOICE',
    given: {before: {status: 206, fields: {'content-range': range}, size: 2}, head: {'content-length': length}},
    expect: expected,
  })),
  {
    name: 'a length that is that of the bytes agrees when none was stored',
    level: 'CHOICE',
    given: {before: {fields: {}, size: 5}, head: {'content-length': '5'}},
    expect: true,
  },
  {
    name: 'the length of compressed content is compared with no bytes',
    level: 'CHOICE',
    given: {before: {fields: {}, size: 5}, head: {'content-length': '3', 'content-encoding': 'gzip'}},
    expect: true,
  },
].map(row => ({...row, rfc: '4.3.5'}));

describe('headAgrees', () => {
  test.each(agreements)('$name', ({given, expect: expected}) => {
    expect(headAgrees(stored(given.before), response({fields: given.head}))).toBe(expected);
  });
});

describe('disagreed', () => {
  test('the response is stale and reused after validation only', () => {
    const result = disagreed(stored());
    expect(isFresh(result, noon)).toBe(false);
    expect(result.facts.alwaysValidate).toBe(true);
  });
});
