import {gathered} from '../model/chunks.ts';
import type {BodySink, PutOutcome} from '../model/store.ts';

/** What a sink needs of the store it writes to. */
export type SinkOwner = {
  /** Asks for room for `more` bytes, not yet visible, of a body of `size` so far. */
  readonly reserve: (size: number, more: number) => boolean;
  /** Gives such room back. */
  readonly release: (bytes: number) => void;
  readonly commit: (body: Uint8Array) => PutOutcome;
};

/** One plain array of exactly these bytes, so that no view keeps a larger buffer alive. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only?.constructor === Uint8Array && only.byteLength === only.buffer.byteLength)
    return only;
  return gathered(chunks);
}

/** Gathers one body in memory. A body that finds no room is dropped at once, and `commit` says so. */
export class MemoryBody implements BodySink {
  readonly #owner: SinkOwner;
  #chunks: Uint8Array[] = [];
  #size = 0;
  /** What `commit` will answer without asking the store. */
  #outcome: PutOutcome | undefined;

  constructor(owner: SinkOwner) {
    this.#owner = owner;
  }

  write(chunk: Uint8Array): void {
    if (this.#outcome !== undefined || chunk.byteLength === 0) return;
    if (this.#owner.reserve(this.#size + chunk.byteLength, chunk.byteLength)) {
      this.#chunks.push(chunk);
      this.#size += chunk.byteLength;
    } else {
      this.#end('full');
    }
  }

  commit(): PutOutcome {
    if (this.#outcome === undefined) {
      const chunks = this.#chunks;
      this.#end('full');
      this.#outcome = this.#owner.commit(joined(chunks));
    }
    return this.#outcome;
  }

  abort(): void {
    if (this.#outcome === undefined) this.#end('fenced');
  }

  #end(outcome: PutOutcome): void {
    this.#owner.release(this.#size);
    this.#chunks = [];
    this.#size = 0;
    this.#outcome = outcome;
  }
}
