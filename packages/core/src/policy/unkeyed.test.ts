import {expect, test} from 'vitest';
import {Fields} from '../fields/fields.ts';
import {overridesTarget} from './unkeyed.ts';

test.each([
  ['X-HTTP-Method-Override', true],
  ['x-http-method', true],
  ['X-Method-Override', true],
  ['x-method', false],
])('a request with %s overrides its method: %s', (name, expected) => {
  expect(overridesTarget(Fields.from({[name]: 'DELETE'}))).toBe(expected);
});
