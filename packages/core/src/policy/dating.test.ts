import {expect, test} from 'vitest';
import {response} from '../../test/builders.ts';
import {withDate} from './dating.ts';

const noon = Date.UTC(2026, 0, 1, 12);

test('a response without a Date is given the time of its receipt', () => {
  expect(withDate(response({fields: {}}), noon + 999).fields.get('date')).toBe('Thu, 01 Jan 2026 12:00:00 GMT');
});

test('a Date that is there is left as it is', () => {
  const head = response({fields: {date: 'yesterday'}});
  expect(withDate(head, noon)).toBe(head);
});
