// Stored responses by the directory of their URL, so that a clear by prefix looks at those it may mean, not at all.

import type {Kept} from './kept.ts';

export type Directory = {readonly members: Iterable<Kept>; readonly isWhole: boolean};

/** The URL up to the last slash of its path. */
const directoryOf = ({stored: {url}}: Kept): string => {
  const query = url.indexOf('?');
  return url.slice(0, url.lastIndexOf('/', query === -1 ? url.length : query) + 1);
};

export class Directories {
  readonly #members: Map<string, Set<Kept>> = new Map();

  add(kept: Kept): void {
    const directory = directoryOf(kept);
    const members = this.#members.get(directory);
    if (members === undefined) this.#members.set(directory, new Set([kept]));
    else members.add(kept);
  }

  delete(kept: Kept): void {
    const directory = directoryOf(kept);
    const members = this.#members.get(directory);
    if (members?.delete(kept) === true && members.size === 0) this.#members.delete(directory);
  }

  /** The directories in which URLs begin with this: all of them, or, where the prefix itself ends there, perhaps. */
  within(prefix: string): readonly Directory[] {
    const found: Directory[] = [];
    for (const [directory, members] of this.#members) {
      const isWhole = directory.startsWith(prefix);
      if (isWhole || prefix.startsWith(directory)) found.push({members, isWhole});
    }
    return found;
  }
}
