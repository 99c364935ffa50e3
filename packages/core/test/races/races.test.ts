import {expect, test} from 'vitest';
import {plans, troubledPlans} from './plan.ts';
import {type Search, searched} from './racing.ts';

const {LIMPID_RACES, LIMPID_RACES_SEED, LIMPID_RACES_PATH} = process.env;

const search = (runs: number): Search => ({
  runs: Number(LIMPID_RACES ?? runs),
  seed: Number(LIMPID_RACES_SEED ?? (LIMPID_RACES === undefined ? 20_260_101 : Date.now() & 0x7fffffff)),
  ...(LIMPID_RACES_PATH !== undefined && {path: LIMPID_RACES_PATH}),
});

test('no interleaving breaks a promise', {timeout: 3_600_000}, async () => {
  expect(await searched(plans, search(600))).toBeUndefined();
});

test('no interleaving breaks a promise while the store fails and hangs', {timeout: 3_600_000}, async () => {
  expect(await searched(troubledPlans, search(300))).toBeUndefined();
});
