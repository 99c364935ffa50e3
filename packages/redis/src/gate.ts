type Waiting = {readonly came: number; readonly go: () => void; readonly giveUp: () => void};

/**
 * Lets so many through at a time. Of those that wait the latest comes first: where more come than can be served, the
 * earliest have waited in vain already, and were they served first, all would be late.
 */
export class Gate {
  #free: number;
  readonly #patience: number;
  /** The earliest first. */
  readonly #waiting: Waiting[] = [];

  /** `patience` is how long a turn is worth waiting for, in milliseconds. */
  constructor(width: number, patience: number) {
    this.#free = width;
    this.#patience = patience;
  }

  /** Rejects with what `late` makes when the turn did not come in time; seen when others come or go. */
  async through<T>(run: () => Promise<T>, late: () => Error): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(late);
    try {
      return await run();
    } finally {
      this.#turnAway();
      const next = this.#waiting.pop();
      if (next === undefined) this.#free += 1;
      else next.go();
    }
  }

  #turn(late: () => Error): Promise<void> {
    this.#turnAway();
    return new Promise((resolve, reject) => {
      this.#waiting.push({came: performance.now(), go: resolve, giveUp: () => reject(late())});
    });
  }

  /** Nobody waits for them any more, and they hold bodies. */
  #turnAway(): void {
    const oldest = performance.now() - this.#patience;
    while (this.#waiting[0] !== undefined && this.#waiting[0].came < oldest) this.#waiting.shift()?.giveUp();
  }
}
