// One row per thing that happened, printed as it happens, at whatever width there is.

import {bold, cyan, dim, fitted, green, printable, red, wrapped, yellow} from './paint.ts';

/** What happened. */
export type Row = {
  readonly who: string;
  readonly asks: string;
  /** What reached the origin. */
  readonly origin: string;
  /** What came back, and where it came from. */
  readonly back: string;
  readonly why: string;
};

/** The narrowest and the widest table, and the width where there is no terminal, in characters. */
const [narrowest, widest, usual] = [48, 140, 120];
const width = Math.min(widest, Math.max(narrowest, process.stdout.columns || Number(process.env.COLUMNS) || usual) - 1);

const who = 5;
const origin = 8;
/** With less room than this the reason gets a line of its own. */
const isWide = width >= 110;
const shared = width - who - origin - 6;
const asks = isWide ? 27 : Math.floor(shared * 0.58);
const back = isWide ? 24 : shared - asks;
const reasons = isWide ? width - who - asks - origin - back - 8 : width - who - 2;

const cell = (text: string, size: number): string => fitted(printable(text), size).padEnd(size);

/** The colour of where an answer came from: the store, a validation, the network. */
function coloured(text: string): string {
  if (/\b(hit|joined)\b/.test(text)) return green(text);
  if (/\b304\b/.test(text)) return cyan(text);
  return /\bmiss\b/.test(text) ? yellow(text) : text;
}

/** A row as lines. */
export function lines(happened: Row): readonly string[] {
  const asked = [cell(happened.who, who), cell(happened.asks, asks)];
  const head = [...asked, cell(happened.origin, origin), coloured(cell(happened.back, back))];
  const [first = '', ...rest] = wrapped(printable(happened.why), reasons);
  if (!isWide) return [head.join('  '), ...[first, ...rest].map(line => `${' '.repeat(who + 2)}${dim(line)}`)];
  const indent = ' '.repeat(width - reasons);
  return [[...head, dim(first)].join('  '), ...rest.map(line => indent + dim(line))];
}

/** A text at the table's width. */
export function paragraph(text: string): void {
  for (const line of wrapped(printable(text), width)) console.log(line);
}

/** The names of the columns. */
export function header(sent = 'origin'): void {
  for (const line of lines({who: '', asks: 'asked', origin: sent, back: 'came back', why: 'why (§: RFC 9111)'})) {
    console.log(bold(line.trimEnd()));
  }
}

/** A heading between rows. */
export function heading(title: string): void {
  console.log();
  for (const line of wrapped(title, width)) console.log(bold(line));
}

/** One row. */
export function row(happened: Row): void {
  for (const line of lines(happened)) console.log(line.trimEnd());
}

/** What should have been otherwise. */
export function complaint(text: string): void {
  for (const line of wrapped(printable(text), width - who - 2)) console.log(`${' '.repeat(who + 2)}${red(line)}`);
}
