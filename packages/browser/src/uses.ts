import {idly} from './idle.ts';

/** When bodies were last read. A hit must not wait for a write, so uses are noted here and written together. */
export class Uses {
  readonly #write: (uses: ReadonlyMap<string, number>) => Promise<void>;
  readonly #flushLater: () => void = idly(() => this.flush());
  #waiting = new Map<string, number>();

  constructor(write: (uses: ReadonlyMap<string, number>) => Promise<void>) {
    this.#write = write;
  }

  note(id: string, time: number): void {
    this.#waiting.set(id, time);
    this.#flushLater();
  }

  /** Writes what is waiting. Never rejects: a use may go uncounted. */
  async flush(): Promise<void> {
    const uses = this.#waiting;
    this.#waiting = new Map();
    if (uses.size > 0) await this.#write(uses).catch(() => undefined);
  }
}
