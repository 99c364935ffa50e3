import {expect, test} from 'vitest';
import {policy, type Row, response, stored} from '../../test/builders.ts';
import type {FieldsSource} from '../fields/fields.ts';
import {isOvertagged, keepingTags, tagsOf} from './tagging.ts';

const tagFields = ['surrogate-key', 'cache-tag'];

const rows: readonly Row<{fields: FieldsSource; tags?: readonly string[]}, readonly string[]>[] = [
  {name: 'a response without tags has none', rfc: 'limpid', level: 'CHOICE', given: {fields: {}}, expect: []},
  {
    name: 'tags are separated by white space or commas',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {fields: {'surrogate-key': 'a  b', 'cache-tag': ', c, d,,e'}},
    expect: ['a', 'b', 'c', 'd', 'e'],
  },
  {
    name: 'the tags of rules come first, and each tag once',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {fields: {'cache-tag': 'b, a'}, tags: ['a', 'z']},
    expect: ['a', 'z', 'b'],
  },
  {
    name: 'fields that nobody declared hold no tags',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {fields: {'x-tag': 'a'}},
    expect: [],
  },
];

test.each(rows)('$name', row => {
  const {fields, tags = []} = row.given;
  expect(tagsOf(response({fields}), policy({tags, tagFields}))).toEqual(row.expect);
});

test('the tags of rules count without any field to hold others', () => {
  expect(tagsOf(response(), policy({tags: ['a', 'a', 'b']}))).toEqual(['a', 'b']);
});

test.each<[string, readonly string[], boolean]>([
  ['256 tags', Array.from({length: 256}, (_, index) => `t${index}`), false],
  ['257 tags', Array.from({length: 257}, (_, index) => `t${index}`), true],
  ['a tag of 256 characters', ['y'.repeat(256)], false],
  ['a tag of 257 characters', ['a', 'x'.repeat(257)], true],
])('a response with %s', (_, tags, isTooMuch) => {
  expect(isOvertagged(tags)).toBe(isTooMuch);
});

test.each<[string, {given: readonly string[]; tags: readonly string[]}, readonly string[]]>([
  ['what was given stays', {given: ['users'], tags: []}, ['users']],
  ['what is given is added', {given: ['users'], tags: ['more']}, ['users', 'more']],
  ['what was given is not given twice', {given: ['users'], tags: ['users']}, ['users']],
])('for an update, %s', (_, {given, tags}, kept) => {
  const rules = policy({tags, tagFields: ['cache-tag']});
  expect(keepingTags(rules, stored({givenTags: given, tags: [...given, 'field']})).tags).toEqual(kept);
});

test('for an update of what was given no tags, the policy is the one there is', () => {
  const own = policy({tags: ['more'], tagFields: ['cache-tag']});
  expect(keepingTags(own, stored({tags: ['field']}))).toBe(own);
});

test('for an update by who reads no tag fields, what others read there stays', () => {
  expect(keepingTags(policy({tags: ['more']}), stored({tags: ['field']})).tags).toEqual(['field', 'more']);
});

test('responses without tags share one empty list', () => {
  const given = policy({});
  expect(tagsOf(response({fields: {'cache-tag': 'a'}}), given)).toBe(given.tags);
});
