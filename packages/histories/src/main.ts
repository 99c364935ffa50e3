// `pnpm histories`: looks for a counterexample to "a clear wins", across processes.

import {type ParseArgsOptionsConfig, parseArgs} from 'node:util';
import {run} from './run.ts';
import {type StoreKind, storeKinds} from './stores.ts';

const usage = `Looks for a counterexample to "a clear wins" across processes that share a store.

  pnpm histories
    --store ${storeKinds.join('|')}      may be repeated; default: each
    --operations 100000                  per store, of all processes together
    --processes 4
    --seed <number>                      what the processes do; default: another each time

The exit code is 1 when a promise was broken.`;

const options = {
  store: {type: 'string', multiple: true, default: storeKinds as string[]},
  operations: {type: 'string', default: '100000'},
  processes: {type: 'string', default: '4'},
  seed: {type: 'string', default: String(Date.now() % 1_000_000)},
  help: {type: 'boolean', short: 'h'},
} satisfies ParseArgsOptionsConfig;

const whole = (name: string, value: string): number => {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new TypeError(`--${name} is ${value}; allowed: a whole number above 0`);
};

async function main(): Promise<void> {
  const {values} = parseArgs({options});
  if (values.help) {
    console.log(usage);
    return;
  }
  const [operations, processes, seed] = (['operations', 'processes', 'seed'] as const).map(name =>
    whole(name, values[name]),
  ) as [number, number, number];
  for (const kind of values.store) {
    if (!storeKinds.includes(kind as StoreKind))
      throw new TypeError(`--store is ${kind}; allowed: ${storeKinds.join(', ')}`);
    // First: a run that is broken off can be repeated, too.
    console.log(`--store ${kind} --operations ${operations} --processes ${processes} --seed ${seed}`);
    const outcome = await run({kind: kind as StoreKind, operations, processes, seed});
    const {hits, clears, expiries, generated, seconds, violations} = outcome;
    const counts = {hits, generated, clears, expiries, violations: violations.length};
    const told = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
    console.log(`  ${outcome.operations} operations in ${seconds.toFixed(1)} s: ${told.join(', ')}`);
    if (Math.min(hits, generated, clears, expiries) === 0) {
      console.log('  proves nothing: none of something happened');
      process.exitCode = 1;
    }
    for (const {message, operation} of outcome.violations.slice(0, 10))
      console.log(`  ${message}: ${JSON.stringify(operation)}`);
    if (outcome.violations.length > 0) process.exitCode = 1;
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof TypeError ? error.message : error);
  process.exitCode = 2;
});
