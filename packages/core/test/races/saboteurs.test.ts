import {describe, expect, test} from 'vitest';
import {plans} from './plan.ts';
import type {Sabotage} from './race.ts';
import {searched} from './racing.ts';
import * as saboteurs from './saboteurs.ts';

type Row = {readonly name: string; readonly sabotage: Sabotage; readonly finds: RegExp};

const rows: readonly Row[] = [
  {name: 'a store without a fence', sabotage: {store: saboteurs.unfenced}, finds: /promise 2: .* outlived/},
  {
    name: 'a store that tells flights nothing of clears',
    sabotage: {store: saboteurs.unaware},
    finds: /promise 2: .* outlived/,
  },
  {
    name: 'a store that forgets expiries',
    sabotage: {store: saboteurs.unexpiring},
    finds: /promise 2: .* outlived expire/,
  },
  {name: 'a store that swaps partitions', sabotage: {store: saboteurs.swapping}, finds: /promise 3: .*'s data/},
  {name: 'a store that keeps half a body', sabotage: {store: saboteurs.halving}, finds: /promise 4: the body/},
  {name: 'a store that confuses bodies', sabotage: {store: saboteurs.confusing}, finds: /promise 4: the body/},
  {
    name: 'a store that keeps room for what never came',
    sabotage: {store: saboteurs.hoarding},
    finds: /promise 7: the store keeps room/,
  },
  {
    name: 'a network that truncates silently',
    sabotage: {transport: saboteurs.truncating},
    finds: /promise 4: the body/,
  },
  {
    name: 'a network that stalls',
    sabotage: {transport: saboteurs.stalling},
    finds: /promise 6: .* waits for its body for ever/,
  },
];

describe('the races notice', () => {
  test.each(rows)('$name', {timeout: 60_000}, async ({sabotage, finds}) => {
    expect(await searched(plans, {runs: 400, seed: 1, sabotage, finds})).toMatch(finds);
  });
});
