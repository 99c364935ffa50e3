import {expect, test} from 'vitest';
import {policy, type Row, response} from '../../test/builders.ts';
import type {FieldsSource} from '../fields/fields.ts';
import {tagsOf} from './tagging.ts';

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
    name: 'the tags of rules alone count once, too, and within the same limits',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {fields: {}, tags: ['a', '', 'b', 'a', 'x'.repeat(257)]},
    expect: ['a', 'b'],
  },
  {
    name: 'a tag too long to be one is left out',
    rfc: 'limpid',
    level: 'CHOICE',
    given: {fields: {'cache-tag': `${'x'.repeat(257)}, ${'y'.repeat(256)}`}},
    expect: ['y'.repeat(256)],
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

test('no more than 64 tags count', () => {
  const many = Array.from({length: 100}, (_, index) => `t${index}`);
  const tags = tagsOf(response({fields: {'cache-tag': many.join(',')}}), policy({tagFields}));
  expect(tags).toEqual(many.slice(0, 64));
});

test('responses without tags share one empty list', () => {
  const given = policy({});
  expect(tagsOf(response({fields: {'cache-tag': 'a'}}), given)).toBe(given.tags);
});
