import {describe, expect, test} from 'vitest';
import {testOf} from '../test/hand-made.ts';
import {
  type Agreed,
  type ChosenAnswer,
  type Difference,
  disagreements,
  readAgreed,
  type Setting,
  unknownIds,
} from './differences.ts';
import type {NotRunReason, Outcome} from './judging.ts';
import type {Kind} from './suite.ts';

const setting: Setting = {client: 'fetch', store: 'memory', profile: 'private', unreachable: 'reject'};
const passed: Outcome = {type: 'passed'};
const failed: Outcome = {type: 'failed', message: 'it failed'};
const notRun = (because: NotRunReason): Outcome => ({type: 'not run', because, message: 'it did not run'});

const about = {reason: '', section: ''};
const difference: Difference = {id: 'a', answer: '', ...about};
const chosen = (answer: ChosenAnswer['answer']): ChosenAnswer => ({ids: ['z', 'a'], answer, ...about});

function messages(kind: Kind, outcome: Outcome, agreed: Partial<Agreed> = {}): readonly string[] {
  const result = {test: testOf('a', [], {kind}), isChosen: true, outcome, exchanges: [], record: []};
  const all = disagreements([result], {differences: [], answers: [], ...agreed}, setting);
  return all.map(({message}) => message);
}

describe('a required or optimal test is as agreed', () => {
  test.each<[name: string, outcome: Outcome, listed: boolean, expected: readonly string[]]>([
    ['when it passes', passed, false, []],
    ['not when it fails', failed, false, ['it failed']],
    ['when it fails and is listed', failed, true, []],
    ['not when it passes and is listed', passed, true, ['passes, although a known difference is agreed']],
    ['not when its preparation fails', notRun('setup'), false, ['it did not run']],
    ['not when it takes too long', notRun('timeout'), false, ['it did not run']],
    ['not when the origin saw a request twice', notRun('retry'), false, ['it did not run']],
    ['when its dependency, judged itself, did not pass', notRun('dependency'), false, []],
    ['when the client cannot', notRun('client'), false, []],
    ['not when its preparation fails, though it is listed', notRun('setup'), true, ['it did not run']],
    ['not when it takes too long, though it is listed', notRun('timeout'), true, ['it did not run']],
    ['when its dependency did not pass, and it is listed', notRun('dependency'), true, []],
  ])('%s', (_, outcome, listed, expected) => {
    for (const kind of ['required', 'optimal'] as const) {
      expect(messages(kind, outcome, {differences: listed ? [difference] : []})).toEqual(expected);
    }
  });
});

describe('an answer to a question is as agreed', () => {
  test.each<[outcome: Outcome, answer: ChosenAnswer['answer'], agrees: boolean]>([
    [passed, 'yes', true],
    [passed, 'no', false],
    [failed, 'no', true],
    [failed, 'yes', false],
    [notRun('setup'), 'not run', true],
    [notRun('dependency'), 'yes', false],
    [notRun('client'), 'yes', true],
  ])('%o where the choice is "%s": %s', (outcome, answer, agrees) => {
    expect(messages('check', outcome, {answers: [chosen(answer)]})).toHaveLength(agrees ? 0 : 1);
  });

  test('only when one was chosen', () => {
    expect(messages('check', passed)).toEqual(['answers "yes", and no answer was chosen']);
  });
});

describe('what is agreed holds', () => {
  test.each<[object, boolean]>([
    [{}, true],
    [{clients: ['fetch', 'ky'], profiles: ['private'], unreachable: 'reject'}, true],
    [{clients: ['axios']}, false],
    [{profiles: ['plus']}, false],
    [{unreachable: 'respond'}, false],
  ])('where it says: %o', (where, holds) => {
    expect(messages('required', failed, {differences: [{...difference, ...where}]})).toHaveLength(holds ? 0 : 1);
    expect(messages('check', passed, {answers: [{...chosen('yes'), ...where}]})).toHaveLength(holds ? 0 : 1);
  });

  test('of tests there are, or is told', () => {
    const agreed: Agreed = {differences: [difference], answers: [chosen('yes')]};
    expect(unknownIds(agreed, [testOf('a', [])])).toEqual(['z']);
  });

  test('for limpid with a reason and a section each', () => {
    const {differences, answers} = readAgreed();
    for (const {reason, section} of [...differences, ...answers]) {
      expect(reason).toMatch(/\.$/);
      expect(section).toMatch(/^RFC \d{4} §/);
    }
  });
});
