// Frees what a clear has made unreachable, a little at a time: no clear makes its caller wait for the freeing.

const sliceSize = 256;

/** Frees queued things in slices, from a timer that keeps no process alive. */
export class Sweep<T> {
  readonly #free: (thing: T) => void;
  readonly #queue: Iterator<T>[] = [];
  #pending = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(free: (thing: T) => void) {
    this.#free = free;
  }

  /** How many things still wait. */
  get pending(): number {
    return this.#pending;
  }

  /** What is more than a slice waits for its turn, so that a large clear answers at once. */
  add(things: Iterable<T>, count: number): void {
    if (count === 0) return;
    this.#queue.push(things[Symbol.iterator]());
    this.#pending += count;
    if (count > sliceSize) this.#schedule();
    else this.slice();
  }

  /** Frees a slice now; the rest follows by itself. */
  slice(size: number = sliceSize): void {
    let left = size;
    for (let things = this.#queue[0]; things !== undefined && left > 0; left--) {
      const step = things.next();
      if (step.done) {
        this.#queue.shift();
        things = this.#queue[0];
        continue;
      }
      this.#pending--;
      this.#free(step.value);
    }
    if (this.#pending > 0) this.#schedule();
    else this.stop();
  }

  /** Frees everything now. */
  finish(): void {
    this.slice(Number.POSITIVE_INFINITY);
  }

  /** Forgets what waits, without freeing it one by one. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
    this.#pending = 0;
  }

  #schedule(): void {
    // Begun anew: in a worker, a timer ends with the request that set it.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.slice(), 0);
    // Browsers number their timers; Node's keep the process alive unless told not to.
    (this.#timer as {unref?: () => unknown}).unref?.();
  }
}
