import {expect, test} from 'vitest';
import {rows} from './rows.ts';
import {subjectNames} from './subjects.ts';

test('rows have names of their own', () => {
  expect(new Set(rows.map(({name}) => name)).size).toBe(rows.length);
});

test.each(rows.map(row => [row.name, row] as const))('%s compares only with who takes part', (_, row) => {
  expect(new Set(row.contenders).size).toBe(row.contenders.length);
  for (const contender of row.contenders) expect(subjectNames).toContain(contender.split(' ')[0]);
  for (const {contender, of} of row.goals)
    expect(row.contenders).toEqual(expect.arrayContaining([of?.contender ?? contender, contender]));
});

test('every subject stands in some row', () => {
  const contenders = new Set(rows.flatMap(row => row.contenders));
  for (const subject of subjectNames) expect(contenders).toContain(subject);
});
