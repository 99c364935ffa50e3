// Parsing the same few texts again and again: origins say the same of every response.

/** Texts longer than this are parsed each time, so that what is remembered stays small. */
const longest = 256;

/** More are forgotten together: finding out which was used least would cost more than parsing. */
const most = 64;

/** `parse` with a memory of its latest results. It must be a pure function whose results nobody changes. */
export function remembered<T>(parse: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return text => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = parse(text);
    if (text.length > longest) return result;
    if (results.size >= most) results.clear();
    results.set(text, result);
    return result;
  };
}

/** Texts shared at a time; more are forgotten together. */
const mostShared = 512;

/**
 * Gives the first of equal texts, with what came with it then: what many stored responses have in common they hold
 * once. Equal texts must come with equal values.
 */
export function sharing<T>(): (text: string, value: T) => readonly [text: string, value: T] {
  const shared = new Map<string, readonly [text: string, value: T]>();
  return (text, value) => {
    const known = shared.get(text);
    if (known !== undefined) return known;
    const own = [text, value] as const;
    if (text.length > longest) return own;
    if (shared.size >= mostShared) shared.clear();
    shared.set(text, own);
    return own;
  };
}
