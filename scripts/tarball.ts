// What may stand in a tarball we publish, and what must.

import {run} from './steps.ts';

/** Files by condition; under `require` stands the same for CommonJS. */
type Targets = {readonly [condition: string]: string | Targets};
type Manifest = {
  readonly exports?: Readonly<Record<string, string | Targets>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
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

const targetsIn = (targets: Targets): readonly string[] =>
  Object.values(targets).flatMap(target => (typeof target === 'string' ? [target] : targetsIn(target)));

const conditionsIn = (targets: Targets): readonly string[] =>
  Object.entries(targets).flatMap(([name, target]) => [
    name,
    ...(typeof target === 'string' ? [] : conditionsIn(target)),
  ]);

/** What is wrong with the list of files and the manifest of a tarball. */
export function tarballProblems(files: readonly string[], manifest: Manifest): readonly string[] {
  const exported = Object.values(manifest.exports ?? {}).map(target =>
    typeof target === 'string' ? {default: target} : target,
  );
  const needed = [...required, ...exported.flatMap(targetsIn).map(path => path.replace(/^\.\//, ''))];
  const allowed = (path: string): boolean =>
    required.includes(path) ||
    path === 'ERRORS.md' ||
    path === 'REASONS.md' ||
    path === 'commonjs/package.json' ||
    (/^(?:dist|commonjs)\/.*\.(?:js|d\.ts)$/.test(path) && !/\.test(?:-d)?\./.test(path));
  return [
    ...needed.filter(path => !files.includes(path)).map(path => `lacks ${path}`),
    ...files.filter(path => !allowed(path)).map(path => `holds ${path}`),
    ...exported
      .flatMap(conditionsIn)
      .filter(name => !['types', 'default', 'require'].includes(name))
      .map(name => `has the condition ${name}`),
    ...Object.entries({...manifest.dependencies, ...manifest.peerDependencies})
      .filter(([, range]) => /^(?:workspace|catalog|link|file):/.test(range))
      .map(([name, range]) => `depends on ${name} by ${range}`),
    ...(exported.length === 0 ? ['has no exports'] : []),
  ];
}
