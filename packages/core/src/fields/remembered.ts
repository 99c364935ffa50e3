// What need not be made again: origins say the same few texts of every response.

/** What is made of longer texts is not remembered: all of it together must stay small. */
const longest = 256;

/** More are forgotten together: finding out which was used least would cost more than making it again. */
const most = 64;

/** Texts shared at a time; more are forgotten together, too. */
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

/** `make`, once for each object it is given: what it made lasts as long as that. */
export function onceForEach<Given extends object, Made>(make: (given: Given) => Made): (given: Given) => Made {
  const all = new WeakMap<Given, Made>();
  return given => {
    let made = all.get(given);
    if (made === undefined) {
      made = make(given);
      all.set(given, made);
    }
    return made;
  };
}
