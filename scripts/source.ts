// Source files as syntax trees, for the scripts and tests that read this workspace. Nothing here runs the code it reads.

import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join, relative, sep} from 'node:path';
import {type ESTree, type ParseResult, parseSync} from 'vite';

export type Comment = ParseResult['comments'][number];

/** One parsed file; `path` is relative to the workspace, with slashes on every system. */
export type SourceFile = {
  readonly path: string;
  readonly text: string;
  readonly program: ESTree.Program;
  readonly comments: readonly Comment[];
};

/** The folder that holds pnpm-workspace.yaml. */
export const workspaceRoot: string = join(import.meta.dirname, '..');

const leftOut = new Set(['node_modules', 'dist', 'coverage']);

/** Whether a file holds tests or serves only tests. */
export const isTest = (path: string): boolean =>
  /\.test(?:-d)?\.ts$/.test(path) || /^packages\/[^/]+\/test\//.test(path);

/** The files under a folder of the workspace whose path matches, sorted; none when the folder is absent. */
export function filesUnder(folder: string, matches: RegExp = /\.ts$/): readonly string[] {
  const absolute = join(workspaceRoot, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, {withFileTypes: true})
    .filter(({name}) => !leftOut.has(name))
    .flatMap(child => {
      const path = relative(workspaceRoot, join(absolute, child.name)).split(sep).join('/');
      if (child.isDirectory()) return filesUnder(path, matches);
      return matches.test(path) ? [path] : [];
    })
    .toSorted();
}

/** The text of a workspace file. */
export const textOf = (path: string): string => readFileSync(join(workspaceRoot, path), 'utf8');

/** A syntax tree of the text; throws when it is not TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const {program, comments, errors} = parseSync(path, text, {lang: 'ts', sourceType: 'module'});
  const [first] = errors;
  if (first) throw new SyntaxError(`${path}: ${first.message}`);
  return {path, text, program, comments};
}

/** Every TypeScript file of the packages, tests included. */
export const packageSources = (): readonly SourceFile[] =>
  filesUnder('packages').map(path => parseSource(path, textOf(path)));

/** The line a position stands on, counted from 1. */
export const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length;
