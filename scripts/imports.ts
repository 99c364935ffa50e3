// Who imports whom, type imports included.

import {posix} from 'node:path';
import {type ESTree, Visitor} from 'vite';
import {filesUnder, type SourceFile, textOf} from './source.ts';

/** One import as written; `specifier` is `undefined` when it is computed at run time. */
export type Import = {readonly specifier: string | undefined; readonly position: number};

/** From each file to the files of the workspace it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Finds the file an import leads to; `undefined` for what is not ours. */
export type Resolve = (specifier: string, from: string) => string | undefined;

/** Every import, export-from, `import()` and `import('…').Type` of a file. */
export function importsOf(source: SourceFile): readonly Import[] {
  const imports: Import[] = [];
  const take = (from: ESTree.Node | null): void => {
    if (!from) return;
    const literal = from.type === 'Literal' && typeof from.value === 'string' ? from.value : undefined;
    imports.push({specifier: literal, position: from.start});
  };
  new Visitor({
    ImportDeclaration: node => take(node.source),
    ExportNamedDeclaration: node => take(node.source),
    ExportAllDeclaration: node => take(node.source),
    ImportExpression: node => take(node.source),
    TSImportType: node => take(node.source),
    TSExternalModuleReference: node => take(node.expression),
  }).visit(source.program);
  return imports;
}

type Manifest = {readonly name: string; readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>};

/** The workspace's own public entries: from `limpid/ky` to `packages/core/src/ky.ts`. */
export function workspaceEntries(): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const path of filesUnder('packages', /^packages\/[^/]+\/package\.json$/)) {
    const manifest = JSON.parse(textOf(path)) as Manifest;
    for (const [entry, targets] of Object.entries(manifest.exports ?? {})) {
      const target = targets['@limpid/source'];
      if (target) entries.set(posix.join(manifest.name, entry), posix.join(posix.dirname(path), target));
    }
  }
  return entries;
}

/** Resolves relative paths and the given entries. */
export const resolverFor =
  (entries: ReadonlyMap<string, string>): Resolve =>
  (specifier, from) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : entries.get(specifier);

/** The graph of these files; what they import from elsewhere is left out. */
export function importGraph(sources: readonly SourceFile[], resolve: Resolve): ImportGraph {
  return new Map(
    sources.map(source => {
      const targets = importsOf(source).flatMap(({specifier}) => {
        const target = specifier === undefined ? undefined : resolve(specifier, source.path);
        return target === undefined ? [] : [target];
      });
      return [source.path, [...new Set(targets)]];
    }),
  );
}

/** Each cycle once, as the files on it, the first repeated at the end. */
export function cyclesOf(graph: ImportGraph): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const follow = (file: string): void => {
    const seenAt = trail.indexOf(file);
    if (seenAt >= 0) cycles.push([...trail.slice(seenAt), file]);
    if (seenAt >= 0 || finished.has(file)) return;
    trail.push(file);
    for (const target of graph.get(file) ?? []) follow(target);
    trail.pop();
    finished.add(file);
  };
  for (const file of graph.keys()) follow(file);
  return cycles;
}
