import {expect, test} from 'vitest';
import {Fields} from '../fields/fields.ts';
import {overridesTarget} from './unkeyed.ts';

test.each([
  ['X-HTTP-Method-Override', true],
  ['x-http-method', true],
  ['X-Method-Override', true],
  ['Host', true],
  ['x-method', false],
])('a request with %s overrides its target: %s', (name, expected) => {
  expect(overridesTarget(Fields.from({[name]: 'DELETE'}))).toBe(expected);
});
