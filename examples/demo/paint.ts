// Colours for terminals, and text that any terminal can bear.

const isPainted = process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

const painter =
  (code: number): ((text: string) => string) =>
  text =>
    isPainted ? `\u001B[${code}m${text}\u001B[0m` : text;

export const bold: (text: string) => string = painter(1);
export const dim: (text: string) => string = painter(2);
export const red: (text: string) => string = painter(31);
export const green: (text: string) => string = painter(32);
export const yellow: (text: string) => string = painter(33);
export const cyan: (text: string) => string = painter(36);

/** A text without control characters: what a server wrote must not steer the terminal. */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '?');

/** A text of at most so many characters. */
export const fitted = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

/** Lines of at most so many characters, broken at spaces where there are any. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap(long => pieces(long, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  return [word.slice(0, width), ...pieces(word.slice(width), width)];
}
