// Pieces of Markdown that the generated pages share.

/** One row of a table; its cells are Markdown. */
export const row = (...cells: readonly string[]): string =>
  `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim()).join(' | ')} |`;

/** Words as Markdown that shows just these words. */
export const plain = (words: string): string => words.replaceAll(/[\\`*_[\]<>&]/g, '\\$&');

export const code = (text: string): string => `\`${text}\``;

/** A text with what stands between `<!-- name -->` and `<!-- /name -->` replaced; `undefined` when it lacks them. */
export function withBlock(text: string, name: string, block: string): string | undefined {
  const found = blockIn(text, name);
  if (found === undefined) return undefined;
  const [open, close] = marks(name);
  return text.replace(`${open}${found}${close}`, () => `${open}\n${block.trim()}\n${close}`);
}

/** What stands between the marks, line ends included; `undefined` when the text lacks one of them. */
export function blockIn(text: string, name: string): string | undefined {
  const [open, close] = marks(name);
  const start = text.indexOf(open);
  const end = text.indexOf(close, start + open.length);
  return start < 0 || end < 0 ? undefined : text.slice(start + open.length, end);
}

const marks = (name: string): readonly [open: string, close: string] => [`<!-- ${name} -->`, `<!-- /${name} -->`];

/** Lines that show when somebody opens them. */
export const folded = (summary: string, lines: readonly string[]): readonly string[] => [
  '<details>',
  `<summary>${summary}</summary>`,
  '',
  ...lines,
  '',
  '</details>',
];
