// Comma lists, tokens and quoted strings: the pieces other fields are made of. Nothing here throws.

const quote = '"';

/** Whether an ASCII character may stand in a token. */
const inToken: readonly boolean[] = Array.from({length: 128}, (_, code) =>
  /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(code)),
);

/**
 * Whether a text is a token: a name, a method, an unquoted argument.
 *
 * @see RFC 9110 §5.6.2
 */
export function isToken(text: string): boolean {
  return text !== '' && tokenEnd(text) === text.length;
}

/**
 * Where the token a text begins with ends; 0 when it begins with none.
 *
 * @see RFC 9110 §5.6.2
 */
export function tokenEnd(text: string): number {
  let end = 0;
  while (end < text.length && inToken[text.charCodeAt(end)] === true) end++;
  return end;
}

/**
 * A part of a text without the white space around it: HTTP's own, not all that Unicode knows.
 *
 * @see RFC 9110 §5.5, §5.6.3
 */
export function trimmed(text: string, from = 0, to: number = text.length): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

/** Where the quoted string that opens at `open` closes; -1 when it does not. */
function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at;
  }
  return -1;
}

/** The comma that ends the member beginning at `start` (or the end of the text), and the first quote behind it. */
function memberEnd(text: string, start: number, firstQuote: number): readonly [end: number, nextQuote: number] {
  let comma = text.indexOf(',', start);
  let open = firstQuote;
  while (open !== -1 && open < comma) {
    const close = closingQuote(text, open);
    if (close > comma) comma = text.indexOf(',', close + 1);
    open = close === -1 ? -1 : text.indexOf(quote, close + 1);
  }
  return [comma === -1 ? text.length : comma, open];
}

/**
 * The members of a comma list, trimmed, without the empty ones.
 *
 * Commas inside quoted strings separate nothing.
 *
 * Choice (RFC 9110 §5.6.4): a quote that never closes is an ordinary character, so that it cannot hide the members
 * behind it (a `no-store`, say).
 *
 * @see RFC 9110 §5.6.1, §5.6.4
 */
export function parseList(value: string): readonly string[] {
  const members: string[] = [];
  let nextQuote = value.indexOf(quote);
  for (let start = 0; start < value.length; ) {
    const [end, laterQuote] = memberEnd(value, start, nextQuote);
    const member = trimmed(value, start, end);
    if (member !== '') members.push(member);
    nextQuote = laterQuote;
    start = end + 1;
  }
  return members;
}

/**
 * The content of a quoted string, backslashes resolved; a text that is no quoted string comes back as it is.
 *
 * @see RFC 9110 §5.6.4
 */
export function unquote(text: string): string {
  if (!text.startsWith(quote) || closingQuote(text, 0) !== text.length - 1) return text;
  const content = text.slice(1, -1);
  return content.includes('\\') ? content.replace(/\\(.)/gsu, '$1') : content;
}
