// The code blocks of a README as programs: found, given an origin, and asked whether their `//=>` comments tell the truth.
//
// A js or ts block runs, unless its info string says `partial`: then it is only parsed. `continues` puts the block
// before it in front. `//=> value` on or under a statement is compared with what that statement came to.

import {type ESTree, parseSync, Visitor} from 'vite';

/** One js or ts block. */
export type Block = {
  readonly path: string;
  readonly line: number;
  readonly words: readonly string[];
  readonly code: string;
};

/** The address that READMEs use, answered by the test's own origin. */
export const documentedOrigin = 'https://api.example.com';

/** Every js and ts block of a Markdown text, whose blocks that continue hold what they continue. */
export function blocksOf(path: string, text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const found of text.matchAll(/^```(?<info>(?:js|ts)\b[^\n]*)\n(?<code>[\s\S]*?)^```$/gm)) {
    const words = (found.groups?.info ?? '').trim().split(/\s+/).slice(1);
    const before = words.includes('continues') ? (blocks.at(-1)?.code ?? '') : '';
    const line = text.slice(0, found.index).split('\n').length + 1;
    blocks.push({path, line, words, code: `${before}${found.groups?.code ?? ''}`});
  }
  return blocks;
}

export const isPartial = ({words}: Block): boolean => words.includes('partial');

/** Why a block is not TypeScript; `undefined` when it is. */
export const syntaxError = ({code}: Block): string | undefined =>
  parseSync('block.ts', code, {lang: 'ts', sourceType: 'module'}).errors[0]?.message;

type Change = {readonly from: number; readonly to: number; readonly text: string};

/** The expression whose value a statement shows: itself, what it logs, or the name it declares. */
function shownBy(statement: ESTree.Node, code: string): string | undefined {
  if (statement.type === 'VariableDeclaration') {
    const id = statement.declarations[0]?.id;
    return id?.type === 'Identifier' ? id.name : undefined;
  }
  if (statement.type !== 'ExpressionStatement') return undefined;
  const {expression} = statement;
  const logs = expression.type === 'CallExpression' && code.startsWith('console.log(', expression.start);
  const shown = logs ? expression.arguments[0] : expression;
  return shown && code.slice(shown.start, shown.end);
}

function changeFor(statement: ESTree.Node, code: string, expected: string): Change | undefined {
  const shown = shownBy(statement, code);
  if (!shown) return undefined;
  const check = `$shows(${shown}, ${JSON.stringify(expected)});`;
  const declares = statement.type === 'VariableDeclaration';
  return {from: declares ? statement.end : statement.start, to: statement.end, text: declares ? ` ${check}` : check};
}

/** Every statement that could show a value, the outer before the inner. */
function showingStatements(program: ESTree.Program): readonly ESTree.Node[] {
  const statements: ESTree.Node[] = [];
  const take = (node: ESTree.Node): void => {
    statements.push(node);
  };
  new Visitor({ExpressionStatement: take, VariableDeclaration: take}).visit(program);
  return statements;
}

/** The block as a program that throws at the first `//=>` that is not true. */
export function programOf({code}: Block, origin: string): string {
  const {program, comments} = parseSync('block.ts', code, {lang: 'ts', sourceType: 'module'});
  const statements = showingStatements(program);
  const changes = comments
    .filter(({value}) => value.startsWith('=>'))
    .map(({value, start}) => {
      const before = statements.filter(({end}) => end <= start && code.slice(end, start).trim() === '');
      const statement = before.at(-1);
      const change = statement && changeFor(statement, code, value.slice(2).trim());
      if (!change) throw new SyntaxError(`nothing before "//${value}" shows a value`);
      return change;
    });
  let text = code;
  for (const {from, to, text: put} of changes.toReversed()) text = text.slice(0, from) + put + text.slice(to);
  return `${showing}\n${text.replaceAll(documentedOrigin, origin)}`;
}

/** A value shows as expected when it equals the comment's value, or prints as the comment does; `…` stands for anything. */
const showing = `
import {inspect as $inspect, isDeepStrictEqual as $equal} from 'node:util';
function $shows(value, expected) {
  let equal = false;
  try { equal = $equal(value, (0, eval)('(' + expected + ')')); } catch {}
  const pattern = new RegExp('^' + expected.split('…').map(part => RegExp.escape?.(part) ?? part.replace(/[^\\w\\s]/g, '\\\\$&')).join('.*') + '$', 's');
  const printed = $inspect(value, {breakLength: Infinity, depth: 9});
  if (equal || pattern.test(printed) || pattern.test(String(value))) return;
  throw new Error('//=> ' + expected + ' is not true, it is ' + printed);
}`.trim();
