// A search for counterexamples: no order of events breaks a promise. Longer, from a new seed: LIMPID_RACES=20000.
// A counterexample tells its LIMPID_RACES_SEED and LIMPID_RACES_PATH: with them, and its test alone (-t), it runs again.

import {expect, test} from 'vitest';
import {plans, troubledPlans} from './plan.ts';
import {searched} from './racing.ts';

const {LIMPID_RACES, LIMPID_RACES_SEED, LIMPID_RACES_PATH: path} = process.env;

/** Without a wish, always the same plans: a change that is not at fault does not meet a new counterexample. */
const usual = LIMPID_RACES === undefined ? 20_260_101 : Date.now() % 2 ** 31;
const seed = Number(LIMPID_RACES_SEED ?? usual);
const runs = Number(LIMPID_RACES ?? 1_000);
const timeout = 60_000 + runs * 100;

test('no order of events breaks a promise over a store that works', {timeout}, async () => {
  expect(await searched(plans, {runs, seed, path})).toBeUndefined();
});

test('no order of events breaks a promise over a store that fails', {timeout}, async () => {
  expect(await searched(troubledPlans, {runs, seed, path})).toBeUndefined();
});
