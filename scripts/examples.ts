// Runs every example as a reader would and compares what it prints with the `/* prints: … */` comment at its end.
// Ports differ from run to run: both sides say `PORT` for the port of a loopback address.

import {filesUnder, textOf, workspaceRoot} from './source.ts';
import {Report, runNode} from './steps.ts';

/** What the file says it prints; `undefined` when it does not say. */
export const expectedOutput = (text: string): string | undefined =>
  /\/\*\s*prints:[ \t]*\n(?<output>[\s\S]*?)\s*\*\/\s*$/.exec(text)?.groups?.output;

/** A text without what differs from run to run. */
export const settled = (text: string): string =>
  text
    .replaceAll(/(127\.0\.0\.1|localhost|\[::1\]):\d+/g, '$1:PORT')
    .split(/\r?\n/)
    .map(line => line.trimEnd())
    .join('\n')
    .trim();

/** The first line in which two texts differ. */
function difference(expected: string, printed: string): readonly string[] {
  if (expected === printed) return [];
  const [wanted, got] = [expected.split('\n'), printed.split('\n')];
  const index = wanted.findIndex((line, at) => line !== got[at]);
  const line = index < 0 ? wanted.length : index;
  return [
    `line ${line + 1}: expected ${wanted[line] ?? 'the end'}`,
    `line ${line + 1}: printed  ${got[line] ?? 'nothing'}`,
  ];
}

function problemsOf(path: string): readonly string[] {
  const expected = expectedOutput(textOf(path));
  if (expected === undefined) return ['it does not end with /* prints: … */'];
  const {ok, output} = runNode(['--conditions=@limpid/source', path], workspaceRoot);
  return ok ? difference(settled(expected), settled(output)) : [output];
}

function main(): void {
  const report = new Report();
  const examples = filesUnder('examples', /^examples\/[^/]+\.ts$/);
  for (const path of examples) report.add(path, problemsOf(path));
  if (examples.length === 0) console.log('there is no example to run');
  report.close('examples');
}

if (import.meta.main) main();
