import {describe, expect, test} from 'vitest';
import type {Answer, Exchange} from './exchange.ts';
import type {Field} from './field-values.ts';
import {judgeAnswer, judgeRecord} from './judging.ts';
import type {Seen} from './origin.ts';
import type {Step} from './suite.ts';

const id = 'b7e1';
const now = Date.UTC(2026, 0, 1);

const exchange = (step: Step, answer: Answer, number = 2): Exchange => ({
  id,
  number,
  step,
  url: `http://127.0.0.1/test/${id}`,
  method: 'GET',
  fields: [],
  body: undefined,
  answer,
});

type Given = {readonly status?: number; readonly text?: string; readonly fields?: readonly Field[]};

/** An answer to the second request that came from the origin, unless `fields` say otherwise. */
const answered = ({status = 200, text = id, fields = []}: Given = {}): Answer => {
  const about: readonly Field[] = [
    ['Server-Request-Count', '2'],
    ['Request-Numbers', '1 2'],
    ['Server-Now', String(now)],
    ['Server-Base-Url', `/test/${id}`],
  ];
  const rest = about.filter(([name]) => !fields.some(([other]) => other === name));
  return {type: 'response', response: {status, text, fields: [...rest, ...fields]}};
};

const fromCache: readonly Field[] = [['Server-Request-Count', '1']];

type Row = readonly [name: string, step: Step, answer: Answer, expected: string];

const rows: readonly Row[] = [
  ['nothing special', {}, answered(), 'passed'],

  ['a reuse that is expected', {expected_type: 'cached'}, answered({fields: fromCache}), 'passed'],
  ['an answer that should have been reused', {expected_type: 'cached'}, answered(), 'failed'],
  [
    'a 304 the origin has not seen',
    {expected_type: 'cached', expected_status: 304},
    {type: 'response', response: {status: 304, text: '', fields: []}},
    'passed',
  ],
  ['an answer of the origin that is expected', {expected_type: 'not_cached'}, answered(), 'passed'],
  ['a reuse that is forbidden', {expected_type: 'not_cached'}, answered({fields: fromCache}), 'failed'],
  [
    'an answer that does not count',
    {expected_type: 'not_cached'},
    answered({fields: [['Server-Request-Count', 'x']]}),
    'failed',
  ],
  ['a condition that is missing or wrong', {expected_type: 'etag_validated'}, answered({status: 999}), 'failed'],

  ['the status that is expected', {expected_status: 304}, answered({status: 304}), 'passed'],
  ['another status than expected', {expected_status: 304}, answered(), 'failed'],
  ['any status, where any is expected', {expected_status: null}, answered({status: 504}), 'passed'],
  ['the status the origin gave', {response_status: [404, 'Not Found']}, answered({status: 404}), 'passed'],
  ['another status than the origin gave', {response_status: [404, 'Not Found']}, answered(), 'not run: setup'],
  ['another status than 200', {}, answered({status: 500}), 'not run: setup'],

  ['the body that is expected', {expected_response_text: 'a'}, answered({text: 'a'}), 'passed'],
  ['another body than expected', {expected_response_text: 'a'}, answered(), 'failed'],
  ['any body, where any is expected', {expected_response_text: null}, answered({text: 'a'}), 'passed'],
  ['the body the origin gave', {response_body: 'a'}, answered({text: 'a'}), 'passed'],
  ['another body than the origin gave', {response_body: 'a'}, answered(), 'not run: setup'],
  ['another body than the usual', {}, answered({text: 'a'}), 'not run: setup'],
  ['a body nobody checks', {check_body: false}, answered({text: 'a'}), 'passed'],
  ['no body, for a HEAD', {request_method: 'HEAD'}, answered({text: ''}), 'passed'],
  [
    'no body, for a 204',
    {response_status: [204, 'No Content'], response_body: null},
    answered({status: 204, text: ''}),
    'passed',
  ],

  [
    'a field that is there',
    {expected_response_headers: ['warning']},
    answered({fields: [['Warning', '110']]}),
    'passed',
  ],
  ['a field that is missing', {expected_response_headers: ['warning']}, answered(), 'failed'],
  ['a value', {expected_response_headers: [['A', '1']]}, answered({fields: [['a', '1']]}), 'passed'],
  [
    'a value in lines',
    {expected_response_headers: [['A', '1, 2']]},
    answered({
      fields: [
        ['a', '1'],
        ['a', '2'],
      ],
    }),
    'passed',
  ],
  ['another value', {expected_response_headers: [['A', '1']]}, answered({fields: [['a', '2']]}), 'failed'],
  [
    'a date, counted from when the origin answered',
    {expected_response_headers: [['Date', 60]]},
    answered({fields: [['Date', 'Thu, 01 Jan 2026 00:01:00 GMT']]}),
    'passed',
  ],
  [
    'another date',
    {expected_response_headers: [['Date', 60]]},
    answered({fields: [['Date', 'Thu, 01 Jan 2026 00:00:00 GMT']]}),
    'failed',
  ],
  [
    'a location under the test’s own path',
    {expected_response_headers: [['Location', 'a']], magic_locations: true},
    answered({fields: [['Location', `/test/${id}/a`]]}),
    'passed',
  ],
  [
    'a number that is greater',
    {expected_response_headers: [['Age', '>', 2]]},
    answered({fields: [['Age', '3']]}),
    'passed',
  ],
  [
    'a number that is equal',
    {expected_response_headers: [['Age', '>', 2]]},
    answered({fields: [['Age', '2']]}),
    'failed',
  ],
  ['no number', {expected_response_headers: [['Age', '>', 2]]}, answered({fields: [['Age', 'old']]}), 'failed'],
  [
    'equal fields',
    {expected_response_headers: [['A', '=', 'B']]},
    answered({
      fields: [
        ['A', '1'],
        ['B', '1'],
      ],
    }),
    'passed',
  ],
  [
    'unequal fields',
    {expected_response_headers: [['A', '=', 'B']]},
    answered({
      fields: [
        ['A', '1'],
        ['B', '2'],
      ],
    }),
    'failed',
  ],
  [
    'a field that must not be there',
    {expected_response_headers_missing: ['a']},
    answered({fields: [['A', '1']]}),
    'failed',
  ],
  [
    'a value that must not be there',
    {expected_response_headers_missing: [['A', '1']]},
    answered({fields: [['A', '0, 1']]}),
    'failed',
  ],
  [
    'another value than must not be there',
    {expected_response_headers_missing: [['A', '1']]},
    answered({fields: [['A', '2']]}),
    'passed',
  ],

  ['a failure in preparation', {setup: true, expected_type: 'cached'}, answered(), 'not run: setup'],
  ['a failed condition', {setup_tests: ['expected_type'], expected_type: 'cached'}, answered(), 'not run: setup'],
  [
    'a failure beside a condition',
    {setup_tests: ['expected_type'], expected_type: 'cached', expected_response_headers: ['a']},
    answered({fields: fromCache}),
    'failed',
  ],
  [
    'a request the origin saw twice',
    {expected_type: 'cached'},
    answered({fields: [['Request-Numbers', '1 2 2']]}),
    'not run: retry',
  ],
  ['no answer in time', {}, {type: 'timeout'}, 'not run: timeout'],
  ['an error', {expected_status: null}, {type: 'error', error: new TypeError('fetch failed')}, 'failed'],
  ['an error in preparation', {setup: true}, {type: 'error', error: new TypeError('fetch failed')}, 'not run: setup'],
  [
    'an error where reuse is a condition',
    {expected_type: 'cached', setup_tests: ['expected_type']},
    {type: 'error', error: new TypeError('fetch failed')},
    'not run: setup',
  ],
];

describe('an answer is judged:', () => {
  test.each(rows)('%s', (_, step, answer, expected) => {
    const outcome = judgeAnswer(exchange(step, answer)) ?? {type: 'passed'};
    expect(outcome.type === 'not run' ? `not run: ${outcome.because}` : outcome.type).toBe(expected);
  });
});

describe('the origin’s record is judged:', () => {
  const seen = (given: Partial<Seen> = {}): Seen => ({
    number: 1,
    method: 'GET',
    fields: [],
    status: 200,
    sent: [],
    expectedBack: [],
    ...given,
  });
  const conditional = seen({fields: [['If-None-Match', '"a"']], status: 304});
  const sending = seen({
    sent: [
      ['A', '1'],
      ['A', '2'],
      ['B', '3'],
    ],
    expectedBack: ['A'],
  });

  type RecordRow = readonly [name: string, steps: readonly Step[], record: readonly Seen[], expected: string];

  const recordRows: readonly RecordRow[] = [
    ['a condition that came', [{expected_type: 'etag_validated'}], [conditional], 'passed'],
    ['a condition that did not come', [{expected_type: 'etag_validated'}], [seen()], 'failed'],
    ['another condition', [{expected_type: 'lm_validated'}], [conditional], 'failed'],
    ['no request at all', [{expected_type: 'etag_validated'}], [], 'failed'],
    ['a condition in preparation', [{expected_type: 'etag_validated', setup: true}], [], 'not run'],
    ['requests that are expected from the cache', [{expected_type: 'cached', expected_method: 'PUT'}], [], 'passed'],
    [
      'what follows them',
      [{}, {expected_type: 'cached'}, {expected_type: 'etag_validated'}],
      [seen(), conditional],
      'passed',
    ],
    ['the method', [{expected_method: 'HEAD'}], [seen({method: 'HEAD'})], 'passed'],
    ['another method', [{expected_method: 'HEAD'}], [seen()], 'failed'],
    ['a field', [{expected_request_headers: [['if-none-match', '"a"']]}], [conditional], 'passed'],
    ['another value', [{expected_request_headers: [['If-None-Match', '"b"']]}], [conditional], 'failed'],
    ['a missing field', [{expected_request_headers: ['range']}], [conditional], 'failed'],
    ['a field that must not come', [{expected_request_headers_missing: ['if-none-match']}], [conditional], 'failed'],
    ['what was sent, in lines', [{}], [sending], 'passed'],
    ['what was sent, and did not come back', [{}], [seen({sent: [['C', '1']], expectedBack: ['C']})], 'failed'],
  ];

  test.each(recordRows)('%s', (_, steps, record, expected) => {
    const answer = answered({fields: [['a', '1, 2']]});
    const exchanges = steps.map((step, index) => exchange(step, answer, index + 1));
    expect(judgeRecord(exchanges, record)?.type ?? 'passed').toBe(expected);
  });
});
