// Pages of the guide, with what they take from the READMEs and examples in its place.

import {readFileSync} from 'node:fs';
import {join, posix} from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The section below a heading, with it: up to the next heading that is as high. */
export function sectionOf(text: string, title: string): string {
  const lines = text.split('\n');
  const from = lines.findIndex(line => /^#+ /.test(line) && line.replace(/^#+ /, '') === title);
  const heading = lines[from];
  if (heading === undefined) throw new Error(`there is no heading "${title}"`);
  const depth = heading.indexOf(' ');
  let isCode = false;
  const to = lines.findIndex((line, at) => {
    if (at <= from) return false;
    if (line.startsWith('```')) isCode = !isCode;
    return !isCode && /^#+ /.test(line) && line.indexOf(' ') <= depth;
  });
  return lines.slice(from, to < 0 ? lines.length : to).join('\n');
}

/** Files of the repository that are pages here, or lie within one. */
const pages: Readonly<Record<string, string>> = {
  'packages/core/ERRORS.md': './errors',
  'packages/core/REASONS.md': './reasons',
  'packages/fetch/README.md': './fetch',
  'packages/axios/README.md': './axios',
  'packages/sqlite/README.md': './sqlite',
  'packages/redis/README.md': './redis',
  'packages/browser/README.md': './browser',
  'packages/core/src/store-contract.ts': './writing-a-store',
  'examples/own-store.ts': './writing-a-store',
};

/** Links to files of the repository lead to the page that has them. Of those that no page has, the words stay. */
const linked = (text: string, path: string): string =>
  text.replaceAll(/!?\[([^\]]*)\]\((?!https?:|#|\.\/)([^)]*)\)/g, (_, words: string, target: string) => {
    const page = pages[posix.join(posix.dirname(path), target)];
    return page === undefined ? words : `[${words}](${page})`;
  });

const included: Readonly<Record<string, (path: string, title: string) => string>> = {
  section: (path, title) => linked(sectionOf(textOf(path), title), path),
  file: path => linked(textOf(path), path),
  code: path => `\`\`\`ts\n${textOf(path)}\`\`\``,
};

/** A section that begins a page: its heading is the highest there, and those below rise with it. */
function raised(page: string): string {
  const above = '#'.repeat(Math.max(0, page.search(/[^#]/) - 1));
  const parts = page.split(/^(```.*?^```)$/ms);
  return parts
    .map((text, at) => (at % 2 === 1 ? text : text.replaceAll(new RegExp(`^${above}(?=#)`, 'gm'), '')))
    .join('');
}

/** A page with its `<!-- section README.md: Title -->`, `<!-- file … -->` and `<!-- code … -->` filled in. */
export const assembled = (page: string): string =>
  raised(
    page.replaceAll(
      /^<!-- (section|file|code) ([^\s:]+)(?:: (.*))? -->$/gm,
      (_, kind: string, path: string, title = '') => {
        const include = included[kind];
        if (include === undefined) throw new Error(`a page includes a ${kind}`);
        return include(path, title);
      },
    ),
  );
