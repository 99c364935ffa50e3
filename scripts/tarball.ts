// What may stand in a tarball we publish, and what must.

import {run} from './steps.ts';

type Targets = Readonly<Record<string, string>>;
type Manifest = {
  readonly exports?: Readonly<Record<string, Targets>>;
  readonly dependencies?: Readonly<Record<string, string>>;
};

const required = ['package.json', 'LICENSE', 'README.md'];

/** The files of a tarball, without npm's `package/` folder. */
export function filesIn(tarball: string, cwd: string): readonly string[] {
  const {output} = run('tar', ['-tzf', tarball], cwd);
  return output.split(/\r?\n/).flatMap(line => (line.startsWith('package/') ? [line.slice('package/'.length)] : []));
}

/** The manifest as it will be published. */
export const manifestIn = (tarball: string, cwd: string): Manifest =>
  JSON.parse(run('tar', ['-xzOf', tarball, 'package/package.json'], cwd).output) as Manifest;

/** What is wrong with the list of files and the manifest of a tarball. */
export function tarballProblems(files: readonly string[], manifest: Manifest): readonly string[] {
  const exported = Object.values(manifest.exports ?? {});
  const needed = [
    ...required,
    ...exported.flatMap(targets => Object.values(targets).map(path => path.replace(/^\.\//, ''))),
  ];
  const allowed = (path: string): boolean =>
    required.includes(path) ||
    path === 'ERRORS.md' ||
    path === 'REASONS.md' ||
    (/^dist\/.*\.(?:js|d\.ts)$/.test(path) && !/\.test(?:-d)?\./.test(path));
  return [
    ...needed.filter(path => !files.includes(path)).map(path => `lacks ${path}`),
    ...files.filter(path => !allowed(path)).map(path => `holds ${path}`),
    ...exported
      .flatMap(targets => Object.keys(targets).filter(name => !['types', 'default'].includes(name)))
      .map(name => `has the condition ${name}`),
    ...Object.entries(manifest.dependencies ?? {})
      .filter(([, range]) => /^(?:workspace|catalog|link|file):/.test(range))
      .map(([name, range]) => `depends on ${name} by ${range}`),
    ...(exported.length === 0 ? ['has no exports'] : []),
  ];
}
