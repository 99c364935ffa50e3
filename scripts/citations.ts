// What comments say about the standards: `@see RFC 9111 §4.2.1`, `Choice:`, `Deviation:`.

import {type ESTree, Visitor} from 'vite';
import type {Comment, SourceFile} from './source.ts';

/** One section of one RFC; `section` is empty when the whole RFC is meant. */
export type Citation = {readonly rfc: string; readonly section: string};

/** A section in one word, for maps: `9111 4.2.1`, and `8246` when the whole RFC is meant. */
export const keyOf = ({rfc, section}: Citation): string => `${rfc} ${section}`.trim();

/** A citation and the exports it stands at; none when it speaks for the whole file. */
export type Cited = Citation & {readonly path: string; readonly names: readonly string[]};

/** A place where the RFC left us a choice, or where we knowingly differ. */
export type Remark = {readonly type: 'Choice' | 'Deviation'; readonly path: string; readonly text: string};

const ownRfc = '9111';

/** `4.3.4–5` and `5.2.1.1–5.2.1.7` written out. */
function expand(from: string, to: string | undefined): readonly string[] {
  const parent = from.split('.').slice(0, -1);
  const first = Number(from.split('.').at(-1));
  const last = Number(to?.split('.').at(-1) ?? first);
  return Array.from({length: Math.max(1, last - first + 1)}, (_, index) => [...parent, first + index].join('.'));
}

/** Every section of an RFC that a line of text names, in whichever was named last; RFC 9111 when none was. */
export function citationsIn(text: string): readonly Citation[] {
  const citations: Citation[] = [];
  let open: string | undefined;
  let rfc: string | undefined = ownRfc;
  const pattern =
    /RFC\s*(?<rfc>\d{4,5})|(?<other>Fetch|URL Standard|Clear[ -]Site[ -]Data)|§\s*(?<from>\d+(?:\.\d+)*)(?:\s*[–-]\s*§?(?<to>\d+(?:\.\d+)*))?/g;
  for (const {groups = {}} of text.matchAll(pattern)) {
    if (groups.rfc ?? groups.other) {
      if (open) citations.push({rfc: open, section: ''});
      open = rfc = groups.rfc;
    } else if (groups.from) {
      open = undefined;
      const cited = rfc;
      if (cited) citations.push(...expand(groups.from, groups.to).map(section => ({rfc: cited, section})));
    }
  }
  return open ? [...citations, {rfc: open, section: ''}] : citations;
}

/** A comment's text without its stars, line by line. */
const linesOf = (comment: Comment): readonly string[] =>
  comment.value.split('\n').map(line => line.replace(/^\s*\*? ?/, '').trimEnd());

type Export = {readonly names: readonly string[]; readonly start: number; readonly end: number};

function declaredNames(declaration: ESTree.Node | null): readonly string[] {
  if (!declaration) return [];
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({id}) => (id.type === 'Identifier' ? [id.name] : []));
  }
  return 'id' in declaration && declaration.id && 'name' in declaration.id ? [declaration.id.name] : [];
}

const exportsOf = (source: SourceFile): readonly Export[] =>
  source.program.body.flatMap(node =>
    node.type === 'ExportNamedDeclaration'
      ? [{names: declaredNames(node.declaration), start: node.start, end: node.end}]
      : [],
  );

/** The exports a comment stands before or in. */
function exportsAt(source: SourceFile, exported: readonly Export[], comment: Comment): readonly string[] {
  const found = exported.find(({start, end}) =>
    comment.start > start ? comment.end <= end : source.text.slice(comment.end, start).trim() === '',
  );
  return found?.names ?? [];
}

/** Every `@see` of a file. */
export function citedIn(source: SourceFile): readonly Cited[] {
  const exported = exportsOf(source);
  return source.comments.flatMap(comment =>
    linesOf(comment)
      .filter(line => line.includes('@see'))
      .flatMap(line => citationsIn(line.slice(line.indexOf('@see'))))
      .map(citation => ({...citation, path: source.path, names: exportsAt(source, exported, comment)})),
  );
}

/** Each comment as one run of lines: `//` lines that follow each other belong together. */
function paragraphs(source: SourceFile): readonly (readonly string[])[] {
  const runs: string[][] = [];
  let end = -1;
  for (const comment of source.comments) {
    const follows = comment.type === 'Line' && end >= 0 && /^\n[ \t]*$/.test(source.text.slice(end, comment.start));
    if (follows) runs.at(-1)?.push(...linesOf(comment));
    else runs.push([...linesOf(comment)]);
    end = comment.type === 'Line' ? comment.end : -1;
  }
  return runs;
}

/** Every `Choice:` and `Deviation:` of a file, each up to the end of its paragraph. */
export function remarksIn(source: SourceFile): readonly Remark[] {
  return paragraphs(source).flatMap(lines =>
    lines
      .join('\n')
      .split(/\n\s*\n|\n(?=@)|\n(?=(?:Choice|Deviation)\b[^:\n]*:)/)
      .flatMap(text => {
        const [, type, scope = '', rest = ''] = /^\s*(Choice|Deviation)(\s*\([^)]*\))?:\s*([\s\S]*)$/.exec(text) ?? [];
        if (type !== 'Choice' && type !== 'Deviation') return [];
        const said = `${scope.trim()} ${rest}`.replaceAll(/\s+/g, ' ').trim();
        return [{type, path: source.path, text: said} as const];
      }),
  );
}

/** Every section a test file names: `rfc: '4.2.1'` in its tables, `@see` in its comments. */
export function testedIn(source: SourceFile): readonly Citation[] {
  const citations: Citation[] = citedIn(source).map(({rfc, section}) => ({rfc, section}));
  const take = (node: ESTree.Node): void => {
    if (node.type === 'ArrayExpression') for (const element of node.elements) if (element) take(element);
    if (node.type !== 'Literal' || typeof node.value !== 'string') return;
    citations.push(...citationsIn(/^\d/.test(node.value) ? `§${node.value}` : node.value));
  };
  new Visitor({
    Property: node => {
      if (node.key.type === 'Identifier' && node.key.name === 'rfc') take(node.value);
    },
  }).visit(source.program);
  return citations;
}
