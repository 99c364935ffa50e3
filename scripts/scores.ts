// Shows how limpid does on http-tests/cache-tests, beside others: in README.md, between `<!-- scores -->` and
// `<!-- /scores -->`, and as docs/conformance.svg. Every number comes from a run or from published-scores.json.
// `pnpm scores --check` writes nothing and fails when they are not what the runs give.

import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {readAgreed} from '../packages/conformance/src/differences.ts';
import {suitePath} from '../packages/conformance/src/suite.ts';
import {blockIn, withBlock} from './markdown.ts';
import {block, chartPath, comparisonOf, type Shown} from './scores/block.ts';
import {chart} from './scores/chart.ts';
import {edition, type Run, runAll, settings} from './scores/runs.ts';
import type {Published} from './scores/systems.ts';
import {textOf, workspaceRoot} from './source.ts';
import {Report} from './steps.ts';

const readmePath = 'README.md';
const name = 'scores';

/** The day that a README gives for limpid's own scores. */
const dateIn = (readme: string): string | undefined =>
  /^\| \*\*limpid\*\* .*\| (?<date>\d{4}-\d{2}-\d{2}) \|$/m.exec(blockIn(readme, name) ?? '')?.groups?.date;

const readIn = (folder: string, path: string): string | undefined =>
  existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined;

function writeIn(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), {recursive: true});
  writeFileSync(join(folder, path), text);
}

/** What is wrong with the pages in a folder; when they are to be written, no more than what hinders that. */
export function publish(folder: string, shown: Omit<Shown, 'date'>, how: 'write' | 'check'): readonly string[] {
  const readme = readIn(folder, readmePath) ?? '';
  const ran = (shown.runs[0]?.date ?? '').slice(0, 10);
  // Scores that did not change are as true on the day of the check as on the day they were written down.
  const dated: Shown = {...shown, date: how === 'check' ? (dateIn(readme) ?? ran) : ran};
  const text = withBlock(readme, name, block(dated));
  if (text === undefined) return [`${readmePath} lacks <!-- ${name} --> or <!-- /${name} -->`];
  const {systems, totals} = comparisonOf(dated);
  const pages = [
    [readmePath, text],
    [chartPath, chart(systems, totals)],
  ] as const;
  if (how === 'check')
    return pages
      .filter(([path, wanted]) => readIn(folder, path) !== wanted)
      .map(([path]) => `${path} is not what the runs give: run \`pnpm scores\``);
  for (const [path, wanted] of pages) writeIn(folder, path, wanted);
  return [];
}

/** Runs over another edition than the published scores are about. */
export const ofOtherEditions = (runs: readonly Run[]): readonly string[] =>
  runs
    .filter(({suite}) => suite.digest !== edition.digest)
    .map(({suite}) => `the suite is ${suite.digest}, and ${edition.digest} is commit ${edition.commit}`)
    .slice(0, 1);

function show(report: Report, folder: string): void {
  const runs = runAll(folder, report);
  if (runs.length < settings.length) return;
  const published = JSON.parse(textOf('packages/conformance/published-scores.json')) as readonly Published[];
  const how = process.argv.includes('--check') ? 'check' : 'write';
  const wrong = ofOtherEditions(runs);
  const complaints = wrong.length > 0 ? wrong : publish(workspaceRoot, {runs, published, agreed: readAgreed()}, how);
  report.add(`${how} ${readmePath} and ${chartPath}`, complaints);
}

function main(): void {
  const unknown = process.argv.slice(2).filter(given => given !== '--check');
  if (unknown.length > 0) {
    console.error(`unknown argument ${unknown.join(' ')}; allowed: --check`);
    process.exitCode = 2;
    return;
  }
  const report = new Report();
  const folder = mkdtempSync(join(tmpdir(), 'limpid-scores-'));
  try {
    if (existsSync(suitePath())) show(report, folder);
    else report.add('the tests', [`there are none at ${suitePath()}: set CACHE_TESTS to the path of their tests.json`]);
  } finally {
    rmSync(folder, {recursive: true});
  }
  report.close('scores');
}

if (import.meta.main) main();
