// Decisions about ranges and parts: what each asks, and what it leaves in the store.
import {describe, expect, test} from 'vitest';
import {at, dateAt, noon, policy, request, response, stored} from '../../test/builders.ts';
import {formatContentRange} from '../fields/content-range.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {RequestHead, ResponseHead} from '../model/messages.ts';
import {type StoredResponse, shareable} from '../model/stored-response.ts';
import type {RequestDecision, ResponseDecision} from './decisions.ts';
import type {ExchangeFacts} from './exchange.ts';
import {decideOnFailure} from './on-failure.ts';
import {decideOnRequest} from './on-request.ts';
import {decideOnResponse} from './on-response.ts';

type Given = Omit<NonNullable<Parameters<typeof stored>[0]>, 'fields'> & {
  readonly fields?: Readonly<Record<string, string>>;
};
type Asked = Parameters<typeof request>[0];

const tagged = {'cache-control': 'max-age=60', etag: '"a"'};

const part = (first: number, last: number, given: Given = {}): StoredResponse =>
  stored({
    id: `${first}-${last}`,
    status: 206,
    size: last - first + 1,
    ...given,
    fields: {...tagged, 'content-range': formatContentRange({first, last, complete: 10}), ...given.fields},
  });

const whole = (given: Given = {}): StoredResponse =>
  stored({id: 'whole', size: 10, ...given, fields: {...tagged, ...given.fields}});

const ranged = (range: string, fields: Readonly<Record<string, string>> = {}): Asked => ({fields: {range, ...fields}});

const decided = (asked: Asked, kept: readonly StoredResponse[], age = 1): RequestDecision =>
  decideOnRequest(request(asked), kept, policy(), at(age));

/** The fields of what is sent, and how it was decided. */
function sentBy(decision: RequestDecision): unknown {
  if (decision.type === 'reuse' || decision.type === 'unsatisfiable') return decision.type;
  const {type, because, detail} = decision;
  return {type, because, detail, fields: Object.fromEntries(decision.request.fields)};
}

const forwards = (because: string, detail: string | undefined, fields = {}): unknown => ({
  type: 'forward',
  because,
  detail,
  fields,
});

describe('a request for which only parts are stored', () => {
  const rest = {range: 'bytes=5-', 'if-range': '"a"'};

  test.each<[name: string, asked: Asked, kept: readonly StoredResponse[], expected: unknown]>([
    ['asks for the rest', {}, [part(0, 4)], {type: 'complete', because: 'partial', detail: undefined, fields: rest}],
    [
      'asks for the rest end to end after a clear with through',
      {through: true},
      [part(0, 4)],
      {type: 'complete', because: 'partial', detail: 'through', fields: {...rest, 'cache-control': 'no-cache'}},
    ],
    ['goes as it is when two ranges are missing', {}, [part(3, 6)], forwards('partial', undefined)],
    ['goes as it is when it is a reload', {mode: 'reload'}, [part(0, 4)], forwards('partial', undefined)],
    [
      'goes as it is when its range is elsewhere',
      ranged('bytes=6-7'),
      [part(0, 4)],
      forwards('partial', undefined, {range: 'bytes=6-7'}),
    ],
    [
      'goes as it is with a condition of its own',
      {fields: {'if-none-match': '"b"'}},
      [part(0, 4)],
      forwards('partial', undefined, {'if-none-match': '"b"'}),
    ],
    ['goes nowhere when it refuses the network', {mode: 'only-if-cached'}, [part(0, 4)], 'unsatisfiable'],
    [
      'for a range of what was decoded goes as it is',
      ranged('bytes=0-1'),
      [whole({decoded: true})],
      forwards('uri-miss', 'encoded', {range: 'bytes=0-1'}),
    ],
    [
      'for a range of what was decoded asks end to end after a clear with through',
      {...ranged('bytes=0-1'), through: true},
      [whole({decoded: true})],
      forwards('uri-miss', 'through', {range: 'bytes=0-1', 'cache-control': 'no-cache'}),
    ],
    [
      'beside what was decoded is about the part',
      ranged('bytes=3-6'),
      [whole({decoded: true}), part(0, 4)],
      {type: 'complete', because: 'partial', detail: undefined, fields: {range: 'bytes=5-6', 'if-range': '"a"'}},
    ],
  ])('%s', (_, asked, kept, expected) => {
    expect(sentBy(decided(asked, kept))).toEqual(expected);
  });

  test('may be stored when it is sent as it is', () => {
    for (const kept of [[part(3, 6)], [whole({decoded: true})]])
      expect(decided(ranged('bytes=0-1'), kept)).toMatchObject({type: 'forward', store: 'maybe'});
  });
});

describe('a stale answer made of stored bytes', () => {
  const b = part(5, 9, {fields: {etag: '"b"'}, responseTime: at(-9)});

  test.each<[name: string, asked: Asked, kept: readonly StoredResponse[], tags: string, candidates: readonly string[]]>(
    [
      ['is validated by its own tag', ranged('bytes=0-1'), [part(0, 4)], '"a"', ['0-4']],
      [
        'is validated without the tags of parts that are not in it',
        ranged('bytes=0-1'),
        [part(0, 4), b],
        '"a"',
        ['0-4'],
      ],
      ['is validated with all its pieces', {}, [part(0, 4), part(5, 9)], '"a"', ['0-4', '5-9']],
      [
        'is validated with whole siblings, which would answer, too',
        ranged('bytes=0-1'),
        [part(0, 4), whole({fields: {etag: '"c"'}, responseTime: at(-9)})],
        '"a", "c"',
        ['0-4', 'whole'],
      ],
      [
        'is validated without whole siblings that were decoded',
        ranged('bytes=0-1'),
        [part(0, 4), whole({fields: {etag: '"c"'}, decoded: true, responseTime: at(-9)})],
        '"a"',
        ['0-4'],
      ],
      ['that is whole is validated without the tags of parts', {}, [whole(), b], '"a"', ['whole']],
    ],
  )('%s', (_, asked, kept, tags, candidates) => {
    const decision = decided(asked, kept, 61);
    expect(decision.type).toBe('validate');
    if (decision.type !== 'validate') return;
    expect(decision.request.fields.get('if-none-match')).toBe(tags);
    expect(decision.request.fields.get('range')).toBe(request(asked).head.fields.get('range'));
    expect(decision.candidates.map(({id}) => id)).toEqual(candidates);
  });

  const window = {'cache-control': 'max-age=60, stale-while-revalidate=60'};
  const conditions = {'if-none-match': '"x"', 'if-modified-since': dateAt(-99), 'if-range': '"a"'};

  test('is asked for whole behind the answer when it is stored whole, without the caller’s conditions', () => {
    const decision = decided(ranged('bytes=0-1', conditions), [whole({fields: window})], 61);
    expect(decision).toMatchObject({type: 'reuse', stale: true, as: {first: 0, last: 1}});
    const later = decision.type === 'reuse' ? decision.validateLater : undefined;
    expect(Object.fromEntries(later?.fields ?? [])).toEqual({'if-none-match': '"a"'});
  });

  test('is asked for by the caller’s range behind the answer when it is a part', () => {
    const decision = decided(ranged('bytes=0-1', conditions), [part(0, 4, {fields: window})], 61);
    const later = decision.type === 'reuse' ? decision.validateLater : undefined;
    expect(Object.fromEntries(later?.fields ?? [])).toEqual({range: 'bytes=0-1', 'if-none-match': '"a"'});
  });

  test('stands in for an error as far as it holds what is asked', () => {
    const lenient = {'cache-control': 'max-age=60, stale-if-error=60'};
    const failing = (asked: Asked) => decideOnFailure(exchangeOf(asked, [part(0, 4, {fields: lenient})], 61), at(61));
    expect(failing(ranged('bytes=1-2'))).toMatchObject({as: {first: 1, last: 2}, stale: true});
    expect(failing({})).toBeUndefined();
  });
});

function exchangeOf(asked: Asked, candidates: readonly StoredResponse[], age = 1): ExchangeFacts {
  const asking: CacheRequest = request(asked);
  const decision = decideOnRequest(asking, candidates, policy(), at(age));
  if (decision.type === 'reuse' || decision.type === 'unsatisfiable') throw new Error('nothing is sent');
  return {request: asking, policy: policy(), decision, candidates, began: 7, requestTime: at(age), asGet: undefined};
}

type Answer = Omit<Parameters<typeof response>[0] & {}, 'fields'> & {
  readonly fields?: Readonly<Record<string, string>>;
};

const arrived = (asked: Asked, kept: readonly StoredResponse[], answer: Answer, age = 1): ResponseDecision =>
  decideOnResponse(exchangeOf(asked, kept, age), response({fields: tagged, ...answer}), at(age), 'new');

const received = (first: number, last: number, fields: Readonly<Record<string, string>> = {}): Answer => ({
  status: 206,
  statusText: 'Partial Content',
  fields: {...tagged, 'content-range': formatContentRange({first, last, complete: 10}), ...fields},
});

/** What happens to the store, by id: put, outdated, or counted from now on. */
const effectsOf = ({effects}: ResponseDecision): readonly string[] =>
  effects.map(({type, stored: one}) => {
    if (type === 'put') return `put ${one.head.status} ${one.facts.range?.first ?? 'whole'}`;
    if (one.facts.alwaysValidate && one.facts.lifetime === 0) return `outdate ${one.id}`;
    return `update ${one.id} from ${one.began}`;
  });

describe('the rest of what parts lack', () => {
  test('answers together with them, and is stored by itself', () => {
    const {answer, effects, notStored} = arrived({}, [part(0, 4)], received(5, 9));
    expect(answer).toMatchObject({
      type: 'completed',
      range: {first: 5, last: 9, complete: 10},
      id: 'new',
      reuse: {as: 'whole', stale: false, age: 0, stored: {id: 'new'}},
    });
    const pieces = answer.type === 'completed' ? answer.reuse.pieces : undefined;
    expect(pieces?.map(({stored: {id}, offset, length}) => [id, offset, length])).toEqual([
      ['0-4', 0, 5],
      ['new', 0, 5],
    ]);
    expect([effects.map(({type}) => type), notStored]).toEqual([['put'], undefined]);
  });

  test('vouches for expired parts', () => {
    const kept = [part(0, 4, {expired: true}), part(8, 9)];
    const decision = arrived({}, kept, received(5, 7));
    expect(effectsOf(decision)).toEqual(['update 0-4 from 7', 'put 206 5']);
    expect(decision.effects[0]).toMatchObject({type: 'update', stored: {expired: false}});
  });

  test.each<[name: string, answer: Answer]>([
    ['of another representation', received(5, 9, {etag: '"b"'})],
    ['that is not all of it', received(6, 9)],
    ['that does not say what it is', {status: 206}],
    ['that is a 304', {status: 304}],
    ['that is a 416', {status: 416}],
  ])('%s has the request sent again, and changes nothing', (_, answer) => {
    expect(arrived({}, [part(0, 4)], answer)).toEqual({answer: {type: 'repeat'}, effects: [], notStored: undefined});
  });

  test('is the whole when the origin says so', () => {
    const {answer, effects} = arrived({}, [part(0, 4)], {fields: {...tagged, etag: '"b"'}});
    expect(answer).toEqual({type: 'origin'});
    expect(effects.map(({type, stored: {id}}) => `${type} ${id}`)).toEqual(['update 0-4', 'put new']);
  });

  test('that may not be stored answers all the same', () => {
    const {answer, effects, notStored} = arrived({}, [part(0, 4)], received(5, 9, {'cache-control': 'no-store'}));
    expect([answer.type, effects, notStored]).toEqual(['completed', [], 'no-store']);
  });
});

describe('a part that has come', () => {
  test('is stored under its beginning', () => {
    const keyed = [received(2, 6), received(3, 6)].map(answer => arrived(ranged('bytes=2-6'), [], answer));
    const keys = keyed.flatMap(({effects}) => effects.map(({stored: {key}}) => key));
    expect(new Set(keys).size).toBe(2);
    expect(keyed[0]?.answer).toEqual({type: 'origin'});
  });

  const b = {etag: '"b"'};
  const asking = ranged('bytes=2-6', {'cache-control': 'no-cache'});

  test.each<[name: string, kept: readonly StoredResponse[], answer: Answer, effects: readonly string[]]>([
    [
      'outdates what is of another representation',
      [whole(), part(0, 1)],
      received(2, 6, b),
      ['outdate whole', 'outdate 0-1', 'put 206 2'],
    ],
    ['leaves what is of the same', [whole(), part(0, 1)], received(2, 6), ['put 206 2']],
    [
      'outdates an error',
      [stored({id: 'gone', status: 404, fields: tagged})],
      received(2, 6),
      ['outdate gone', 'put 206 2'],
    ],
    [
      'that may not be stored outdates all the same',
      [part(0, 1)],
      received(2, 6, {...b, 'cache-control': 'no-store'}),
      ['outdate 0-1'],
    ],
    [
      'whose range cannot be told outdates what its tag denies',
      [part(0, 1)],
      {status: 206, fields: {...tagged, ...b}},
      ['outdate 0-1'],
    ],
    [
      'that is no part but the whole outdates parts of another',
      [part(0, 1), part(8, 9)],
      {fields: {...tagged, ...b}},
      ['outdate 0-1', 'outdate 8-9', 'put 200 whole'],
    ],
    ['that is no part but the whole leaves parts of the same', [part(0, 1)], {}, ['put 200 whole']],
    [
      'that is the whole and not stored outdates what it stands for, and parts of another',
      [whole(), part(0, 1)],
      {fields: {...b, 'cache-control': 'no-store'}},
      ['outdate whole', 'outdate 0-1'],
    ],
    ['that is a 416 outdates nothing', [whole()], {status: 416}, []],
    ['that is a server error outdates nothing', [whole()], {status: 500, fields: b}, []],
  ])('%s', (_, kept, answer, effects) => {
    expect(effectsOf(arrived(asking, kept, answer))).toEqual(effects);
  });

  test('has the fields that its siblings told, but for those that are somebody else’s', () => {
    const foo = (decision: ResponseDecision): unknown => decision.effects.at(-1)?.stored.head.fields.get('foo');
    const own = part(0, 1, {fields: {foo: '1'}});
    expect(foo(arrived(asking, [own], received(2, 6)))).toBe('1');
    const open = received(2, 6, {'cache-control': 'public, max-age=60'});
    const mine = {...asking, partition: 'me', credentialed: true};
    expect(foo(arrived(mine, [{...own, partition: 'me'}], open))).toBeUndefined();
    expect(foo(arrived(mine, [{...own, partition: shareable}], open))).toBe('1');
    expect(foo(arrived(mine, [{...own, partition: 'me'}], received(2, 6)))).toBe('1');
    expect(foo(arrived(mine, [{...own, partition: shareable}], received(2, 6)))).toBe('1');
  });
});

describe('a 304 about parts', () => {
  test('freshens all that have its tag, and the range is answered', () => {
    const kept = [part(0, 4), part(5, 9)];
    const decision = arrived(ranged('bytes=3-6'), kept, {status: 304}, 100);
    expect(effectsOf(decision)).toEqual(['update 0-4 from 7', 'update 5-9 from 7']);
    expect(decision.answer).toMatchObject({type: 'reuse', as: {first: 3, last: 6, complete: 10}, stale: false, age: 0});
    const pieces = decision.answer.type === 'reuse' ? decision.answer.pieces : undefined;
    expect(pieces?.map(({stored: one}) => one.responseTime)).toEqual([at(100), at(100)]);
  });

  test('keeps what the part holds', () => {
    const {effects} = arrived(
      ranged('bytes=0-1'),
      [part(0, 4)],
      {status: 304, fields: {...tagged, 'content-range': 'x'}},
      100,
    );
    expect(effects[0]?.stored.facts.range).toEqual({first: 0, last: 4, complete: 10});
  });
});

test('an answer to HEAD speaks of a part by the length of the whole', () => {
  const asked = {method: 'HEAD', fields: {'cache-control': 'no-cache'}};
  const effects = (length: string) =>
    effectsOf(arrived(asked, [part(0, 4)], {fields: {...tagged, 'content-length': length}})).filter(
      effect => !effect.startsWith('put'),
    );
  expect([effects('10'), effects('5')]).toEqual([['update 0-4 from 7'], ['outdate 0-4']]);
});

test('what is asked for the rest is otherwise what the caller asked', () => {
  const given: RequestHead = request({fields: {accept: '*/*'}, redirect: 'manual'}).head;
  const decision = decideOnRequest(
    request({fields: {accept: '*/*'}, redirect: 'manual'}),
    [part(0, 4)],
    policy(),
    noon,
  );
  const sent: ResponseHead['fields'] | undefined = decision.type === 'complete' ? decision.request.fields : undefined;
  expect(decision).toMatchObject({request: {method: given.method, url: given.url, redirect: 'manual'}});
  expect(sent?.get('accept')).toBe('*/*');
});
