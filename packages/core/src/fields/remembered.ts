// Making the same of the same few texts again and again: origins say the same of every response.

/** Of texts longer than this nothing is remembered, so that what is stays small. */
const longest = 256;

/** More are forgotten together: finding out which was used least would cost more than making it again. */
const most = 64;
const mostShared = 512;

function remembering<Value, Result>(
  max: number,
  make: (text: string, value: Value) => Result,
): (text: string, value: Value) => Result {
  const results = new Map<string, Result>();
  return (text, value) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = make(text, value);
    if (text.length > longest) return result;
    if (results.size >= max) results.clear();
    results.set(text, result);
    return result;
  };
}

/** `parse` with a memory of its latest results. It must be a pure function whose results nobody changes. */
export const remembered = <T>(parse: (text: string) => T): ((text: string) => T) => remembering<void, T>(most, parse);

/**
 * Gives the first of equal texts, with what came with it then: what many stored responses have in common they hold
 * once. Equal texts must come with equal values.
 */
export const sharing = <T>(): ((text: string, value: T) => readonly [text: string, value: T]) =>
  remembering(mostShared, (text, value) => [text, value]);
