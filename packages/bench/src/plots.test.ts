import {expect, test} from 'vitest';
import {cellOf, resultOf} from '../test/results.ts';
import {plotsOf} from './plots.ts';

const plot = {measure: 'bytes', axis: 'bytes of a body'};

test('a row that varies something is drawn with everyone who takes part', () => {
  const cells = (['floor-http', 'limpid-fetch', 'got'] as const).flatMap((contender, index) =>
    [10, 100, 1000].map(x => cellOf(contender, 'bytes', [x * (index + 1)], x)),
  );
  const svg = plotsOf([resultOf(cells, [], {plot})]).get('made') ?? '';
  expect(svg).toMatch(/^<svg /);
  expect(svg).not.toContain('<style');
  expect(svg).toContain('<title>Made by hand</title>');
  for (const text of ['Made by hand', 'floor-http', 'limpid-fetch', 'got', 'bytes of a body', 'µs'])
    expect(svg).toContain(text);
});

test('a row that varies nothing is not', () => {
  expect(plotsOf([resultOf([cellOf('got', 'bytes', [1])])])).toEqual(new Map());
});
