import {describe, expect, test} from 'vitest';
import {resolverFor, workspaceEntries} from '../scripts/imports.ts';
import {filesUnder, isTest, packageSources, parseSource, type SourceFile, textOf} from '../scripts/source.ts';
import {
  cycles,
  flags,
  impurities,
  platformImports,
  tooLong,
  undeclared,
  unfinishedOrUntyped,
  wrongDirections,
} from './architecture.ts';

const resolve = resolverFor(workspaceEntries());
const sources = packageSources().filter(({path}) => /\/src\//.test(path) && !isTest(path));
const tools = ['scripts', 'test', 'examples']
  .flatMap(folder => filesUnder(folder))
  .filter(path => !isTest(path))
  .map(path => parseSource(path, textOf(path)));

function declared(packageFolder: string): ReadonlySet<string> {
  const manifest = JSON.parse(textOf(`${packageFolder}/package.json`)) as Record<string, Record<string, string>>;
  // Nobody installs a private package, so it may use what only its developers have.
  const developing = manifest.private ? manifest.devDependencies : {};
  return new Set(Object.keys({...manifest.dependencies, ...manifest.peerDependencies, ...developing}));
}

const core = (path: string, text: string): SourceFile => parseSource(`packages/core/src/${path}`, text);
const lines = (count: number): string => 'a();\n'.repeat(count);
const undone = ['TO', 'DO'].join('');

describe('the source', () => {
  test('is there to be read', () => {
    expect(sources.length).toBeGreaterThan(0);
  });
  test('imports downwards only', () => {
    expect(wrongDirections(sources, resolve)).toEqual([]);
  });
  test('has no import cycles, types included', () => {
    expect(cycles(sources, resolve)).toEqual([]);
  });
  test('keeps files to 250 lines and functions to 70', () => {
    expect(tooLong([...sources, ...tools])).toEqual([]);
  });
  test('says at each call what is meant', () => {
    expect(flags([...sources, ...tools])).toEqual([]);
  });
  test('is pure where it decides', () => {
    expect(impurities(sources)).toEqual([]);
  });
  test('needs no Node module where it must run anywhere', () => {
    expect(platformImports(sources)).toEqual([]);
  });
  test('imports only what its package declares', () => {
    expect(undeclared(sources, declared)).toEqual([]);
  });
  test('leaves nothing untyped or undone', () => {
    expect(unfinishedOrUntyped([...sources, ...tools])).toEqual([]);
  });
});

describe('a wrong direction', () => {
  const breaking: readonly (readonly [path: string, text: string])[] = [
    ['fields/age.ts', "import type {Policy} from '../model/policy.ts';"],
    ['model/policy.ts', "import {isSafe} from '../policy/registries.ts';"],
    ['policy/storing.ts', "export {x} from '../decide/decisions.ts';"],
    ['policy/storing.ts', "import {LimpidError} from '../errors.ts';"],
    ['decide/on-request.ts', "type A = import('../options.ts').A;"],
    ['options.ts', "import './engine/http-cache.ts';"],
    ['engine/http-cache.ts', "const a = await import('../adapter/index.ts');"],
    ['engine/http-cache.ts', "import type {HttpCache} from 'limpid';"],
    ['engine/http-cache.ts', 'const a = await import(name);'],
    ['adapter/index.ts', "export * from '../ky.ts';"],
    ['stores/memory.ts', "import {isSafe} from '../policy/registries.ts';"],
    ['errors.ts', "import type {Seconds} from './model/units.ts';"],
    ['index.ts', "import '../../axios/src/index.ts';"],
    ['utils/misc.ts', ''],
  ];
  test.each(breaking)('is found in %s: %s', (path, text) => {
    expect(wrongDirections([core(path, text)], resolve)).toHaveLength(1);
  });

  const keeping: readonly (readonly [path: string, text: string])[] = [
    ['fields/age.ts', "import type {Seconds} from '../model/units.ts';"],
    ['model/policy.ts', "import type {Fields} from '../fields/fields.ts';"],
    ['options.ts', "import {LimpidError} from './errors.ts';"],
    ['engine/http-cache.ts', "import {MemoryStore} from '../stores/memory.ts';"],
    ['stores/memory.ts', "import type {Store} from '../model/store.ts';"],
    ['ky.ts', "import {adapt} from './adapter/index.ts'; // import '../ky.ts'"],
  ];
  test.each(keeping)('is not seen in %s: %s', (path, text) => {
    expect(wrongDirections([core(path, text)], resolve)).toEqual([]);
  });
});

describe('a cycle', () => {
  test('is found through type imports and across packages', () => {
    const files = [
      core('index.ts', "export type {B} from './b.ts';"),
      core('b.ts', "type C = import('@limpid/fetch').C;"),
      parseSource('packages/fetch/src/index.ts', "import type {A} from 'limpid';"),
    ];
    expect(cycles(files, resolve)).toEqual([
      'packages/core/src/index.ts → packages/core/src/b.ts → packages/fetch/src/index.ts → packages/core/src/index.ts',
    ]);
  });
  test('is not seen where two paths lead to one file', () => {
    const files = [
      core('a.ts', "import './b.ts'; import './c.ts';"),
      core('b.ts', "import './c.ts';"),
      core('c.ts', ''),
    ];
    expect(cycles(files, resolve)).toEqual([]);
  });
});

describe('a size', () => {
  test('over the budget is found in files and in functions', () => {
    expect(tooLong([core('a.ts', lines(251))])).toEqual(['packages/core/src/a.ts has 251 lines, more than 250']);
    expect(tooLong([core('a.ts', `const f = () => {\n${lines(69)}};`)])).toEqual([
      'packages/core/src/a.ts:1 is a function of 71 lines',
    ]);
    expect(tooLong([core('a.ts', `class A {\n f() {\n${lines(69)}}\n}`)])).toHaveLength(1);
  });
  test('within the budget passes', () => {
    expect(tooLong([core('a.ts', `function f() {\n${lines(68)}}\n${lines(180)}`)])).toEqual([]);
  });
});

describe('a boolean parameter', () => {
  test.each([
    'function f(a: string, b: boolean) {}',
    'const f = (b = true) => {};',
    'class A { f(b: boolean = g()) {} }',
    'class A { constructor(b = false) {} }',
    'class A { constructor(private readonly b: boolean) {} }',
    'const f = (b: boolean | undefined) => {};',
  ])('is found: %s', text => {
    expect(flags([core('a.ts', text)])).toHaveLength(1);
  });
  test.each([
    'function f({b}: {b: boolean}, c = 1): boolean { return b; }',
    'let f: (b: boolean) => void;',
    'const f = (b: boolean | readonly string[]) => {};',
    'a.filter(isTrue => isTrue);',
  ])('is not seen: %s', text => {
    expect(flags([core('a.ts', text)])).toEqual([]);
  });
});

describe('an impurity', () => {
  test.each([
    'const a = Date.now();',
    'const a = new Date();',
    'const a = Date();',
    'const a = Math.random();',
    'async function f() {}',
    'const f = async () => {};',
    'await f();',
    'setTimeout(f, 1);',
    'crypto.randomUUID();',
    'const a = globalThis.crypto;',
    'performance.now();',
  ])('is found: %s', text => {
    expect(impurities([core('policy/a.ts', text)]).length).toBeGreaterThan(0);
  });
  test.each([
    "const a = new Date(0); // Date.now()\nconst b = 'await';",
    'const a = Date.parse(b);',
    'a.fetch = b.crypto;',
  ])('is not seen: %s', text => {
    expect(impurities([core('policy/a.ts', text)])).toEqual([]);
  });
  test('is the business of the engine', () => {
    expect(impurities([core('engine/a.ts', 'await f(Date.now());')])).toEqual([]);
  });
});

describe('an import', () => {
  test.each(["import 'node:fs';", "import type {Server} from 'http';"])('of the platform is found: %s', text => {
    expect(platformImports([core('engine/a.ts', text)])).toHaveLength(1);
  });
  test('of an undeclared package is found', () => {
    const source = core('engine/a.ts', "import a from '@scope/name/sub'; import b from 'known/sub';");
    expect(undeclared([source], () => new Set(['known']))).toEqual([
      'packages/core/src/engine/a.ts:1 imports @scope/name, which its package does not declare',
    ]);
  });
});

describe('an unfinished line', () => {
  test.each(['const a = b as any;', 'let a: any;', `// ${undone}: later`])('is found: %s', text => {
    expect(unfinishedOrUntyped([core('a.ts', text)])).toHaveLength(1);
  });
  test.each(["const any = 'any';", 'const a: unknown = b; // any of them'])('is not seen: %s', text => {
    expect(unfinishedOrUntyped([core('a.ts', text)])).toEqual([]);
  });
});
