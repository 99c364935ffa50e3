// The main job: what each client asked, what reached the origin, what came back, and why.

import {argumentsOf, usage} from './arguments.ts';
import {readUrl} from './reading.ts';
import {tellStory} from './telling.ts';

/** Wrong arguments, as most tools say it. */
const misuse = 2;

function main(): Promise<number> | number {
  const asked = argumentsOf(process.argv.slice(2));
  switch (asked.type) {
    case 'help':
      console.log(usage);
      return 0;
    case 'wrong':
      console.error(`${asked.message}\n\n${usage}`);
      return misuse;
    case 'url':
      return readUrl(asked.url);
    case 'story':
      return tellStory();
    default:
      return asked satisfies never;
  }
}

// Whoever reads along may leave early, as `head` does.
process.stdout.on('error', () => process.exit());

process.exitCode = await main();
