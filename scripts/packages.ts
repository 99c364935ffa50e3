// Builds and packs the public packages, then meets them as a stranger would: publint, attw, and a project that
// installs the tarballs, compiles against them with several TypeScript versions, and runs.

import {cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, posix} from 'node:path';
import {filesUnder, textOf, workspaceRoot} from './source.ts';
import {Report, run, runNode} from './steps.ts';
import {filesIn, manifestIn, tarballProblems} from './tarball.ts';

type Manifest = {
  readonly name: string;
  readonly private?: boolean;
  readonly devDependencies?: Readonly<Record<string, string>>;
};
type Packed = {readonly name: string; readonly tarball: string};

const compilers = {ts59: 'npm:typescript@~5.9.0', ts60: 'npm:typescript@6.0.3', ts70: 'npm:typescript@7.0.2'};
const dom = ['ES2023', 'DOM', 'DOM.Iterable'];
/** What each of the consumer's programs has in scope. */
const surroundings = {
  'anywhere.ts': {lib: ['ES2023'], types: ['node']},
  'browser.ts': {lib: dom, types: ['node']},
  'commonjs.cts': {lib: ['ES2023'], types: ['node']},
  'page.ts': {lib: dom, types: []},
  'stores.ts': {lib: ['ES2023'], types: ['node']},
};

const manifestAt = (folder: string): Manifest => JSON.parse(textOf(`${folder}/package.json`)) as Manifest;

const publicFolders = (): readonly string[] =>
  filesUnder('packages', /^packages\/[^/]+\/package\.json$/)
    .map(path => posix.dirname(path))
    .filter(folder => !manifestAt(folder).private);

/** The script behind a command of the workspace's own tools. */
function toolScript(name: string, bin: string): string {
  const manifest = JSON.parse(textOf(`node_modules/${name}/package.json`)) as {readonly bin: unknown};
  const script = typeof manifest.bin === 'string' ? manifest.bin : (manifest.bin as Record<string, string>)[bin];
  return join(workspaceRoot, 'node_modules', name, script ?? '');
}

function build(report: Report): boolean {
  for (const folder of publicFolders()) rmSync(join(workspaceRoot, folder, 'dist'), {recursive: true, force: true});
  return report.ran('tsc -b', runNode([toolScript('typescript', 'tsc'), '-b', '--force'], workspaceRoot));
}

function pack(report: Report, into: string): readonly Packed[] {
  return publicFolders().flatMap(folder => {
    const {name} = manifestAt(folder);
    const before = new Set(readdirSync(into));
    const packed = run('pnpm', ['pack', '--pack-destination', into], join(workspaceRoot, folder));
    const tarball = readdirSync(into).find(file => file.endsWith('.tgz') && !before.has(file));
    report.add(`pack ${name}`, packed.ok && tarball ? [] : [packed.output]);
    return tarball ? [{name, tarball: join(into, tarball)}] : [];
  });
}

function inspect(report: Report, {name, tarball}: Packed, folder: string): void {
  const manifest = manifestIn(tarball, folder);
  report.add(`contents of ${name}`, tarballProblems(filesIn(tarball, folder), manifest));
  report.ran(`publint ${name}`, runNode([toolScript('publint', 'publint'), tarball, '--strict'], folder));
  const root = manifest.exports?.['.'];
  const profile = typeof root === 'object' && root.require !== undefined ? 'node16' : 'esm-only';
  const attw = [toolScript('@arethetypeswrong/cli', 'attw'), tarball, '--profile', profile, '--no-emoji'];
  report.ran(`attw ${name}`, runNode(attw, folder));
}

function tsconfigFor(files: readonly string[], {lib, types}: (typeof surroundings)[keyof typeof surroundings]): string {
  const compilerOptions = {
    target: 'ES2023',
    lib,
    module: 'NodeNext',
    types,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    allowImportingTsExtensions: true,
  };
  return JSON.stringify({compilerOptions, files});
}

/** A project with the tarballs, the clients they serve, and the compilers, each under its own name. */
function writeConsumer(folder: string, packed: readonly Packed[]): void {
  const root = JSON.parse(textOf('package.json')) as Manifest;
  const catalog = textOf('pnpm-workspace.yaml');
  const pinned = (name: string): string => new RegExp(`^ {2}${name}: (\\S+)$`, 'm').exec(catalog)?.[1] ?? '*';
  const dependencies = {
    ...Object.fromEntries(packed.map(({name, tarball}) => [name, `file:${tarball}`])),
    ...compilers,
    '@types/node': root.devDependencies?.['@types/node'] ?? '22',
    axios: pinned('axios'),
    ky: pinned('ky'),
    redis: pinned('redis'),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({private: true, type: 'module', dependencies}));
  for (const path of filesUnder('scripts/consumer', /\.txt$/)) {
    cpSync(join(workspaceRoot, path), join(folder, posix.basename(path, '.txt')));
  }
  for (const [name, around] of Object.entries(surroundings)) {
    writeFileSync(join(folder, `${name}.json`), tsconfigFor([name], around));
  }
}

function consume(report: Report, folder: string, packed: readonly Packed[]): void {
  writeConsumer(folder, packed);
  const install = run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
  if (!report.ran('npm install of the tarballs', install)) return;
  for (const compiler of Object.keys(compilers)) {
    for (const name of Object.keys(surroundings)) {
      const tsc = [join(folder, 'node_modules', compiler, 'bin', 'tsc'), '-p', `${name}.json`];
      report.ran(`${compiler} compiles ${name}`, runNode(tsc, folder));
    }
  }
  for (const program of ['program.mjs', 'program.cjs', 'stores.mjs'])
    report.ran(`${program} runs`, runNode([program], folder));
}

function main(): void {
  const report = new Report();
  const folder = mkdtempSync(join(tmpdir(), 'limpid-packages-'));
  try {
    if (build(report)) {
      const packed = pack(report, folder);
      for (const each of packed) inspect(report, each, folder);
      const consumer = join(folder, 'consumer');
      mkdirSync(consumer);
      consume(report, consumer, packed);
    }
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  report.close('packages');
}

main();
