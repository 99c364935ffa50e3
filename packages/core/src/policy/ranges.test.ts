import {describe, expect, test} from 'vitest';
import {dateAt, type Row, request, requestHead, response, stored} from '../../test/builders.ts';
import {isAsSent, isRangePassedOn, lengthOf, type Rendering, receivedRange, renderingOf} from './ranges.ts';

type Fields = Readonly<Record<string, string>>;

describe('receivedRange', () => {
  const part = {'content-range': 'bytes 0-4/10'};
  const rows: readonly Row<Parameters<typeof response>[0], unknown>[] = [
    {
      name: 'of a 206 is what Content-Range says',
      rfc: 'RFC 9110 §15.3.7.1',
      level: 'MUST',
      given: {status: 206, fields: part},
      expect: {first: 0, last: 4, complete: 10},
    },
    {name: 'of a 200 is none', rfc: 'RFC 9110 §14.4', level: 'MUST', given: {fields: part}, expect: undefined},
    {
      name: 'of several ranges is none',
      rfc: 'RFC 9110 §15.3.7.2',
      level: 'CHOICE',
      given: {status: 206, fields: {'content-type': 'multipart/byteranges; boundary=x'}},
      expect: undefined,
    },
    {
      name: 'of lines is none',
      rfc: 'RFC 9110 §14.4',
      level: 'MUST',
      given: {status: 206, fields: {'content-range': 'lines 0-4/10'}},
      expect: undefined,
    },
    {
      name: 'of compressed content is none: its bytes are not those that come',
      rfc: 'RFC 9110 §14.1.2',
      level: 'MUST',
      given: {status: 206, fields: {...part, 'content-encoding': 'gzip'}},
      expect: undefined,
    },
    {
      name: 'of content a client has decoded is none',
      rfc: 'RFC 9110 §14.1.2',
      level: 'MUST',
      given: {status: 206, fields: part, decoded: true},
      expect: undefined,
    },
  ];

  test.each(rows)('$name (RFC 9111 $rfc, $level)', ({given, expect: expected}) => {
    expect(receivedRange(response(given))).toEqual(expected);
  });
});

test('a range has both its ends', () => {
  expect(lengthOf({first: 3, last: 3})).toBe(1);
});

test('content is as sent unless it was decoded', () => {
  const heads = [response(), response({fields: {'content-encoding': 'br'}}), response({decoded: true})];
  expect(heads.map(isAsSent)).toEqual([true, false, false]);
});

describe('isRangePassedOn', () => {
  test.each([
    ['GET', undefined, false],
    ['GET', 'bytes=0-4', false],
    ['GET', 'bytes=0-4,6-7', true],
    ['GET', 'pages=1-2', true],
    ['GET', 'x', true],
    ['HEAD', 'bytes=0-4,6-7', false],
    ['QUERY', 'bytes=0-4', true],
    ['POST', 'bytes=0-4', true],
  ])('%s with Range: %s: %s', (method, range, expected) => {
    expect(isRangePassedOn(requestHead({method, fields: range === undefined ? {} : {range}}))).toBe(expected);
  });
});

describe('renderingOf', () => {
  const tagged = {etag: '"a"', 'cache-control': 'max-age=60'};
  const ten = {fields: tagged, size: 10};
  const part = {status: 206, fields: {...tagged, 'content-range': 'bytes 2-5/10'}, size: 4};
  const open = {status: 206, fields: {...tagged, 'content-range': 'bytes 2-5/*'}, size: 4};
  const dated = (modified: number): Parameters<typeof stored>[0] => ({
    ...ten,
    fields: {'last-modified': dateAt(modified), date: dateAt(0)},
  });
  const bytes = (first: number, last: number) => ({first, last, complete: 10});
  type Given = readonly [asked: Fields, kept: Parameters<typeof stored>[0], method?: string];
  const rows: readonly (readonly [string, string, Given, Rendering | undefined])[] = [
    ['nothing asked is the whole', 'RFC 9110 §14.2', [{}, ten], 'whole'],
    ['nothing asked of a part is the whole, too', '3.3', [{}, part], 'whole'],
    ['a range is that range', 'RFC 9110 §14.2', [{range: 'bytes=0-4'}, ten], bytes(0, 4)],
    ['a range that goes on is cut off', 'RFC 9110 §14.1.2', [{range: 'bytes=8-99'}, ten], bytes(8, 9)],
    ['an open range ends with the whole', 'RFC 9110 §14.1.2', [{range: 'bytes=8-'}, ten], bytes(8, 9)],
    ['a suffix is the end', 'RFC 9110 §14.1.2', [{range: 'bytes=-2'}, ten], bytes(8, 9)],
    ['a long suffix is everything', 'RFC 9110 §14.1.2', [{range: 'bytes=-99'}, ten], bytes(0, 9)],
    ['no bytes at the end cannot be', 'RFC 9110 §15.5.17', [{range: 'bytes=-0'}, ten], 'not-satisfiable'],
    ['the last byte is there', 'RFC 9110 §15.5.17', [{range: 'bytes=9-'}, ten], bytes(9, 9)],
    ['what follows it is not', 'RFC 9110 §15.5.17', [{range: 'bytes=10-'}, ten], 'not-satisfiable'],
    ['what follows a part of known whole is not', 'RFC 9110 §15.5.17', [{range: 'bytes=10-'}, part], 'not-satisfiable'],
    [
      'a range of a part of unknown whole is that',
      '3.3',
      [{range: 'bytes=3-4'}, open],
      {first: 3, last: 4, complete: undefined},
    ],
    ['an open one cannot be told', '3.3', [{range: 'bytes=3-'}, open], undefined],
    ['the end of it cannot be told', '3.3', [{range: 'bytes=-3'}, open], undefined],
    [
      'a range of decoded content cannot be told',
      'RFC 9110 §14.1.2',
      [{range: 'bytes=0-4'}, {...ten, decoded: true}],
      undefined,
    ],
    ['a range of nothing is the whole of it', 'RFC 9110 §14.2', [{range: 'bytes=0-4'}, {...ten, size: 0}], 'whole'],
    ['a range of a 404 is the whole of it', 'RFC 9110 §14.2', [{range: 'bytes=0-4'}, {...ten, status: 404}], 'whole'],
    ['a range by HEAD is none', 'RFC 9110 §14.2', [{range: 'bytes=0-4'}, ten, 'HEAD'], 'whole'],
    ['If-Range alone means nothing', 'RFC 9110 §13.1.5', [{'if-range': '"b"'}, ten], 'whole'],
    [
      'If-Range that holds lets Range count',
      'RFC 9110 §13.1.5',
      [{range: 'bytes=0-4', 'if-range': '"a"'}, ten],
      bytes(0, 4),
    ],
    [
      'If-Range that does not hold does not',
      'RFC 9110 §13.1.5',
      [{range: 'bytes=0-4', 'if-range': '"b"'}, ten],
      'whole',
    ],
    [
      'If-Range never holds for a weak tag',
      'RFC 9110 §13.1.5',
      [{range: 'bytes=0-4', 'if-range': 'W/"a"'}, ten],
      'whole',
    ],
    [
      'If-Range with a tag does not hold without one',
      'RFC 9110 §13.1.5',
      [{range: 'bytes=0-4', 'if-range': '"a"'}, {size: 10}],
      'whole',
    ],
    [
      'If-Range holds for the very date',
      'RFC 9110 §13.1.5',
      [{range: 'bytes=0-4', 'if-range': dateAt(-1)}, dated(-1)],
      bytes(0, 4),
    ],
    [
      'but not while the second lasts',
      'RFC 9110 §8.8.2.2',
      [{range: 'bytes=0-4', 'if-range': dateAt(0)}, dated(0)],
      'whole',
    ],
    ['nor for a later date', 'RFC 9110 §13.1.5', [{range: 'bytes=0-4', 'if-range': dateAt(-1)}, dated(-2)], 'whole'],
    [
      'nor for a date when there is none',
      'RFC 9110 §13.1.5',
      [{range: 'bytes=0-4', 'if-range': dateAt(-1)}, ten],
      'whole',
    ],
    [
      'If-None-Match comes first',
      'RFC 9110 §13.2.2',
      [{range: 'bytes=0-4', 'if-none-match': '"a"'}, ten],
      'not-modified',
    ],
    ['and then Range counts', 'RFC 9110 §13.2.2', [{range: 'bytes=0-4', 'if-none-match': '"b"'}, ten], bytes(0, 4)],
    ['a part is enough for a 304', '4.3.2', [{'if-none-match': '"a"'}, part], 'not-modified'],
  ];

  test.each(rows)('%s (RFC 9111 %s)', (_, __, [fields, kept, method = 'GET'], expected) => {
    expect(renderingOf(request({method, fields}), stored(kept))).toEqual(expected);
  });
});
