import {expect} from 'vitest';
import {everywhere, story} from './driver.ts';
import type {Reply} from './scripted-origin.ts';

const all = '0123456789';
const fresh = {'cache-control': 'max-age=60', etag: '"a"'};

const range = (value: string, url = '/a') => ({url, fields: {range: value}});

/** A 206 with these bytes of a representation of ten, or of another one. */
const part = (first: number, last: number, fields: Record<string, string> = fresh, body = all): Reply => ({
  status: 206,
  statusText: 'Partial Content',
  fields: {
    ...fields,
    'content-range': `bytes ${first}-${last}/${body.length}`,
    'content-length': `${last - first + 1}`,
  },
  body: body.slice(first, last + 1),
});

const whole = {fields: {...fresh, 'content-length': '10'}, body: all} as const satisfies Reply;

story('a range', [
  ...[
    {asked: 'bytes=0-1', body: '01', said: 'bytes 0-1/10'},
    {asked: 'bytes=4-', body: '456789', said: 'bytes 4-9/10'},
    {asked: 'bytes=-3', body: '789', said: 'bytes 7-9/10'},
    {asked: 'bytes=-30', body: all, said: 'bytes 0-9/10'},
    {asked: 'bytes=8-30', body: '89', said: 'bytes 8-9/10'},
    {asked: 'bytes=0-', body: all, said: 'bytes 0-9/10'},
  ].map(({asked, body, said}) => ({
    name: `${asked} is answered from what is stored whole`,
    steps: [
      {ask: '/a', origin: whole},
      {after: 7},
      {
        ask: range(asked),
        expect: {
          status: 206,
          statusText: 'Partial Content',
          body,
          age: 7,
          was: 'hit; ttl=53',
          fields: {'content-range': said, 'content-length': `${body.length}`, etag: '"a"'},
        },
      },
      {ask: '/a', expect: {status: 200, body: all, fields: {'content-range': undefined}}},
    ],
  })),
  ...['bytes=10-', 'bytes=10-20', 'bytes=-0'].map(asked => ({
    name: `${asked} past the end is a 416 of our own`,
    steps: [
      {ask: '/a', origin: whole},
      {
        ask: range(asked),
        expect: {
          status: 416,
          body: '',
          was: 'hit; ttl=60',
          fields: {'content-range': 'bytes */10', etag: undefined, 'content-length': undefined},
        },
      },
    ],
  })),
  {
    name: 'of what is stored compressed is asked of the origin',
    steps: [
      {
        ask: '/a',
        origin: {fields: {...fresh, 'content-encoding': 'gzip'}, body: all},
      },
      {
        ask: range('bytes=0-1'),
        origin: part(0, 1, {...fresh, etag: '"b"'}),
        expect: {body: '01', was: 'fwd=uri-miss; stored; detail=encoded'},
      },
    ],
    over: 'handle' as const,
  },
  {
    name: 'of an answer that is no 200 is the whole answer',
    steps: [
      {ask: '/a', origin: {status: 404, fields: {'cache-control': 'max-age=60'}, body: 'no'}},
      {ask: range('bytes=0-0'), expect: {status: 404, body: 'no'}},
    ],
  },
  {
    name: 'of an answer without a byte is the whole answer',
    steps: [
      {ask: '/a', origin: {fields: fresh, body: ''}},
      {ask: range('bytes=0-0'), expect: {status: 200, body: ''}},
    ],
  },
  {
    name: 'means nothing to HEAD',
    steps: [
      {ask: '/a', origin: whole},
      {ask: {method: 'HEAD', ...range('bytes=0-1')}, expect: {status: 200, fields: {'content-length': '10'}}},
    ],
  },
  ...['bytes=0-1,4-5', 'lines=1-2', 'bytes=x'].map(asked => ({
    name: `${asked} is passed on, and its answer is the caller's`,
    steps: [
      {ask: '/a', origin: whole},
      {
        ask: range(asked),
        origin: {status: 206, fields: {...fresh, 'content-type': 'multipart/byteranges; boundary=x'}, body: '--x'},
        expect: {status: 206, body: '--x', was: 'fwd=bypass; detail=range', sent: {range: asked}},
      },
      {ask: '/a', expect: {body: all}},
    ],
  })),
  {
    name: 'does not end a clear through: what completes it is asked end to end, and so is what comes after',
    steps: [
      {clear: '/a', through: true},
      {ask: range('bytes=0-3'), origin: part(0, 3)},
      {
        ask: '/a',
        origin: [part(4, 9, {...fresh, etag: '"b"'}), {status: 503, fields: {}}],
        expect: {sent: {range: undefined, 'cache-control': 'no-cache'}},
      },
      {
        ask: '/a',
        origin: part(4, 9),
        expect: {body: all, sent: {range: 'bytes=4-', 'cache-control': 'no-cache'}},
      },
      {after: 61},
      {ask: '/a', origin: {}, expect: {sent: {'cache-control': 'no-cache'}}},
    ],
  },
]);

story('a range under a condition', [
  ...[
    {name: 'the entity tag', value: '"a"', status: 206, body: '01'},
    {name: 'another entity tag', value: '"b"', status: 200, body: all},
    {name: 'a weak entity tag', value: 'W/"a"', status: 200, body: all},
    {name: 'the date of modification', value: 'Thu, 01 Jan 2026 00:00:00 GMT', status: 206, body: '01'},
    {name: 'a later date', value: 'Thu, 01 Jan 2026 00:00:01 GMT', status: 200, body: all},
    {name: 'nonsense', value: 'x', status: 200, body: all},
  ].map(({name, value, status, body}) => ({
    name: `of If-Range with ${name} is answered with a ${status}`,
    steps: [
      {
        ask: '/a',
        origin: {...whole, fields: {...whole.fields, 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT'}},
      },
      {ask: {url: '/a', fields: {range: 'bytes=0-1', 'if-range': value}}, expect: {status, body}},
    ],
  })),
  {
    name: 'of If-None-Match is a 304 when that matches, else the range',
    steps: [
      {ask: '/a', origin: whole},
      {ask: {url: '/a', fields: {range: 'bytes=0-1', 'if-none-match': '"a"'}}, expect: {status: 304, body: ''}},
      {ask: {url: '/a', fields: {range: 'bytes=0-1', 'if-none-match': '"b"'}}, expect: {status: 206, body: '01'}},
    ],
  },
  {
    name: 'is sent as it is when a stored part does not meet it',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {
        ask: {url: '/a', fields: {range: 'bytes=0-1', 'if-range': '"b"'}},
        origin: {...whole, fields: {...fresh, etag: '"c"'}},
        expect: {status: 200, was: 'fwd=partial; stored', sent: {'if-range': '"b"', range: 'bytes=0-1'}},
      },
    ],
  },
]);

story('a stale response and a range', [
  {
    name: 'is validated with the range, and a 304 is enough',
    steps: [
      {ask: '/a', origin: whole},
      {after: 61},
      {
        ask: range('bytes=0-1'),
        origin: {status: 304, fields: fresh},
        expect: {status: 206, body: '01', sent: {'if-none-match': '"a"', range: 'bytes=0-1'}},
      },
      {ask: '/a', expect: {body: all}},
    ],
  },
  {
    name: 'and a part of another representation shows that it is outdated',
    steps: [
      {ask: '/a', origin: whole},
      {after: 61},
      {
        ask: range('bytes=0-1'),
        origin: part(0, 1, {...fresh, etag: '"b"'}, 'abcdefghij'),
        expect: {status: 206, body: 'ab'},
      },
      {
        ask: '/a',
        origin: {fields: {...fresh, etag: '"b"'}, body: 'abcdefghij'},
        expect: {status: 200, body: 'abcdefghij'},
      },
    ],
  },
  {
    name: 'answers in place of an error, as far as it may',
    steps: [
      {ask: '/a', origin: {...whole, fields: {...fresh, 'cache-control': 'max-age=60, stale-if-error=60'}}},
      {after: 61},
      {ask: range('bytes=8-'), origin: {status: 503}, expect: {status: 206, body: '89'}},
    ],
  },
  {
    name: 'is fetched whole behind the answer',
    steps: [
      {ask: '/a', origin: {...whole, fields: {...fresh, 'cache-control': 'max-age=60, stale-while-revalidate=60'}}},
      {after: 61},
      {
        ask: range('bytes=0-1'),
        later: {fields: {...fresh, etag: '"b"'}, body: 'abcdefghij'},
        expect: {status: 206, body: '01', sent: {range: undefined, 'if-none-match': '"a"'}},
      },
      {ask: '/a', expect: {body: 'abcdefghij'}},
    ],
  },
]);

story('a part', [
  {
    name: 'is stored by itself, and answers what lies in it',
    steps: [
      {ask: range('bytes=2-6'), origin: part(2, 6), expect: {status: 206, body: '23456', was: 'fwd=uri-miss; stored'}},
      {after: 5},
      {ask: range('bytes=2-6'), expect: {status: 206, body: '23456', age: 5, was: 'hit; ttl=55'}},
      {ask: range('bytes=3-4'), expect: {status: 206, body: '34', fields: {'content-range': 'bytes 3-4/10'}}},
      {ask: range('bytes=10-'), expect: {status: 416}},
    ],
  },
  {
    name: 'never answers for the whole',
    steps: [
      {ask: range('bytes=2-6'), origin: part(2, 6)},
      {
        ask: '/a',
        origin: whole,
        expect: {status: 200, body: all, was: 'fwd=partial; stored', sent: {range: undefined}},
      },
      {ask: '/a', expect: {status: 200, body: all}},
    ],
  },
  {
    name: 'answers HEAD only when nothing is missing',
    steps: [
      {ask: range('bytes=0-6'), origin: part(0, 6)},
      {
        ask: {url: '/a', method: 'HEAD'},
        origin: {...whole, body: null},
        expect: {status: 200, was: 'fwd=partial; stored'},
      },
    ],
  },
  {
    name: 'of the first half is completed by asking for the second alone',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4, {...fresh, 'content-type': 'text/plain'})},
      {
        ask: '/a',
        origin: part(5, 9),
        expect: {
          status: 200,
          statusText: 'OK',
          body: all,
          was: 'fwd=partial; fwd-status=206; stored',
          sent: {range: 'bytes=5-', 'if-range': '"a"'},
          fields: {'content-range': undefined, 'content-length': '10', 'content-type': 'text/plain'},
        },
      },
      {ask: '/a', expect: {status: 200, body: all, was: 'hit; ttl=60', fields: {'content-type': 'text/plain'}}},
      {ask: range('bytes=3-6'), expect: {status: 206, body: '3456'}},
    ],
  },
  {
    name: 'of the second half is completed by asking for the first alone',
    steps: [
      {ask: range('bytes=-5'), origin: part(5, 9)},
      {ask: '/a', origin: part(0, 4), expect: {status: 200, body: all, sent: {range: 'bytes=0-4', 'if-range': '"a"'}}},
    ],
  },
  {
    name: 'on either side is completed by asking for what lies between',
    steps: [
      {ask: range('bytes=0-2'), origin: part(0, 2)},
      {ask: range('bytes=7-9'), origin: part(7, 9)},
      {ask: '/a', origin: part(3, 6), expect: {status: 200, body: all, sent: {range: 'bytes=3-6'}}},
      {ask: '/a', expect: {body: all}},
    ],
  },
  {
    name: 'in the middle is not: two ranges would be missing',
    steps: [
      {ask: range('bytes=3-6'), origin: part(3, 6)},
      {ask: '/a', origin: whole, expect: {body: all, was: 'fwd=partial; stored', sent: {range: undefined}}},
    ],
  },
  {
    name: 'spares a range its beginning',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {
        ask: range('bytes=2-7'),
        origin: part(5, 7),
        expect: {status: 206, body: '234567', sent: {range: 'bytes=5-7'}, fields: {'content-range': 'bytes 2-7/10'}},
      },
      {ask: range('bytes=0-7'), expect: {status: 206, body: '01234567'}},
    ],
  },
  {
    name: 'may be stale when it is completed: the answer to If-Range validates it',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {after: 100},
      {ask: '/a', origin: part(5, 9), expect: {status: 200, body: all}},
      {after: 30},
      {ask: '/a', expect: {status: 200, body: all, age: 30}},
    ],
  },
  {
    name: 'that an answer to If-Range replaces whole is done with',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {
        ask: '/a',
        origin: {fields: {...fresh, etag: '"b"'}, body: 'abcdefghij'},
        expect: {status: 200, body: 'abcdefghij'},
      },
      {ask: range('bytes=0-4'), expect: {status: 206, body: 'abcde'}},
    ],
  },
  ...[
    {name: 'of another representation', reply: part(5, 9, {...fresh, etag: '"b"'})},
    {name: 'that is another one', reply: part(6, 9)},
    {name: 'without an entity tag', reply: part(5, 9, {'cache-control': 'max-age=60'})},
    {name: 'of another length', reply: part(5, 9, fresh, `${all}x`)},
    {name: 'that is none', reply: {status: 416, fields: {'content-range': 'bytes */3'}} satisfies Reply},
  ].map(({name, reply}) => ({
    name: `is not completed by a part ${name}: the whole is asked for`,
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {
        ask: '/a',
        origin: [reply, {fields: {...fresh, etag: '"c"'}, body: 'abcdefghij'}],
        expect: {
          status: 200,
          body: 'abcdefghij',
          was: 'fwd=partial; stored; detail=not-combined',
          sent: {range: undefined, 'if-range': undefined},
        },
      },
    ],
  })),
  ...[
    {name: 'with a weak entity tag', fields: {...fresh, etag: 'W/"a"'}},
    {
      name: 'with a date alone',
      fields: {'cache-control': 'max-age=60', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT'},
    },
  ].map(({name, fields}) => ({
    name: `${name} is never put together with another`,
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4, fields)},
      {ask: range('bytes=5-9'), origin: part(5, 9, fields)},
      {ask: range('bytes=5-9'), expect: {status: 206, body: '56789'}},
      {ask: '/a', origin: {fields, body: all}, expect: {status: 200, sent: {range: undefined}}},
    ],
  })),
  {
    name: 'and another one answer for the whole together',
    steps: [
      {ask: range('bytes=0-5'), origin: part(0, 5)},
      {ask: range('bytes=4-9'), origin: part(4, 9), expect: {body: '456789'}},
      {ask: '/a', expect: {status: 200, body: all, was: 'hit; ttl=60'}},
      {ask: {url: '/a', method: 'HEAD'}, expect: {status: 200, fields: {'content-length': '10'}}},
      {after: 61},
      {
        ask: '/a',
        origin: {status: 304, fields: fresh},
        expect: {status: 200, body: all, sent: {'if-none-match': '"a"'}},
      },
      {ask: '/a', expect: {status: 200, body: all}},
    ],
  },
  {
    name: 'of unknown whole answers what lies in it, and nothing open',
    steps: [
      {
        ask: range('bytes=0-4'),
        origin: {status: 206, fields: {...fresh, 'content-range': 'bytes 0-4/*'}, body: '01234'},
      },
      {ask: range('bytes=1-2'), expect: {status: 206, body: '12', fields: {'content-range': 'bytes 1-2/*'}}},
      {ask: range('bytes=3-'), origin: part(3, 9), expect: {body: '3456789', sent: {range: 'bytes=3-'}}},
    ],
  },
  {
    name: 'is cleared with its resource',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {clear: '/a'},
      {ask: range('bytes=0-4'), origin: part(0, 4), expect: {was: 'fwd=uri-miss; stored'}},
      {ask: {url: '/a', method: 'POST'}, origin: {}},
      {ask: '/a', origin: whole, expect: {was: 'fwd=uri-miss; stored'}},
    ],
  },
  {
    name: 'that has been expired counts again once the origin has vouched for it',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {expire: '/a'},
      {ask: range('bytes=0-4'), origin: {status: 304, fields: fresh}, expect: {status: 206, body: '01234'}},
      {expire: '/a'},
      {ask: '/a', origin: part(5, 9), expect: {status: 200, body: all}},
      {ask: '/a', expect: {status: 200, body: all}},
    ],
  },
  {
    name: 'is completed only for those whose it is',
    steps: [
      {ask: {url: '/a', fields: {range: 'bytes=0-4', authorization: 'me'}}, origin: part(0, 4)},
      {ask: '/a', origin: whole, expect: {was: 'fwd=uri-miss; stored', sent: {range: undefined}}},
    ],
  },
  {
    name: "takes no field from anybody else's part when it is completed",
    steps: [
      {
        ask: {url: '/a', fields: {range: 'bytes=0-4', authorization: 'you'}},
        origin: part(0, 4, {...fresh, 'x-user': 'you'}),
      },
      {ask: {url: '/a', fields: {range: 'bytes=0-4', authorization: 'me'}}, origin: part(0, 4)},
      {
        ask: {url: '/a', fields: {authorization: 'me'}},
        origin: part(5, 9),
        expect: {status: 200, body: all, fields: {'x-user': undefined}},
      },
      {ask: {url: '/a', fields: {authorization: 'me'}}, expect: {body: all, fields: {'x-user': undefined}}},
    ],
  },
  {
    name: "that anybody may have takes no field from one that is somebody's",
    steps: [
      {
        ask: {url: '/a', fields: {range: 'bytes=0-4', authorization: 'you'}},
        origin: part(0, 4, {...fresh, 'x-user': 'you'}),
      },
      {
        ask: {url: '/a', fields: {range: 'bytes=5-9', authorization: 'you'}},
        origin: part(5, 9, {...fresh, 'cache-control': 'public, max-age=60'}),
      },
      {
        ask: {url: '/a', fields: {range: 'bytes=5-9', authorization: 'me'}},
        expect: {body: '56789', was: 'hit; ttl=60', fields: {'x-user': undefined}},
      },
    ],
  },
  {
    name: 'is judged by itself, not by what its siblings said',
    options: {kind: 'shared', targetedFields: ['cdn-cache-control']},
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4, {etag: '"a"', 'cdn-cache-control': 'max-age=60'})},
      {
        ask: range('bytes=5-9'),
        origin: part(5, 9, {etag: '"a"', 'cache-control': 'no-store'}),
        expect: {was: 'fwd=partial; detail=no-store'},
      },
    ],
  },
  {
    name: 'says itself whose it is',
    steps: [
      {
        ask: {url: '/a', fields: {range: 'bytes=0-4', authorization: 'alice'}},
        origin: part(0, 4, {...fresh, 'cache-control': 'public, max-age=60'}),
      },
      {
        ask: {url: '/a', fields: {range: 'bytes=5-9', authorization: 'bob'}},
        origin: part(5, 9, {etag: '"a"', expires: 'Fri, 01 Jan 2100 00:00:00 GMT'}),
      },
      {
        ask: {url: '/a', fields: {range: 'bytes=5-9', authorization: 'carol'}},
        origin: part(5, 9),
        expect: {was: 'fwd=partial; stored'},
      },
    ],
  },
  {
    name: 'that came compressed is not stored, whatever its tag',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {
        ask: range('bytes=5-9'),
        origin: part(5, 9, {...fresh, 'content-encoding': 'gzip'}),
        expect: {was: 'fwd=partial; detail=status-partial'},
      },
    ],
    over: 'handle',
  },
  {
    name: 'need not repeat how long the whole is',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {
        ask: '/a',
        origin: {status: 206, fields: {...fresh, 'content-range': 'bytes 5-9/*'}, body: '56789'},
        expect: {status: 200, body: all, fields: {'content-length': '10'}},
      },
    ],
  },
  {
    name: 'that must always be validated is so as a piece, too',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4, {...fresh, 'cache-control': 'no-cache'})},
      {after: 1},
      {ask: range('bytes=5-9'), origin: part(5, 9)},
      {ask: range('bytes=0-4'), origin: {status: 304, fields: fresh}, expect: {status: 206, body: '01234'}},
    ],
  },
  {
    name: 'is outdated by a whole one that may not be stored, as are its siblings',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {ask: range('bytes=7-9'), origin: part(7, 9)},
      {after: 1},
      {
        ask: {url: '/a', fields: {'cache-control': 'no-cache'}},
        origin: {fields: {etag: '"b"', 'cache-control': 'no-store'}, body: 'abcdefghij'},
      },
      ...['bytes=0-4', 'bytes=7-9'].map(asked => ({
        ask: range(asked),
        origin: {fields: {etag: '"b"', 'cache-control': 'no-store'}, body: 'abcdefghij'},
        expect: {status: 200, sent: {'if-none-match': '"a"'}},
      })),
    ],
  },
  {
    name: 'has no digest of other content',
    steps: [
      {ask: '/a', origin: {...whole, fields: {...whole.fields, 'content-digest': 'sha-256=:x:', 'repr-digest': 'y'}}},
      {
        ask: range('bytes=0-1'),
        expect: {status: 206, fields: {'content-digest': undefined, 'repr-digest': 'y'}},
      },
      {ask: '/a', expect: {fields: {'content-digest': 'sha-256=:x:'}}},
    ],
  },
  {
    name: 'that is all a run of holes leaves is completed by one range over them',
    steps: [
      {ask: range('bytes=0-1'), origin: part(0, 1)},
      {ask: range('bytes=4-5'), origin: part(4, 5)},
      {ask: range('bytes=8-9'), origin: part(8, 9)},
      {ask: '/a', origin: part(2, 7), expect: {status: 200, body: all, sent: {range: 'bytes=2-7', 'if-range': '"a"'}}},
      {ask: '/a', expect: {status: 200, body: all}},
    ],
  },
  {
    name: 'that answers a request without a range is not shared with those who joined it',
    steps: [
      {
        run: async ({cache, origin, ask}) => {
          origin.script([
            {status: 206, fields: {...fresh, 'content-range': 'bytes 0-9/10'}, body: '01234'},
            {fields: fresh, body: all},
          ]);
          const answers = await Promise.all([ask('/a'), ask('/a')]);
          expect(answers.map(({status, body}) => [status, body])).toEqual([
            [206, '01234'],
            [200, all],
          ]);
          await cache.idle();
        },
      },
    ],
    over: 'handle',
  },
  {
    name: 'of what says no-store is passed on, also when it completes another',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {
        ask: '/a',
        origin: part(5, 9, {...fresh, 'cache-control': 'no-store'}),
        expect: {status: 200, body: all, was: 'fwd=partial; fwd-status=206'},
      },
      {ask: range('bytes=5-9'), origin: part(5, 9), expect: {body: '56789'}},
    ],
  },
  {
    name: 'is not completed for a reload, nor for a caller with a condition',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {
        ask: {url: '/a', fields: {'if-none-match': '"x"'}},
        origin: {...whole, fields: {...fresh, 'cache-control': 'no-store'}},
        expect: {sent: {range: undefined}},
      },
      {ask: {url: '/a', mode: 'reload'}, origin: whole, expect: {sent: {range: undefined, 'if-range': undefined}}},
    ],
  },
  {
    name: 'is not completed for a request that refuses the network',
    steps: [
      {ask: range('bytes=0-4'), origin: part(0, 4)},
      {ask: {url: '/a', fields: {'cache-control': 'only-if-cached'}}, expect: {status: 504}},
    ],
  },
  {
    name: 'behind a 416 of the origin is not stored for anybody',
    steps: [
      {
        ask: range('bytes=20-'),
        origin: {status: 416, fields: {'cache-control': 'max-age=60', 'content-range': 'bytes */10'}},
        expect: {status: 416, was: 'fwd=uri-miss; detail=status-partial'},
      },
      {ask: '/a', origin: whole, expect: {status: 200}},
    ],
  },
]);

everywhere('a caller that leaves when only the stored rest of a body is left has it fail', async open => {
  const {origin, send, ask} = await open();
  origin.script([part(5, 9), part(0, 4)]);
  await ask(range('bytes=5-9'));
  const leaving = new AbortController();
  const answer = await send({url: '/a', signal: leaving.signal});
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('01234');
  leaving.abort(new Error('mine'));
  await expect(reader.read()).rejects.toThrow('mine');
});
