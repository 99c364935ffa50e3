/** Lets so many through at a time; the others wait, first come, first served. */
export class Gate {
  #free: number;
  readonly #patience: number;
  readonly #waiting: (() => void)[] = [];

  /** `patience` is how long a turn is worth waiting for, in milliseconds. */
  constructor(width: number, patience: number) {
    this.#free = width;
    this.#patience = patience;
  }

  /**
   * Who has waited for longer than that gives way to who came later: were all served whom nobody waits for any more, all
   * would be late as long as more come than can be served.
   */
  async through<T>(run: () => Promise<T>, late: () => never): Promise<T> {
    const came = performance.now();
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    try {
      return await (performance.now() - came > this.#patience ? late() : run());
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
