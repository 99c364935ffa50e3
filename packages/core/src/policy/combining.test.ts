import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {dateAt, request, response, stored} from '../../test/builders.ts';
import {formatContentRange} from '../fields/content-range.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {
  answerFrom,
  completedBy,
  completingRequest,
  type Incomplete,
  isOfAnother,
  type Piece,
  partHead,
} from './combining.ts';

const tagged = {etag: '"a"', 'cache-control': 'max-age=60'};

type Given = Omit<NonNullable<Parameters<typeof stored>[0]>, 'fields'> & {
  readonly fields?: Readonly<Record<string, string>>;
};

const part = (first: number, last: number, given: Given = {}): StoredResponse =>
  stored({
    id: `${first}-${last}`,
    status: 206,
    size: last - first + 1,
    ...given,
    fields: {...tagged, 'content-range': formatContentRange({first, last, complete: 10}), ...given.fields},
  });

const whole = stored({id: 'whole', fields: tagged, size: 10});
const asking = (range?: string): ReturnType<typeof request> => request({fields: range === undefined ? {} : {range}});

/** Pieces by the id of what they are of, with the bytes taken from it. */
const named = (pieces: readonly Piece[] | undefined): unknown =>
  pieces?.map(({stored: {id}, offset, length}) => `${id} ${offset}+${length}`);

describe('answerFrom', () => {
  test('a whole one answers by itself, with nothing to gather', () => {
    expect(answerFrom(asking(), [whole])).toEqual({type: 'answer', stored: whole, as: 'whole', pieces: undefined});
  });

  test.each([
    {name: 'one part', kept: [part(2, 6)], range: 'bytes=3-4', head: '2-6', pieces: ['2-6 1+2']},
    {name: 'a whole one', kept: [whole], range: 'bytes=3-4', head: 'whole', pieces: ['whole 3+2']},
    {name: 'two that touch', kept: [part(5, 9), part(0, 4)], head: '5-9', pieces: ['0-4 0+5', '5-9 0+5']},
    {name: 'two that overlap', kept: [part(3, 9), part(0, 4)], head: '3-9', pieces: ['0-4 0+5', '3-9 2+5']},
    {name: 'the fewest', kept: [part(0, 1), part(2, 3), part(0, 9)], head: '0-1', pieces: ['0-9 0+10']},
    {
      name: 'a newer part and an older whole one',
      kept: [part(0, 1), whole],
      range: 'bytes=1-4',
      head: '0-1',
      pieces: ['whole 1+4'],
    },
  ])('$name: the pieces in order, with the head of the most preferred', ({kept, range, head, pieces}) => {
    const answer = answerFrom(asking(range), kept);
    expect(answer).toMatchObject({type: 'answer', stored: {id: head}});
    expect(named(answer?.type === 'answer' ? answer.pieces : undefined)).toEqual(pieces);
  });

  test.each([
    {name: 'its end', kept: [part(0, 4)], before: ['0-4 0+5'], missing: [5, 9], after: []},
    {name: 'its beginning', kept: [part(5, 9)], before: [], missing: [0, 4], after: ['5-9 0+5']},
    {
      name: 'what lies between',
      kept: [part(7, 9), part(0, 2)],
      before: ['0-2 0+3'],
      missing: [3, 6],
      after: ['7-9 0+3'],
    },
    {
      name: 'the end of a range',
      kept: [part(0, 4)],
      range: 'bytes=2-6',
      before: ['0-4 2+3'],
      missing: [5, 6],
      after: [],
    },
  ])('an answer may lack $name', ({kept, range, before, missing: [first, last], after}) => {
    const found = answerFrom(asking(range), kept) as Incomplete;
    expect(found.type).toBe('incomplete');
    expect(found.missing).toEqual({first, last, complete: 10});
    expect([named(found.before), named(found.after)]).toEqual([before, after]);
  });

  test.each([
    {name: 'nothing is stored', kept: []},
    {name: 'two ranges are missing', kept: [part(3, 6)]},
    {name: 'nothing of the range is there', kept: [part(0, 1)], range: 'bytes=5-6'},
    {name: 'the whole is of unknown length', kept: [part(0, 4, {fields: {'content-range': 'bytes 0-4/*'}})]},
    {
      name: 'a range is asked of compressed content',
      kept: [stored({fields: {'content-encoding': 'br'}, size: 10})],
      range: 'bytes=0-1',
    },
  ])('there is none when $name', ({kept, range}) => {
    expect(answerFrom(asking(range), kept)).toBeUndefined();
  });

  test.each([
    {name: 'with other tags', other: part(5, 9, {fields: {etag: '"b"'}})},
    {name: 'with weak tags', other: part(5, 9, {fields: {etag: 'W/"a"'}})},
    {name: 'of another length', other: part(5, 9, {fields: {'content-range': 'bytes 5-9/11'}})},
    {name: 'decoded by a client', other: stored({...part(5, 9), fields: tagged, size: 10, decoded: true})},
  ])('responses $name are never put together', ({other}) => {
    expect(answerFrom(asking('bytes=4-5'), [part(0, 4), other])).toMatchObject({
      type: 'incomplete',
      stored: {id: '0-4'},
    });
  });

  test('an answer that is complete goes before a preferred one that is not', () => {
    const other = stored({id: 'other', fields: {...tagged, etag: '"b"'}, size: 10});
    expect(answerFrom(asking(), [part(0, 4), other])).toMatchObject({type: 'answer', stored: {id: 'other'}});
  });

  test.each([
    {name: 'expired', given: {expired: true}, shown: {expired: true, facts: {alwaysValidate: false}}},
    {
      name: 'to be validated always',
      given: {fields: {'cache-control': 'no-cache'}},
      shown: {expired: false, facts: {alwaysValidate: true}},
    },
  ])('a piece that is $name makes the answer so, and nothing else of it', ({given, shown}) => {
    const [newer, older] = [part(5, 9), part(0, 4, given)];
    for (const kept of [
      [newer, older],
      [newer, older, part(3, 6)],
    ]) {
      const answer = answerFrom(asking(), kept);
      expect(answer?.stored).toEqual({...newer, ...shown, facts: {...newer.facts, ...shown.facts}});
    }
    // What is left out makes no difference.
    expect(answerFrom(asking('bytes=6-7'), [newer, older])?.stored).toBe(newer);
  });

  test('an answer of sound pieces is its newest part’s, untouched', () => {
    const newer = part(5, 9);
    expect(answerFrom(asking(), [newer, part(0, 4)])?.stored).toBe(newer);
  });

  test('a part that must be validated itself stays as it is', () => {
    const doubted = part(0, 9, {expired: true, fields: {'cache-control': 'no-cache'}});
    expect(answerFrom(asking(), [doubted])?.stored).toBe(doubted);
  });

  test.each<{name: string; kept: readonly StoredResponse[]; together: boolean}>([
    {
      name: 'of one variant',
      kept: [part(0, 4, {nominated: [['a', '1']]}), part(5, 9, {nominated: [['a', '1']]})],
      together: true,
    },
    {
      name: 'of two variants',
      kept: [part(0, 4, {nominated: [['a', '1']]}), part(5, 9, {nominated: [['a', '2']]})],
      together: false,
    },
    {
      name: 'without tags',
      kept: [part(0, 4, {fields: {etag: 'none'}}), part(5, 9, {fields: {etag: 'none'}})],
      together: false,
    },
    {name: 'of which one has no tag', kept: [part(0, 4), part(5, 9, {fields: {etag: 'none'}})], together: false},
    {
      name: 'of which one does not know the length',
      kept: [part(0, 4), part(5, 9, {fields: {'content-range': 'bytes 5-9/*'}})],
      together: true,
    },
  ])('parts $name answer together: $together', ({kept, together}) => {
    expect(answerFrom(asking('bytes=3-6'), kept)?.type === 'answer').toBe(together);
  });

  test('a whole of unknown length is never made of parts', () => {
    const open = [
      part(0, 4, {fields: {'content-range': 'bytes 0-4/*'}}),
      part(5, 9, {fields: {'content-range': 'bytes 5-9/*'}}),
    ];
    expect(answerFrom(asking(), open)).toBeUndefined();
  });

  test('whatever the parts, their pieces are the bytes asked for, or all but one range that ends with what nothing holds', () => {
    const any = fc.tuple(fc.nat({max: 9}), fc.nat({max: 9})).map(([a, b]) => part(Math.min(a, b), Math.max(a, b)));
    const text = ({stored: {facts}, offset, length}: Piece): string => {
      const first = (facts.range?.first ?? 0) + offset;
      expect(first + length - 1).toBeLessThanOrEqual(facts.range?.last ?? 0);
      return '0123456789'.slice(first, first + length);
    };
    fc.assert(
      fc.property(fc.array(any, {maxLength: 6}), fc.nat({max: 9}), fc.nat({max: 9}), (kept, a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const found = answerFrom(asking(`bytes=${first}-${last}`), kept);
        const wanted = '0123456789'.slice(first, last + 1);
        if (found?.type === 'answer') expect((found.pieces ?? []).map(text).join('')).toBe(wanted);
        if (found?.type !== 'incomplete') return;
        const missing = '0123456789'.slice(found.missing.first, found.missing.last + 1);
        expect(missing).not.toBe('');
        expect([...found.before.map(text), missing, ...found.after.map(text)].join('')).toBe(wanted);
        const {first: from, last: to} = found.missing;
        expect([from, to].some(position => kept.some(one => holds(one, position)))).toBe(false);
      }),
    );
  });
});

const holds = ({facts}: StoredResponse, position: number): boolean =>
  facts.range !== undefined && facts.range.first <= position && position <= facts.range.last;

const lacking = (given: Parameters<typeof request>[0] = {}, kept = part(0, 4)): Incomplete => {
  const found = answerFrom(request(given), [kept]);
  if (found?.type !== 'incomplete') throw new Error('nothing is missing');
  return found;
};

describe('completingRequest', () => {
  test.each([
    {name: 'to the end', kept: part(0, 4), range: 'bytes=5-'},
    {name: 'from the beginning', kept: part(5, 9), range: 'bytes=0-4'},
  ])('asks for what is missing $name, of this representation', ({kept, range}) => {
    const sent = completingRequest(request(), lacking({}, kept));
    expect(sent?.fields.get('range')).toBe(range);
    expect(sent?.fields.get('if-range')).toBe('"a"');
  });

  test.each([
    {name: 'a caller with a condition of its own', given: {fields: {'if-none-match': '"x"'}}},
    {name: 'HEAD', given: {method: 'HEAD'}},
    {name: 'a caller whose If-Range does not hold', given: {fields: {range: 'bytes=0-9', 'if-range': '"b"'}}},
  ])('is not for $name', ({given}) => {
    expect(completingRequest(request(given), lacking(given))).toBeUndefined();
  });

  test.each(['W/"a"', 'a'])('is not for a part with the tag %s', etag => {
    expect(completingRequest(request(), lacking({}, part(0, 4, {fields: {etag}})))).toBeUndefined();
  });
});

describe('completedBy', () => {
  test.each([
    {name: 'what was missing', received: part(5, 9), piece: '5-9 0+5'},
    {name: 'more than was missing', received: part(3, 9), piece: '3-9 2+5'},
  ])('$name completes the answer', ({received, piece}) => {
    const answer = completedBy(lacking(), received);
    expect(answer).toMatchObject({type: 'answer', stored: received, as: 'whole'});
    expect(named(answer?.pieces)).toEqual(['0-4 0+5', piece]);
  });

  test.each([
    {name: 'less than was missing', received: part(6, 9)},
    {name: 'a part that ends early', received: part(5, 8)},
    {name: 'another representation', received: part(5, 9, {fields: {etag: '"b"'}})},
    {name: 'a whole one', received: whole},
  ])('$name does not', ({received}) => {
    expect(completedBy(lacking(), received)).toBeUndefined();
  });
});

describe('partHead', () => {
  const known = part(0, 4, {fields: {'content-type': 'text/plain', 'last-modified': dateAt(-9), foo: '1'}});
  const sent = {etag: '"a"', 'content-range': 'bytes 5-9/10', 'content-length': '5', foo: '2'};

  test('has the fields that only another part of the representation told', () => {
    const {fields} = partHead(response({status: 206, fields: sent}), [known]);
    const all = {...sent, 'content-type': 'text/plain', 'last-modified': dateAt(-9)};
    expect(Object.fromEntries(fields)).toMatchObject(all);
  });

  const own = 'cache-control expires pragma vary cache-groups set-cookie clear-site-data cache-status';
  const ofContent = 'content-location content-digest content-md5';

  test.each(`${own} ${ofContent}`.split(' '))('has no %s but its own (RFC 9110 §15.3.7)', name => {
    const {fields} = partHead(response({status: 206, fields: sent}), [part(0, 4, {fields: {[name]: '"x"', bar: '3'}})]);
    expect([fields.get(name), fields.get('bar')]).toEqual([undefined, '3']);
  });

  test('keeps a content type of its own', () => {
    const {fields} = partHead(response({status: 206, fields: {...sent, 'content-type': 'text/html'}}), [known]);
    expect(fields.lines('content-type')).toEqual(['text/html']);
  });

  test('without a length of its own has none', () => {
    const {'content-length': _, ...rest} = sent;
    const base = part(0, 4, {fields: {'content-length': '5'}});
    expect(partHead(response({status: 206, fields: rest}), [base]).fields.has('content-length')).toBe(false);
  });

  test.each([
    {name: 'an error', base: stored({status: 404, fields: {...tagged, foo: '3'}})},
    {name: 'what was decoded', base: stored({fields: {...tagged, foo: '3'}, size: 10, decoded: true})},
    {name: 'something of another length', base: stored({fields: {...tagged, foo: '3'}, size: 11})},
  ])('takes nothing from $name, whatever its tag', ({base}) => {
    const head = response({status: 206, fields: sent});
    expect(partHead(head, [base])).toBe(head);
  });

  test.each(['"b"', 'W/"a"', undefined])('takes nothing for the tag %s', etag => {
    const {etag: _, ...rest} = sent;
    const head = response({status: 206, fields: etag === undefined ? rest : {...rest, etag}});
    expect(partHead(head, [known])).toBe(head);
  });
});

describe('isOfAnother', () => {
  const modified = {'last-modified': dateAt(-9)};
  test.each([
    {name: 'another tag', kept: tagged, said: {etag: '"b"'}, expected: true},
    {name: 'the tag, weak', kept: tagged, said: {etag: 'W/"a"'}, expected: false},
    {
      name: 'the tag and another date',
      kept: {...tagged, ...modified},
      said: {etag: '"a"', 'last-modified': dateAt(-8)},
      expected: false,
    },
    {name: 'another date', kept: modified, said: {'last-modified': dateAt(-8)}, expected: true},
    {name: 'the date', kept: modified, said: modified, expected: false},
    {name: 'a date where there was a tag', kept: tagged, said: modified, expected: false},
    {name: 'nothing', kept: tagged, said: {}, expected: false},
  ])('$name: $expected', ({kept, said, expected}) => {
    expect(isOfAnother(stored({fields: kept}), response({fields: said}))).toBe(expected);
  });

  test('an error is of no representation, before or after', () => {
    expect(isOfAnother(stored({status: 404, fields: tagged}), response({status: 206, fields: tagged}))).toBe(true);
    expect(isOfAnother(part(0, 4), response({status: 404, fields: tagged}))).toBe(true);
    expect(isOfAnother(part(0, 4), response({fields: tagged}))).toBe(false);
  });
});
