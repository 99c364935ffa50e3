// The command: measures the rows that are asked for, and prints, writes and draws what came out.

import {mkdirSync, writeFileSync} from 'node:fs';
import {availableParallelism, loadavg} from 'node:os';
import {join} from 'node:path';
import {type Arguments, argumentsOf, usage} from './arguments.ts';
import {start} from './child.ts';
import {chosen, spared} from './choosing.ts';
import {fullEffort, measureRow, quickEffort} from './coordinator.ts';
import {plotsOf} from './plots.ts';
import {asData, rowLines, summaryLines} from './report.ts';
import type {Result} from './row.ts';
import {rows} from './rows.ts';

/** Wrong options. */
const misuse = 2;

async function run(asked: Extract<Arguments, {type: 'run'}>): Promise<number> {
  const origin = start('origin.ts');
  const results: Result[] = [];
  let busiest = 0;
  try {
    const listening = await origin.ask();
    if (listening.type !== 'listening') throw new Error('the origin does not listen');
    const effort = asked.isQuick ? quickEffort : fullEffort;
    const wanted = chosen(rows, asked.rows, asked.subjects);
    for (const row of asked.isQuick ? spared(wanted) : wanted) {
      const result = await measureRow(row, effort, `http://127.0.0.1:${listening.port}`, name =>
        process.stderr.write(`measuring ${name} …\n`),
      );
      results.push(result);
      busiest = Math.max(busiest, loadavg()[0] ?? 0);
      console.log(rowLines(result).join('\n'));
    }
  } finally {
    await origin.stop();
  }
  console.log(summaryLines(results).join('\n'));
  if (busiest > availableParallelism() + 1)
    console.log(`Others kept the machine busy (load ${busiest.toFixed(1)}): measure again when it is quiet.`);
  if (asked.isQuick) console.log('This was --quick: it shows that everything works, and its numbers say nothing.');
  if (asked.json !== undefined) writeFileSync(asked.json, `${JSON.stringify(asData(results), null, 2)}\n`);
  if (asked.plots !== undefined) draw(results, asked.plots);
  return results.some(({failures}) => failures.length > 0) ? 1 : 0;
}

function draw(results: readonly Result[], folder: string): void {
  mkdirSync(folder, {recursive: true});
  for (const [name, svg] of plotsOf(results)) writeFileSync(join(folder, `${name}.svg`), svg);
}

async function main(): Promise<number> {
  const asked = argumentsOf(process.argv.slice(2));
  if (asked.type === 'run') return run(asked);
  if (asked.type === 'help') console.log(usage);
  else console.error(`${asked.message}\n\n${usage}`);
  return asked.type === 'help' ? 0 : misuse;
}

process.exitCode = await main();
