/** How long a use may wait before it is written, in milliseconds. */
const delay = 1_000;
const maxWaiting = 1_000;

/** When bodies were last read. A hit must not wait for a write, so uses are noted here and written together. */
export class Uses {
  readonly #write: (uses: ReadonlyMap<string, number>) => Promise<void>;
  #waiting = new Map<string, number>();
  #writing: ReadonlyMap<string, number> | undefined;
  #flushing: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(write: (uses: ReadonlyMap<string, number>) => Promise<void>) {
    this.#write = write;
  }

  note(id: string, time: number): void {
    this.#waiting.set(id, time);
    if (this.#waiting.size >= maxWaiting && this.#flushing === undefined) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), delay).unref();
  }

  /** A use that is not in the file yet. */
  of(id: string): number | undefined {
    return this.#waiting.get(id) ?? this.#writing?.get(id);
  }

  /** Writes all that is waiting. Never rejects: a use may go uncounted. */
  async flush(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    this.#flushing = this.#flush();
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    this.#writing = this.#waiting;
    this.#waiting = new Map();
    try {
      await this.#write(this.#writing);
    } catch {
      // Uses that are not counted: what is used again will be noted again.
    } finally {
      this.#writing = undefined;
      this.#flushing = undefined;
    }
  }
}
