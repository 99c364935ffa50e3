/** The parts of a scope's text: its type and its name, as columns hold it. */
export function scopeParts(scope: string): {readonly type: string; readonly name: string} {
  const space = scope.indexOf(' ');
  return {type: scope.slice(0, space), name: scope.slice(space + 1)};
}

/** The end of the range of texts that begin with `prefix`: no text of a URL has this character. */
export const endOfPrefix = (prefix: string): string => `${prefix}\u{10ffff}`;
