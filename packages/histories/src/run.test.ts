import {describe, expect, test} from 'vitest';
import {run} from './run.ts';
import {allSabotages, storeKinds} from './stores.ts';

const seed = Date.now() % 1_000_000;

/** On a machine without Redis what is made over it is left out; `scripts/programs.ts` looks, and says so. */
const isWithoutRedis = process.env.LIMPID_LEFT_OUT?.split(' ').includes('redis-server') === true;
const kinds = storeKinds.filter(kind => !(isWithoutRedis && kind.includes('redis')));

describe(`with the seed ${seed}`, () => {
  test.each(kinds)('no process is given what another has cleared: %s', {timeout: 120_000}, async kind => {
    const outcome = await run({kind, operations: 4_000, processes: 3, seed});
    expect(outcome.violations).toEqual([]);
    expect(outcome.operations).toBeGreaterThanOrEqual(4_000);
    expect(outcome.hits).toBeGreaterThan(1_000);
    expect(outcome.clears).toBeGreaterThan(30);
    expect(outcome.expiries).toBeGreaterThan(15);
  });

  test.each(allSabotages)('a store that is %s is caught', {timeout: 120_000}, async sabotage => {
    const kind = sabotage === 'trusting' ? 'tiered-sqlite' : 'sqlite';
    const {violations} = await run({kind, sabotage, operations: 6_000, processes: 3, seed});
    expect(violations.length).toBeGreaterThan(0);
    expect(violations.map(({message}) => message).filter(message => message.startsWith('failed'))).toEqual([]);
  });
});
