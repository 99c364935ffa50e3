// A search for counterexamples among parts: every answer is of one version, the right slice, and nobody else's.
// LIMPID_RACES, LIMPID_RACES_SEED and LIMPID_RACES_PATH mean what they mean to the other races.

import {describe, expect, test} from 'vitest';
import {searchedForParts} from './part-race.ts';
import type {Sabotage} from './race.ts';
import {halving, misplacing, relabelling, swapping, unexpiring, unfenced, untelling} from './saboteurs.ts';

const {LIMPID_RACES, LIMPID_RACES_SEED, LIMPID_RACES_PATH: path} = process.env;

/** Without a wish, always the same plans: a change that is not at fault does not meet a new counterexample. */
const usual = LIMPID_RACES === undefined ? 20_260_101 : Date.now() % 2 ** 31;
const seed = Number(LIMPID_RACES_SEED ?? usual);
const runs = Number(LIMPID_RACES ?? 500);

test('no order of events mixes parts', {timeout: 60_000 + runs * 100}, async () => {
  expect(await searchedForParts({runs, seed, path})).toBeUndefined();
});

type Row = {readonly name: string; readonly sabotage: Sabotage; readonly finds: RegExp};

const rows: readonly Row[] = [
  {name: 'a store without a fence', sabotage: {store: unfenced}, finds: /promise 2: .* outlived/},
  {name: 'a store that forgets expiries', sabotage: {store: unexpiring}, finds: /promise 2: .* outlived/},
  {name: 'a store that swaps partitions', sabotage: {store: swapping}, finds: /promise 4: byte .* for bob/},
  {name: 'a store that keeps half a body', sabotage: {store: halving}, finds: /promise 4:/},
  {name: 'a store that gives bytes from elsewhere', sabotage: {store: misplacing}, finds: /promise 4: byte/},
  {name: 'an origin that tags every version alike', sabotage: {transport: untelling}, finds: /promise 4: byte/},
  {name: 'a network that misplaces parts', sabotage: {transport: relabelling}, finds: /promise 4: byte/},
];

describe('the search among parts notices', () => {
  test.each(rows)('$name', {timeout: 60_000}, async ({sabotage, finds}) => {
    expect(await searchedForParts({runs: 600, seed: 1, sabotage, finds})).toMatch(finds);
  });
});
