// Mutation tests of the rooms that only compute: `pnpm mutate` for all of them, `pnpm mutate policy` for one,
// `pnpm mutate fields/age.ts fields/list.ts` for some files. A mutant must be killed by the tests of its own room.

import {Stryker} from '@stryker-mutator/core';

const rooms: readonly string[] = ['fields', 'policy', 'decide'];
const source = 'packages/core/src';

const wanted = process.argv.slice(2);
const roomOf = (path: string): string => path.split('/')[0] ?? '';
const strangers = wanted.filter(path => !rooms.includes(roomOf(path)));
if (strangers.length > 0) {
  console.error(`${strangers.join(', ')}: give rooms or files of rooms, among ${rooms.join(', ')}`);
  process.exit(2);
}

for (const room of rooms) {
  const paths = wanted.length === 0 ? [room] : wanted.filter(path => roomOf(path) === room);
  if (paths.length === 0) continue;
  // What the test runners, processes of their own, read in vitest.config.ts.
  process.env.MUTATED_ROOM = room;
  await new Stryker({
    mutate: [
      ...paths.map(path => (path === room ? `${source}/${room}/**/*.ts` : `${source}/${path}`)),
      '!**/*.test.ts',
      // Reasons in words: prose, which no test should repeat.
      '!**/reasons.ts',
    ],
    htmlReporter: {fileName: `reports/mutation/${room}.html`},
    jsonReporter: {fileName: `reports/mutation/${room}.json`},
  }).runMutationTest();
}
