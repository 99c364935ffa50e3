/** @see RFC 9110 §5.3, §5.5 */
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parseAge} from './age.ts';
import {parseRequestDirectives, parseResponseDirectives} from './cache-control.ts';
import {parseCacheGroups} from './cache-groups.ts';
import {parseCacheStatus} from './cache-status.ts';
import {clearsCache} from './clear-site-data.ts';
import {parseContentLength} from './content-length.ts';
import {parseContentRange} from './content-range.ts';
import {parseDeltaSeconds} from './delta-seconds.ts';
import {parseEntityTag, parseEntityTags} from './entity-tag.ts';
import {parseExpires} from './expires.ts';
import {Fields} from './fields.ts';
import {parseHttpDate} from './http-date.ts';
import {parseList, unquote} from './list.ts';
import {hasPragmaNoCache} from './pragma.ts';
import {parseRange} from './range.ts';
import {parseVary} from './vary.ts';

const now = Date.UTC(2026, 0, 1);

type Reader = readonly [name: string, read: (fields: Fields) => unknown, absent: unknown];

/** Every reader of a field, and what it says where there is none. */
const readers: readonly Reader[] = [
  ['age', parseAge, undefined],
  ['content-length', parseContentLength, undefined],
  ['expires', fields => parseExpires(fields, now), undefined],
  ['vary', parseVary, []],
  ['cache-groups', fields => parseCacheGroups(fields, 'cache-groups'), []],
  ['cache-group-invalidation', fields => parseCacheGroups(fields, 'cache-group-invalidation'), []],
  ['pragma', hasPragmaNoCache, false],
  ['clear-site-data', clearsCache, false],
];

type TextReader = readonly [name: string, read: (text: string) => unknown];

const textReaders: readonly TextReader[] = [
  ['a Cache-Control of a request', text => parseRequestDirectives(Fields.from({'cache-control': text}))],
  ['a Cache-Control of a response', text => parseResponseDirectives(Fields.from({'cache-control': text}))],
  ...readers.map(([name, read]): TextReader => [name, text => read(Fields.from({[name]: text}))]),
  ['a Cache-Status', parseCacheStatus],
  ['a Content-Range', parseContentRange],
  ['a Range', parseRange],
  ['a date', text => parseHttpDate(text, now)],
  ['a number of seconds', parseDeltaSeconds],
  ['an entity tag', parseEntityTag],
  ['a list of entity tags', parseEntityTags],
  ['a list', parseList],
  ['a quoted string', unquote],
];

/** Pieces of what the fields are made of, and of what they are not. */
const marks = Array.from('"\\,;=-/*:()?@% \t\n\0\u00e4').concat('\ud800');
const words = ['0', '9', 'a', 'W/', 'max-age', 'no-cache', 'limpid', 'bytes', 'GMT', 'Sun', '__proto__', 'constructor'];
const hostile = fc.string({unit: fc.constantFrom(...marks, ...words), maxLength: 40});

describe('every field', () => {
  test.each(readers)('%s that is absent is not there, whatever else is', (name, read, absent) => {
    const others = fc.array(fc.tuple(fc.stringMatching(/^x-[a-z]{1,4}$/), hostile));
    fc.assert(
      fc.property(others, lines => {
        expect(read(Fields.from(lines))).toEqual(absent);
        expect(read(Fields.from([...lines, [`x-${name}`, '1']]))).toEqual(absent);
      }),
    );
  });

  test.each(textReaders)('%s of any text is read without a throw, and alike each time', (_, read) => {
    fc.assert(
      fc.property(hostile, text => {
        expect(read(text)).toEqual(read(text));
      }),
    );
  });
});
