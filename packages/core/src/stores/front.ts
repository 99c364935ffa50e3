/**
 * The first of an ordered set that loses its members from the front.
 *
 * A live iterator goes on where it stood: one begun anew would pass over the holes that those who left have left.
 */
export class Front<T> {
  readonly #walk: () => Iterator<T>;
  #cursor: Iterator<T> | undefined;
  #first: T | undefined;

  constructor(walk: () => Iterator<T>) {
    this.#walk = walk;
  }

  /** The first member, or `undefined` when there is none. */
  first(): T | undefined {
    this.#first ??= this.#next() ?? this.#restart();
    return this.#first;
  }

  /** To be called with each member that leaves, or moves to the end. */
  left(member: T): void {
    if (this.#first === member) this.#first = undefined;
  }

  #next(): T | undefined {
    const step = this.#cursor?.next();
    return step?.done === false ? step.value : undefined;
  }

  #restart(): T | undefined {
    this.#cursor = this.#walk();
    return this.#next();
  }
}
