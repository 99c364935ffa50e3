import {stripVTControlCharacters} from 'node:util';
import {describe, expect, test} from 'vitest';
import {testOf} from '../test/hand-made.ts';
import type {Agreed, Setting} from './differences.ts';
import type {Outcome} from './judging.ts';
import {differenceLines, disagreementLines, notRunLines, resultsAsData, table} from './report.ts';
import type {Result} from './run.ts';
import type {Kind} from './suite.ts';

const failed: Outcome = {type: 'failed', message: 'it failed'};
const notRun: Outcome = {type: 'not run', because: 'dependency', message: 'x did not pass'};

const result = (id: string, kind: Kind, outcome: Outcome, isChosen = true): Result => ({
  test: testOf(id, [], {kind}),
  isChosen,
  outcome,
  exchanges: [],
  record: [],
});

const results: readonly Result[] = [
  result('a', 'required', {type: 'passed'}),
  result('b', 'required', notRun),
  result('c', 'required', notRun),
  result('d', 'optimal', failed),
  result('e', 'check', notRun),
  result('f', 'required', {type: 'passed'}, false),
];

describe('a report', () => {
  test('counts kinds apart, and only what was asked for', () => {
    expect(table(results)).toEqual([
      '            tests   passed   failed  not run',
      'required        3        1        0        2',
      'optimal         1        0        1        0',
      'check           1        0        0        1',
    ]);
  });

  test('gathers scores that are missing under their reason', () => {
    expect(notRunLines(results)).toEqual(['not run, because x did not pass: b, c']);
  });

  test('names the known differences it met', () => {
    const setting: Setting = {client: 'ky', store: 'memory', profile: 'plus', unreachable: 'reject'};
    const differences = ['a', 'd'].map(id => ({id, answer: 'something else', reason: '', section: '§4'}));
    const agreed: Agreed = {differences, answers: []};
    expect(differenceLines(results, agreed, setting)).toEqual(['known difference: d (§4): something else']);
  });

  test('shows both sides of what is not as agreed', () => {
    const exchange = {
      id: '7',
      number: 1,
      step: {},
      url: 'http://127.0.0.1/test/7',
      method: 'GET',
      fields: [['A', '1']],
      body: undefined,
      answer: {type: 'response', response: {status: 200, fields: [['B', '2']], text: 'hello'}},
    } as const;
    const seen = {
      number: 1,
      method: 'GET',
      fields: [['a', '1']],
      status: 200,
      sent: [['B', '2']],
      expectedBack: [],
    } as const;
    const whole = {...result('d', 'optimal', failed), exchanges: [exchange], record: [seen]};
    expect(disagreementLines({result: whole, message: 'it failed'}).map(stripVTControlCharacters)).toEqual([
      'd (hand-made, optimal): it failed',
      '  It is about d',
      '  request 1: GET http://127.0.0.1/test/7',
      '      A: 1',
      '    response: 200 "hello"',
      '      B: 2',
      '  origin 1: GET, for request 1',
      '      a: 1',
      '    answered: 200',
      '      B: 2',
    ]);
  });

  test('is data, too', () => {
    const suite = {tests: [], digest: 'sha256:0'};
    expect(resultsAsData(results, suite, {client: 'ky'})).toMatchObject({
      suite: {tests: 0, digest: 'sha256:0'},
      client: 'ky',
      node: process.version,
      totals: {required: {tests: 3, passed: 1, failed: 0, notRun: 2}},
      results: [
        {id: 'a', kind: 'required', suite: 'hand-made', outcome: 'passed'},
        {id: 'b', outcome: 'not run', because: 'dependency', message: 'x did not pass'},
        {id: 'c'},
        {id: 'd', outcome: 'failed', message: 'it failed'},
        {id: 'e'},
      ],
    });
  });
});
