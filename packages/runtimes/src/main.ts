// `pnpm runtimes`: the suite in every runtime, or in those that are named. Fails when one is missing.

import {startOrigin} from './origin.ts';
import {runtimes} from './runtimes.ts';

const names = process.argv.slice(2);
for (const name of names) {
  if (!(name in runtimes)) {
    console.error(`there is no runtime ${name}; allowed: ${Object.keys(runtimes).join(', ')}`);
    process.exit(2);
  }
}

for (const [name, run] of Object.entries(runtimes)) {
  if (names.length > 0 && !names.includes(name)) continue;
  // Each with counts of its own.
  const origin = await startOrigin();
  try {
    const outcomes = await run(origin.url);
    const failed = outcomes.filter(({error}) => error !== undefined);
    console.log(`${name}: ${outcomes.length - failed.length} passed, ${failed.length} failed`);
    for (const {title, error} of failed) console.log(`  ${title}\n    ${error?.replaceAll('\n', '\n    ')}`);
    if (failed.length > 0 || outcomes.length === 0) process.exitCode = 1;
  } catch (error) {
    console.log(`${name}: did not run: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    origin.stop();
  }
}
