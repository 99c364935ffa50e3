// The laws of the code as checks over syntax trees. Each returns one sentence per breach, and none reads a file itself.

import {builtinModules} from 'node:module';
import {type ESTree, Visitor} from 'vite';
import {cyclesOf, importGraph, importsOf, type Resolve} from '../scripts/imports.ts';
import {lineAt, type SourceFile} from '../scripts/source.ts';

/** What a file does against a law. */
export type Breach = string;

/** The rooms of the core from the bottom up: each may import itself and what stands before it. */
const ladder = [
  'units',
  'fields',
  'model',
  'policy',
  'decide',
  'options',
  'fetch-api',
  'engine',
  'adapter',
  'ky',
  'entry',
];

/** Rooms beside the ladder: the lowest step that may import them, and what they may import. */
const aside: Readonly<Record<string, {readonly from: string; readonly sees: readonly string[]}>> = {
  stores: {from: 'engine', sees: ['units', 'fields', 'model', 'random', 'complaint']},
  errors: {from: 'options', sees: []},
  random: {from: 'fetch-api', sees: []},
  complaint: {from: 'options', sees: []},
};

const roomOfFile: Readonly<Record<string, string>> = {
  'model/units.ts': 'units',
  'errors.ts': 'errors',
  'random-name.ts': 'random',
  'complaint.ts': 'complaint',
  'options.ts': 'options',
  'cache-status.ts': 'entry',
  'index.ts': 'entry',
  'ky.ts': 'entry',
  'store.ts': 'entry',
  'store-contract.ts': 'entry',
};
const core = 'packages/core/src/';

const pureRooms = new Set(['units', 'fields', 'model', 'policy', 'decide']);
const impureMembers = new Set(['Date.now', 'Math.random']);
const impureNames = new Set(
  'setTimeout setInterval setImmediate queueMicrotask crypto fetch performance process'.split(' '),
);

const at = (source: SourceFile, position: number): string => `${source.path}:${lineAt(source.text, position)}`;

const packageOf = (path: string): string => path.split('/').slice(0, 2).join('/');

/** The room of the core a file belongs to; `undefined` outside the core or in no known room. */
function roomOf(path: string): string | undefined {
  if (!path.startsWith(core)) return undefined;
  const inside = path.slice(core.length);
  const room = roomOfFile[inside] ?? (inside.includes('/') ? inside.split('/')[0] : undefined);
  return room !== undefined && (ladder.includes(room) || room in aside) ? room : undefined;
}

function maySee(from: string, to: string): boolean {
  if (from === to) return true;
  const own = aside[from];
  if (own) return own.sees.includes(to);
  return ladder.indexOf(aside[to]?.from ?? to) <= ladder.indexOf(from);
}

/** Imports that point up, or into another package other than by its public entries. */
export function wrongDirections(sources: readonly SourceFile[], resolve: Resolve): readonly Breach[] {
  return sources.flatMap(source => {
    const room = roomOf(source.path);
    if (source.path.startsWith(core) && !room) return [`${source.path} stands in no known room`];
    return importsOf(source).flatMap(({specifier, position}) => {
      if (specifier === undefined) return [`${at(source, position)} imports what only a run can tell`];
      const target = resolve(specifier, source.path);
      if (target === undefined) return [];
      const here = `${at(source, position)} imports ${target}`;
      const leaves = specifier.startsWith('.') && packageOf(target) !== packageOf(source.path);
      if (leaves) return [`${here}, inside another package`];
      const seen = roomOf(target);
      return room && seen && !maySee(room, seen) ? [`${here}: ${room} may not see ${seen}`] : [];
    });
  });
}

/** Files that import each other, however far around. */
export const cycles = (sources: readonly SourceFile[], resolve: Resolve): readonly Breach[] =>
  cyclesOf(importGraph(sources, resolve)).map(files => files.join(' → '));

/** Files and functions longer than they may be. */
export function tooLong(sources: readonly SourceFile[], fileLines = 250, functionLines = 70): readonly Breach[] {
  return sources.flatMap(source => {
    const breaches: Breach[] = [];
    const lines = source.text.trimEnd().split('\n').length;
    if (lines > fileLines) breaches.push(`${source.path} has ${lines} lines, more than ${fileLines}`);
    const measure = (node: ESTree.Node): void => {
      const length = lineAt(source.text, node.end) - lineAt(source.text, node.start) + 1;
      if (length > functionLines) breaches.push(`${at(source, node.start)} is a function of ${length} lines`);
    };
    new Visitor({FunctionDeclaration: measure, FunctionExpression: measure, ArrowFunctionExpression: measure}).visit(
      source.program,
    );
    return breaches;
  });
}

/** Whether a parameter is a boolean by itself. */
function isFlag(parameter: ESTree.ParamPattern | ESTree.TSParameterProperty): boolean {
  if (parameter.type === 'TSParameterProperty') return isFlag(parameter.parameter);
  if (parameter.type === 'AssignmentPattern') {
    const {left, right} = parameter;
    return isFlag(left) || (right.type === 'Literal' && typeof right.value === 'boolean');
  }
  if (parameter.type !== 'Identifier') return false;
  const type = parameter.typeAnnotation?.typeAnnotation;
  const types = type?.type === 'TSUnionType' ? type.types.filter(one => one.type !== 'TSUndefinedKeyword') : [type];
  return types.every(one => one?.type === 'TSBooleanKeyword');
}

/** Parameters of which a call says only `true` or `false`, and not what that means. */
export function flags(sources: readonly SourceFile[]): readonly Breach[] {
  return sources.flatMap(source => {
    const breaches: Breach[] = [];
    const look = ({params}: ESTree.Function | ESTree.ArrowFunctionExpression): void => {
      for (const parameter of params.filter(isFlag))
        breaches.push(`${at(source, parameter.start)} takes a boolean; allowed: a word, or an option with a name`);
    };
    new Visitor({FunctionDeclaration: look, FunctionExpression: look, ArrowFunctionExpression: look}).visit(
      source.program,
    );
    return breaches;
  });
}

const nameOf = (node: ESTree.Node): string => (node.type === 'Identifier' ? node.name : '');

/** What in a call or `new` reaches outside the arguments; `undefined` when nothing does. */
function impureCall(node: ESTree.NewExpression | ESTree.CallExpression): string | undefined {
  const name = nameOf(node.callee);
  if (name === 'Date') return node.type === 'CallExpression' || node.arguments.length === 0 ? 'the clock' : undefined;
  return impureNames.has(name) ? name : undefined;
}

function impureMember(node: ESTree.MemberExpression): string | undefined {
  const object = nameOf(node.object);
  const member = `${object}.${nameOf(node.property)}`;
  return impureMembers.has(member) || impureNames.has(object) || object === 'globalThis' ? member : undefined;
}

/** Clocks, chance, waiting and I/O where only arguments may count. */
export function impurities(sources: readonly SourceFile[]): readonly Breach[] {
  return sources.flatMap(source => {
    if (!pureRooms.has(roomOf(source.path) ?? '')) return [];
    const breaches: Breach[] = [];
    const report = (node: ESTree.Node, what: string | false | undefined): void => {
      if (what) breaches.push(`${at(source, node.start)} uses ${what}`);
    };
    const waits = (node: ESTree.Function | ESTree.ArrowFunctionExpression): void => report(node, node.async && 'async');
    new Visitor({
      FunctionDeclaration: waits,
      FunctionExpression: waits,
      ArrowFunctionExpression: waits,
      AwaitExpression: node => report(node, 'await'),
      ForOfStatement: node => report(node, node.await && 'for await'),
      NewExpression: node => report(node, impureCall(node)),
      CallExpression: node => report(node, impureCall(node)),
      MemberExpression: node => report(node, impureMember(node)),
    }).visit(source.program);
    return breaches;
  });
}

/** Node's own modules in code that must run anywhere. */
export function platformImports(sources: readonly SourceFile[]): readonly Breach[] {
  return sources
    .filter(({path}) => /^packages\/(?:core|fetch|browser)\//.test(path))
    .flatMap(source =>
      importsOf(source)
        .filter(({specifier = ''}) => specifier.startsWith('node:') || builtinModules.includes(specifier))
        .map(({specifier, position}) => `${at(source, position)} imports ${specifier}`),
    );
}

/** Imports of packages that the importing package does not declare. */
export function undeclared(
  sources: readonly SourceFile[],
  declared: (packageFolder: string) => ReadonlySet<string>,
): readonly Breach[] {
  return sources.flatMap(source =>
    importsOf(source).flatMap(({specifier, position}) => {
      if (!specifier || /^(?:\.|node:)/.test(specifier)) return [];
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      const known = declared(packageOf(source.path)).has(name);
      return known ? [] : [`${at(source, position)} imports ${name}, which its package does not declare`];
    }),
  );
}

const undone = new RegExp(`\\b(?:${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')})\\b`);

/** `any` in any form, and notes of work left undone. */
export function unfinishedOrUntyped(sources: readonly SourceFile[]): readonly Breach[] {
  return sources.flatMap(source => {
    const breaches: Breach[] = [];
    new Visitor({
      TSAnyKeyword: node => {
        breaches.push(`${at(source, node.start)} says any`);
      },
    }).visit(source.program);
    const note = source.comments.find(({value}) => undone.test(value));
    if (note) breaches.push(`${at(source, note.start)} leaves work undone`);
    return breaches;
  });
}
