import {describe, expect, test} from 'vitest';
import {expectedOutput, settled} from '../scripts/examples.ts';
import {tarballProblems} from '../scripts/tarball.ts';

const files = ['package.json', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts'];
const manifest = {
  exports: {'.': {types: './dist/index.d.ts', default: './dist/index.js'}, './package.json': './package.json'},
  dependencies: {a: '^1.0.0'},
};

describe('a tarball', () => {
  test('with code, types and papers is in order', () => {
    expect(tarballProblems(files, manifest)).toEqual([]);
  });
  test('may hold the same for CommonJS', () => {
    const require = {types: './commonjs/index.d.ts', default: './commonjs/index.js'};
    const exports = {'.': {require, ...manifest.exports['.']}};
    const both = [...files, 'commonjs/package.json', 'commonjs/index.js'];
    expect(tarballProblems([...both, 'commonjs/index.d.ts'], {exports})).toEqual([]);
    expect(tarballProblems(both, {exports})).toEqual(['lacks commonjs/index.d.ts']);
  });
  test.each(['LICENSE', 'README.md', 'dist/index.d.ts'])('is told what it lacks: %s', path => {
    expect(
      tarballProblems(
        files.filter(file => file !== path),
        manifest,
      ),
    ).toEqual([`lacks ${path}`]);
  });
  test.each(['src/index.ts', 'dist/index.js.map', 'dist/age.test.js', 'dist/tsconfig.tsbuildinfo', '.env'])(
    'is told what it must not hold: %s',
    path => {
      expect(tarballProblems([...files, path], manifest)).toEqual([`holds ${path}`]);
    },
  );
  test('may not resolve to the sources', () => {
    const exports = {'.': {'@limpid/source': './dist/index.js', default: './dist/index.js'}};
    expect(tarballProblems(files, {exports})).toEqual(['has the condition @limpid/source']);
  });
  test.each(['workspace:^', 'catalog:'])('may not depend on the workspace by %s', range => {
    expect(tarballProblems(files, {...manifest, dependencies: {a: range}})).toEqual([`depends on a by ${range}`]);
    expect(tarballProblems(files, {...manifest, peerDependencies: {a: range}})).toEqual([`depends on a by ${range}`]);
  });
});

describe('an example', () => {
  test('says at its end what it prints', () => {
    expect(expectedOutput('run();\n\n/* prints:\none\n  two\n*/\n')).toBe('one\n  two');
    expect(expectedOutput('/* prints:\none\n*/\nrun();\n')).toBeUndefined();
  });
  test('prints a port that is not compared', () => {
    expect(settled('http://127.0.0.1:4711/a  \r\nhttp://localhost:80\n')).toBe(
      'http://127.0.0.1:PORT/a\nhttp://localhost:PORT',
    );
  });
});
