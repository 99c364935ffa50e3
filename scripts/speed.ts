// Shows how fast limpid is, beside others: in README.md, between `<!-- speed -->` and `<!-- /speed -->`.
// `pnpm speed RUN.json …` takes what `pnpm bench --json` wrote, and keeps it as docs/speed.json; without files, the kept
// figures are shown again. Nothing is measured here, and no time is judged.

import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {withBlock} from './markdown.ts';
import {textOf, workspaceRoot} from './source.ts';
import {block, type Reason, unexplained} from './speed/block.ts';
import {type Figures, figuresOf, type Run} from './speed/figures.ts';
import {Report} from './steps.ts';

export const figuresPath = 'docs/speed.json';
const reasonsPath = 'scripts/speed/unmet.json';
const readmePath = 'README.md';

export const keptFigures = (): Figures => JSON.parse(textOf(figuresPath)) as Figures;
export const keptReasons = (): readonly Reason[] => JSON.parse(textOf(reasonsPath)) as Reason[];

/** A README with the section about these figures; `undefined` when it has no place for it. */
export const published = (readme: string, figures: Figures, reasons: readonly Reason[]): string | undefined =>
  withBlock(readme, 'speed', block(figures, reasons));

function write(path: string, text: string): void {
  writeFileSync(join(workspaceRoot, path), text);
}

function main(paths: readonly string[]): void {
  const report = new Report();
  const runs = paths.map(path => JSON.parse(readFileSync(path, 'utf8')) as Run);
  const figures = runs.length === 0 ? keptFigures() : figuresOf(runs, new Date().toISOString().slice(0, 10));
  if (runs.length > 0) write(figuresPath, `${JSON.stringify(figures)}\n`);
  const readme = published(textOf(readmePath), figures, keptReasons());
  if (readme !== undefined) write(readmePath, readme);
  report.add('README.md shows the figures', readme === undefined ? ['it lacks <!-- speed --> or <!-- /speed -->'] : []);
  report.add('goals that are not met are explained', unexplained(figures, keptReasons()));
  report.close('speed');
}

if (import.meta.main) main(process.argv.slice(2).filter(word => word !== '--'));
