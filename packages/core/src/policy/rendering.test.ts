import {describe, expect, test} from 'vitest';
import {dateAt, stored} from '../../test/builders.ts';
import type {Rendering} from './ranges.ts';
import {renderedHead} from './rendering.ts';

type Kept = Parameters<typeof stored>[0];
type Shown = {readonly status: number; readonly statusText: string; readonly fields: Readonly<Record<string, string>>};

const fields = {
  'cache-control': 'max-age=60',
  'content-length': '10',
  'content-location': '/b',
  'content-type': 'text/plain',
  date: dateAt(0),
  etag: '"a"',
  expires: dateAt(60),
  'last-modified': dateAt(-60),
  'set-cookie': 'a=1',
  vary: 'accept',
  foo: '1',
};
const {foo: _foo, 'content-type': _type, 'content-length': _length, ...ofNotModified} = fields;
const part = {...fields, 'content-length': '4', 'content-range': 'bytes 2-5/10'};
const range = {first: 2, last: 4, complete: 10};

describe('renderedHead', () => {
  const rows: readonly (readonly [string, string, Kept, Rendering, Shown])[] = [
    [
      'a whole one is as it was stored',
      '4',
      {status: 404, statusText: 'No', fields},
      'whole',
      {status: 404, statusText: 'No', fields},
    ],
    [
      'a part says which it is, and how long',
      'RFC 9110 §15.3.7',
      {fields},
      range,
      {
        status: 206,
        statusText: 'Partial Content',
        fields: {...fields, 'content-range': 'bytes 2-4/10', 'content-length': '3'},
      },
    ],
    [
      'a part of a part, too',
      'RFC 9110 §15.3.7',
      {status: 206, fields: part},
      range,
      {
        status: 206,
        statusText: 'Partial Content',
        fields: {...fields, 'content-range': 'bytes 2-4/10', 'content-length': '3'},
      },
    ],
    [
      'parts that are complete are a 200 without a range',
      'RFC 9110 §15.3.7.3',
      {status: 206, fields: part},
      'whole',
      {status: 200, statusText: 'OK', fields},
    ],
    [
      'a 304 tells what a cache needs to know, and not what describes a body',
      'RFC 9110 §15.4.5',
      {fields},
      'not-modified',
      {status: 304, statusText: 'Not Modified', fields: ofNotModified},
    ],
    [
      'a 416 tells the length',
      'RFC 9110 §15.5.17',
      {fields, size: 10},
      'not-satisfiable',
      {status: 416, statusText: 'Range Not Satisfiable', fields: {'content-range': 'bytes */10', date: dateAt(0)}},
    ],
    [
      'a 416 from a part tells the length of the whole',
      'RFC 9110 §15.5.17',
      {status: 206, fields: part, size: 4},
      'not-satisfiable',
      {status: 416, statusText: 'Range Not Satisfiable', fields: {'content-range': 'bytes */10', date: dateAt(0)}},
    ],
  ];

  test.each(rows)('%s (RFC 9111 %s)', (_, __, kept, as, expected) => {
    const one = stored(kept);
    const {status, statusText, fields: shown} = renderedHead(one, one.head.fields, as);
    expect({status, statusText, fields: Object.fromEntries(shown)}).toEqual(expected);
  });

  const digests = {'content-digest': 'sha-256=:x:', 'content-md5': 'x', 'repr-digest': 'y'};
  const digestsIn = (kept: Kept, as: Rendering): readonly string[] => {
    const one = stored(kept);
    return renderedHead(one, one.head.fields, as)
      .fields.names()
      .filter(name => name in digests);
  };

  test('what was said of one message’s content is not said of other content', () => {
    const [all, of] = [Object.keys(digests), {...part, ...digests}];
    expect(digestsIn({fields: {...fields, ...digests}}, 'whole')).toEqual(all);
    expect(digestsIn({fields: {...fields, ...digests}}, range)).toEqual(['repr-digest']);
    expect(digestsIn({status: 206, fields: of}, 'whole')).toEqual(['repr-digest']);
    expect(digestsIn({status: 206, fields: of}, {...range, last: 5})).toEqual(all);
    expect(digestsIn({status: 206, fields: of}, {...range, last: 4})).toEqual(['repr-digest']);
    expect(digestsIn({status: 206, fields: of}, {...range, first: 3, last: 5})).toEqual(['repr-digest']);
  });

  test('a 416 without a date has none', () => {
    const one = stored({fields: {etag: '"a"'}, size: 10});
    expect(renderedHead(one, one.head.fields, 'not-satisfiable').fields.names()).toEqual(['content-range']);
  });

  test('shows no other fields than its caller may see', () => {
    const one = stored({fields});
    const visible = one.head.fields.without(['set-cookie']);
    for (const as of ['whole', 'not-modified', 'not-satisfiable', range] as const)
      expect(renderedHead(one, visible, as).fields.has('set-cookie')).toBe(false);
  });
});
