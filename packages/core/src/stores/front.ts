/** So many changes are always let pass before a walk is begun anew. */
const few = 32;
/** And so many as a share of the set: passing over its holes then costs next to nothing for each change. */
const share = 1 / 8;

/**
 * The first of an ordered set that loses its members from the front.
 *
 * A live iterator goes on where it stood: one begun anew would pass over the holes that those who left have left. But while
 * it stands still it keeps every table its set has had since, and whatever lay in them, so it is not let stand for long.
 */
export class Front<T> {
  readonly #walk: () => Iterator<T>;
  readonly #size: () => number;
  #cursor: Iterator<T> | undefined;
  #first: T | undefined;
  #changes = 0;

  constructor(walk: () => Iterator<T>, size: () => number) {
    this.#walk = walk;
    this.#size = size;
  }

  /** The first member, or `undefined` when there is none. */
  first(): T | undefined {
    this.#first ??= this.#next() ?? this.#restart();
    return this.#first;
  }

  /** To be called with each member that leaves, or moves to the end. */
  left(member: T): void {
    if (this.#first === member) this.#first = undefined;
    if (this.#cursor !== undefined && ++this.#changes > few + this.#size() * share) this.#cursor = undefined;
  }

  #next(): T | undefined {
    this.#changes = 0;
    const step = this.#cursor?.next();
    return step?.done === false ? step.value : undefined;
  }

  #restart(): T | undefined {
    this.#cursor = this.#walk();
    return this.#next();
  }
}
