import {describe, expect, test} from 'vitest';
import {argumentsOf} from './arguments.ts';
import {chosen, spared} from './choosing.ts';
import {rows} from './rows.ts';

describe('the command line', () => {
  test('means everything when it says nothing', () => {
    expect(argumentsOf([])).toEqual({
      type: 'run',
      rows: [],
      subjects: [],
      isQuick: false,
      json: undefined,
      plots: undefined,
    });
  });

  test('names rows, subjects and where results go', () => {
    const line = '-- --row clear --row evict --subject got --quick --json a.json --plots b';
    expect(argumentsOf(line.split(' '))).toEqual({
      type: 'run',
      rows: ['clear', 'evict'],
      subjects: ['got'],
      isQuick: true,
      json: 'a.json',
      plots: 'b',
    });
  });

  test.each([['--row=speed'], ['--subject=curl'], ['--fast'], ['clear']])('with %s is wrong', word => {
    expect(argumentsOf([word])).toMatchObject({type: 'wrong'});
  });

  test('asks for help', () => {
    expect(argumentsOf(['-h'])).toEqual({type: 'help'});
  });
});

test('where time is short each does each task once, and limpid in every row', () => {
  const [fetching, clients, ...others] = spared(rows).filter(({task}) => task === 'hits');
  expect(fetching).toEqual(rows[0]);
  expect(clients?.contenders).not.toContain('axios-cloned');
  for (const {contenders} of others) expect(contenders.some(name => name.startsWith('limpid-'))).toBe(true);
  for (const {contenders} of others) expect(contenders).not.toContain('got');
});

describe('what is chosen', () => {
  test('is everything when nothing is named', () => {
    expect(chosen(rows, [], [])).toEqual(rows);
  });

  test('keeps floors and limpid beside the subjects that are named', () => {
    const [row] = chosen(rows, ['hit-fetch'], ['got']);
    expect(row?.contenders).toEqual(['floor-map', 'floor-http', 'floor-subclass', 'limpid-fetch', 'got']);
  });

  test('keeps a subject without its cache', () => {
    const [row] = chosen(rows, ['network'], ['got']);
    expect(row?.contenders).toContain('got without');
    expect(row?.contenders).not.toContain('undici-fetch without');
  });
});
