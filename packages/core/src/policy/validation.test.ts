import {describe, expect, test} from 'vitest';
import {dateAt, request, stored} from '../../test/builders.ts';
import {validationRequest} from './validation.ts';

const tagged = (etag: string, fields = {}) => stored({fields: {etag, ...fields}});
const modified = {'last-modified': dateAt(-60)};

const cases = [
  {name: 'nothing to validate with', rfc: '4.3.1', level: 'MUST', given: {candidates: [stored()]}, expect: undefined},
  {
    name: 'an entity tag is sent',
    rfc: '4.3.1',
    level: 'MUST',
    given: {candidates: [tagged('"a"')]},
    expect: {'if-none-match': '"a"'},
  },
  {
    name: 'a weak tag is sent as weak',
    rfc: '4.3.1',
    level: 'MUST',
    given: {candidates: [tagged('W/"a"')]},
    expect: {'if-none-match': 'W/"a"'},
  },
  {
    name: 'Last-Modified is sent to the letter',
    rfc: '4.3.1',
    level: 'SHOULD',
    given: {candidates: [stored({fields: {'last-modified': 'thu, 01 jan 2026 11:59:00 gmt'}})]},
    expect: {'if-modified-since': 'thu, 01 jan 2026 11:59:00 gmt'},
  },
  {
    name: 'both validators of a single response are sent',
    rfc: '4.3.1',
    level: 'SHOULD',
    given: {candidates: [tagged('"a"', modified)]},
    expect: {'if-none-match': '"a"', 'if-modified-since': dateAt(-60)},
  },
  {
    name: 'an unreadable tag is not sent',
    rfc: '4.3.1',
    level: 'MUST',
    given: {candidates: [tagged('a')]},
    expect: undefined,
  },
  {
    name: 'an unreadable date is not sent',
    rfc: '4.3.1',
    level: 'MUST',
    given: {candidates: [stored({fields: {'last-modified': 'yesterday'}})]},
    expect: undefined,
  },
  {
    name: 'the tags of all candidates are sent, each once',
    rfc: '4.3.1',
    level: 'MUST',
    given: {candidates: [tagged('"a"', modified), tagged('"b"'), tagged('"a"')]},
    expect: {'if-none-match': '"a", "b"'},
  },
  {
    name: 'a date goes along when all candidates share one tag',
    rfc: '4.3.1',
    level: 'CHOICE',
    given: {candidates: [tagged('"a"', modified), tagged('"a"')]},
    expect: {'if-none-match': '"a"', 'if-modified-since': dateAt(-60)},
  },
  {
    name: 'a chosen response with a date only is validated alone',
    rfc: '4.3.1',
    level: 'CHOICE',
    given: {candidates: [stored({fields: modified}), tagged('"b"')]},
    expect: {'if-modified-since': dateAt(-60)},
  },
  {
    name: 'a candidate without validators is passed over',
    rfc: '4.3.1',
    level: 'CHOICE',
    given: {candidates: [stored(), tagged('"b"')]},
    expect: {'if-none-match': '"b"'},
  },
  {
    name: "the caller's own condition is not overridden",
    rfc: '4.3.2',
    level: 'CHOICE',
    given: {fields: {'if-none-match': '"x"'}, candidates: [tagged('"a"')]},
    expect: undefined,
  },
  {
    name: 'a POST is not validated',
    rfc: '4.3.1',
    level: 'CHOICE',
    given: {method: 'POST', candidates: [tagged('"a"')]},
    expect: undefined,
  },
] as const;

describe('validationRequest', () => {
  test.each(cases)('$name', ({given, expect: expected}) => {
    const sent = validationRequest(request({fields: {}, ...given}), given.candidates);
    expect(sent && Object.fromEntries(sent.fields)).toEqual(expected);
  });

  test('no empty condition is sent', () => {
    const names = (candidate: ReturnType<typeof stored>) => validationRequest(request(), [candidate])?.fields.names();
    expect(names(tagged('"a"'))).toEqual(['if-none-match']);
    expect(names(stored({fields: modified}))).toEqual(['if-modified-since']);
  });

  test('everything else of the request stays', () => {
    const {head} = request({method: 'HEAD', fields: {foo: '1'}, mode: 'no-cache', client: 'node'});
    const sent = validationRequest(request({...head}), [tagged('"a"')]);
    expect(sent).toEqual({...head, fields: sent?.fields});
    expect(sent?.fields.get('foo')).toBe('1');
  });

  test('no more than sixteen tags are sent', () => {
    const many = Array.from({length: 40}, (_, index) => tagged(`"${index}"`));
    expect(validationRequest(request(), many)?.fields.get('if-none-match')?.split(', ')).toHaveLength(16);
  });
});
