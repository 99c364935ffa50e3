// Pages of the guide, with what they take from the READMEs and examples in its place.

import {readFileSync} from 'node:fs';
import {join} from 'node:path';

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

/** Links to files of the repository lead nowhere from here: their words stay. */
const unlinked = (text: string): string => text.replaceAll(/!?\[([^\]]*)\]\((?!https?:|#|\.\/)[^)]*\)/g, '$1');

const included: Readonly<Record<string, (path: string, title: string) => string>> = {
  section: (path, title) => unlinked(sectionOf(textOf(path), title)).replace(/^#+/, '#'),
  file: path => unlinked(textOf(path)),
  code: path => `\`\`\`ts\n${textOf(path)}\`\`\``,
};

/** A page with its `<!-- section README.md: Title -->`, `<!-- file … -->` and `<!-- code … -->` filled in. */
export const assembled = (page: string): string =>
  page.replaceAll(
    /^<!-- (section|file|code) ([^\s:]+)(?:: (.*))? -->$/gm,
    (_, kind: string, path: string, title = '') => {
      const include = included[kind];
      if (include === undefined) throw new Error(`a page includes a ${kind}`);
      return include(path, title);
    },
  );
