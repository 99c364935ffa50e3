import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {at, dateAt, noon, type Row, response, stored} from '../../test/builders.ts';
import type {FieldsSource} from '../fields/fields.ts';
import {correctedInitialAge, currentAge, dateValue, isClockBehind} from './current-age.ts';

describe('age on arrival', () => {
  /** `took`: seconds between request and response. */
  type Given = {readonly fields: FieldsSource; readonly took?: number};
  const rows: readonly Row<Given, number>[] = [
    {
      name: 'is zero for a response of this moment',
      rfc: '4.2.3',
      level: 'MUST',
      given: {fields: {date: dateAt(0)}},
      expect: 0,
    },
    {name: 'is what Age says', rfc: '4.2.3', level: 'MUST', given: {fields: {age: '30'}}, expect: 30},
    {name: 'is what Date shows', rfc: '4.2.3', level: 'MUST', given: {fields: {date: dateAt(-20)}}, expect: 20},
    {
      name: 'is the greater of the two',
      rfc: '4.2.3',
      level: 'MUST',
      given: {fields: {date: dateAt(-20), age: '5'}},
      expect: 20,
    },
    {
      name: 'counts the time the exchange took beside Age',
      rfc: '4.2.3',
      level: 'MUST',
      given: {fields: {age: '30'}, took: 2},
      expect: 32,
    },
    {
      name: 'is the time the exchange took without Age',
      rfc: '4.2.3',
      level: 'MUST',
      given: {fields: {}, took: 2},
      expect: 2,
    },
    {name: 'ignores a Date in the future', rfc: '4.2.3', level: 'MUST', given: {fields: {date: dateAt(90)}}, expect: 0},
    {name: 'ignores an unreadable Age', rfc: '5.1', level: 'MUST', given: {fields: {age: 'old'}}, expect: 0},
    {name: 'takes the first of several Ages', rfc: '5.1', level: 'SHOULD', given: {fields: {age: '7, 0'}}, expect: 7},
    {
      name: 'is not negative when the clock went back meanwhile',
      rfc: '4.2.3',
      level: 'CHOICE',
      given: {fields: {}, took: -5},
      expect: 0,
    },
  ];
  test.each(rows)('$name', row => {
    const {fields, took = 0} = row.given;
    expect(correctedInitialAge(response({fields}), at(-took), noon)).toBe(row.expect);
  });

  test('does not count the fraction of a second that Date cannot show', () => {
    expect(correctedInitialAge(response({fields: {date: dateAt(0)}}), at(0.9), at(0.9))).toBe(0);
  });
});

describe('the date of a response', () => {
  test('is its Date', () => {
    expect(dateValue(response({fields: {date: dateAt(-9)}}).fields, noon)).toBe(at(-9));
  });

  test('is the time of receipt when Date is missing or unreadable', () => {
    expect(dateValue(response({fields: {}}).fields, noon)).toBe(noon);
    expect(dateValue(response({fields: {date: '0'}}).fields, noon)).toBe(noon);
  });
});

describe('age now', () => {
  test('adds the time since arrival', () => {
    expect(currentAge(stored({fields: {age: '30'}}), at(12.5))).toBe(42.5);
  });

  test('never falls as now grows', () => {
    const instant = fc.integer({min: noon - 1e9, max: noon + 1e9});
    const given = fc.record({age: fc.nat(), date: fc.integer({min: -1e6, max: 1e6})});
    fc.assert(
      fc.property(given, instant, instant, ({age, date}, one, other) => {
        const kept = stored({fields: {age: String(age), date: dateAt(date)}});
        const earlier = currentAge(kept, Math.min(one, other));
        expect(earlier).toBeGreaterThanOrEqual(0);
        expect(currentAge(kept, Math.max(one, other))).toBeGreaterThanOrEqual(earlier);
      }),
    );
  });

  test('cannot be known once the clock is behind the time of receipt', () => {
    expect(isClockBehind(stored(), at(-0.001))).toBe(true);
    expect(isClockBehind(stored(), noon)).toBe(false);
  });
});
