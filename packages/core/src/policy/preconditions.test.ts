import {describe, expect, test} from 'vitest';
import {dateAt, request, requestHead, stored} from '../../test/builders.ts';
import {evaluate, hasOwnValidation, isConditional, mayBeNotModified} from './preconditions.ts';

const conditions = [
  {name: 'none', given: {}, expect: [false, false]},
  {name: 'If-None-Match', given: {'if-none-match': '"a"'}, expect: [true, true]},
  {name: 'If-Modified-Since', given: {'if-modified-since': dateAt(0)}, expect: [true, true]},
  {name: 'If-Match', given: {'if-match': '"a"'}, expect: [true, false]},
  {name: 'If-Unmodified-Since', given: {'if-unmodified-since': dateAt(0)}, expect: [true, false]},
  {name: 'If-Range', given: {'if-range': '"a"', range: 'bytes=0-1'}, expect: [true, false]},
  {name: 'If-None-Match with If-Match', given: {'if-none-match': '"a"', 'if-match': '"b"'}, expect: [true, false]},
  {name: 'If-None-Match with Range', given: {'if-none-match': '"a"', range: 'bytes=0-1'}, expect: [true, true]},
  {name: 'Range alone', given: {range: 'bytes=0-1'}, expect: [false, false]},
].map(row => ({...row, rfc: '4.3.2', level: 'MUST'}));

describe('isConditional and hasOwnValidation', () => {
  test.each(conditions)('$name', ({given, expect: expected}) => {
    const head = requestHead({fields: given});
    expect([isConditional(head), hasOwnValidation(head)]).toEqual(expected);
  });
});

const tagged = stored({fields: {etag: '"a"', 'last-modified': dateAt(-60)}});
const weak = stored({fields: {etag: 'W/"a"'}});
const datedOnly = stored({fields: {'last-modified': dateAt(-60)}});
const bare = stored({fields: {date: dateAt(-30)}});

const evaluations = [
  {
    name: 'an equal tag is not modified',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-none-match': '"a"'},
    stored: tagged,
    expect: 'not-modified',
  },
  {
    name: 'tags are compared weakly',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-none-match': '"a"'},
    stored: weak,
    expect: 'not-modified',
  },
  {
    name: 'one of several tags is enough',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-none-match': '"x", W/"a"'},
    stored: tagged,
    expect: 'not-modified',
  },
  {
    name: 'another tag gets the whole',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-none-match': '"x"'},
    stored: tagged,
    expect: 'whole',
  },
  {
    name: 'an asterisk matches anything stored',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-none-match': '*'},
    stored: bare,
    expect: 'not-modified',
  },
  {
    name: 'a tag matches nothing without one',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-none-match': '"a"'},
    stored: datedOnly,
    expect: 'whole',
  },
  {
    name: 'an unreadable tag is not met',
    rfc: '4.3.2',
    level: 'CHOICE',
    given: {'if-none-match': 'a'},
    stored: tagged,
    expect: 'whole',
  },
  {
    name: 'If-None-Match decides before If-Modified-Since',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-none-match': '"x"', 'if-modified-since': dateAt(0)},
    stored: tagged,
    expect: 'whole',
  },
  {
    name: 'the same date is not modified',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-modified-since': dateAt(-60)},
    stored: datedOnly,
    expect: 'not-modified',
  },
  {
    name: 'a later date is not modified',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-modified-since': dateAt(-1)},
    stored: datedOnly,
    expect: 'not-modified',
  },
  {
    name: 'an earlier date gets the whole',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-modified-since': dateAt(-61)},
    stored: datedOnly,
    expect: 'whole',
  },
  {
    name: 'an unreadable date is not met',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-modified-since': 'yesterday'},
    stored: datedOnly,
    expect: 'whole',
  },
  {
    name: 'Date stands in for Last-Modified',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-modified-since': dateAt(-30)},
    stored: bare,
    expect: 'not-modified',
  },
  {
    name: 'an earlier date than Date gets the whole',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-modified-since': dateAt(-31)},
    stored: bare,
    expect: 'whole',
  },
  {
    name: 'the time of receipt stands in for Date',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-modified-since': dateAt(-1)},
    stored: stored({fields: {}}),
    expect: 'whole',
  },
  {
    name: 'a condition on a stored 404 has no effect',
    rfc: '4.3.2',
    level: 'MUST',
    given: {'if-none-match': '*'},
    stored: stored({status: 404}),
    expect: 'whole',
  },
  {name: 'no condition gets the whole', rfc: '4.3.2', level: 'MUST', given: {}, stored: tagged, expect: 'whole'},
] as const;

describe('evaluate', () => {
  test('a QUERY is answered with a 304 as a GET is (RFC 9110 §13.1.2)', () => {
    expect(evaluate(request({method: 'QUERY', fields: {'if-none-match': '"a"'}}), tagged)).toBe('not-modified');
  });

  test('any success counts, and nothing else (RFC 9110 §13.2.1)', () => {
    const asked = request({fields: {'if-none-match': '*'}});
    const answers = [200, 299, 300].map(status => evaluate(asked, stored({status})));
    expect(answers).toEqual(['not-modified', 'not-modified', 'whole']);
  });

  test.each(evaluations)('$name', ({given, stored: candidate, expect: expected}) => {
    expect(evaluate(request({fields: given}), candidate)).toBe(expected);
  });

  test('a POST is never answered with a 304', () => {
    const post = request({method: 'POST', fields: {'if-none-match': '*'}});
    expect(evaluate(post, tagged)).toBe('whole');
    expect(mayBeNotModified('POST')).toBe(false);
  });
});
