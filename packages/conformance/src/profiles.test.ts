import {describe, expect, test} from 'vitest';
import {testOf} from '../test/hand-made.ts';
import {type ProfileName, profiles} from './profiles.ts';
import {kinds, readSuite, type Step, suitePath} from './suite.ts';

const names = Object.keys(profiles) as ProfileName[];
const suite = readSuite(suitePath());

describe('a profile', () => {
  test.each<[name: string, step: Step, flags: object, expected: readonly ProfileName[]]>([
    ['for everyone', {}, {}, ['private', 'plus']],
    ['of a CDN', {}, {cdn_only: true}, ['shared']],
    [
      'of an open redirect',
      {redirect: 'manual', response_status: [301, 'Moved Permanently']},
      {browser_skip: true},
      ['plus'],
    ],
    ['of the caller’s own condition', {request_headers: [['If-None-Match', '"a"']]}, {browser_skip: true}, ['plus']],
    ['of s-maxage', {response_headers: [['Cache-Control', 's-maxage=1']]}, {browser_skip: true}, ['shared']],
    ['of Authorization', {request_headers: [['Authorization', 'FOO']]}, {browser_skip: true}, ['shared']],
    ['of interim responses', {interim_responses: [[103]]}, {browser_skip: true}, []],
  ])('has the tests %s', (_, step, flags, expected) => {
    const one = testOf('one', [step], flags);
    expect(names.filter(name => profiles[name].includes(one))).toEqual(expected);
  });

  // The data is not part of this repository.
  test.skipIf(suite === undefined).each<[ProfileName, readonly number[]]>([
    ['private', [137, 77, 86]],
    ['plus', [144, 92, 93]],
    ['shared', [18, 12, 7]],
  ])('%s has so many required, optimal and check tests', (name, expected) => {
    const chosen = suite?.tests.filter(profiles[name].includes) ?? [];
    expect(kinds.map(kind => chosen.filter(one => one.kind === kind).length)).toEqual(expected);
  });

  test.skipIf(suite === undefined)('shared and plus leave out nothing but interim responses', () => {
    const left = suite?.tests.filter(one => names.every(name => !profiles[name].includes(one))) ?? [];
    expect(new Set(left.map(one => one.suite))).toEqual(new Set(['interim']));
  });
});
