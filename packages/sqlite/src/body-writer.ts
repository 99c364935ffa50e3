import type {BodySink, MaybePromise, PutOutcome} from 'limpid/store';
import {compressed} from './compression.ts';
import {removeDoomed} from './freeing.ts';
import type {Compression} from './options.ts';
import type {KeptBody} from './rows.ts';
import {inlineBytes} from './schema.ts';
import {type Writer, writePatience} from './writer.ts';

/** What a body needs of its store. */
export type BodyHost = {
  readonly id: string;
  readonly writer: Writer;
  readonly compress: Compression;
  readonly now: () => number;
  /** Whether a body of this size can be kept. */
  readonly fits: (size: number) => boolean;
  readonly commit: (body: KeptBody) => MaybePromise<PutOutcome>;
  /** Chunks are in the file that nothing will lead to. */
  readonly left: () => void;
};

/** A chunk takes the place of others, where there are such: many that write at once must not be faster than what frees. */
const chunksReplaced = 2;

/** Changes nothing where the body was taken for abandoned: its first chunks may be gone. */
const stillUnfinished = 'UPDATE unfinished SET written = ? WHERE body = ?';

/**
 * Takes one body. A short one waits in memory; of a long one each full chunk goes to the file, where nothing leads to
 * it until the response is committed.
 */
export class BodyWriter implements BodySink {
  readonly #host: BodyHost;
  #pieces: Uint8Array[] = [];
  #pending = 0;
  #size = 0;
  #stored = 0;
  #chunks = 0;
  #isFull = false;
  #isOver = false;

  constructor(host: BodyHost) {
    this.#host = host;
  }

  write(chunk: Uint8Array): MaybePromise<void> {
    if (this.#isFull || this.#isOver) return;
    this.#size += chunk.byteLength;
    // What is compressed on its way counts as it is kept; the rest is judged when it is committed.
    if (!this.#host.fits(this.#host.compress === false ? this.#size : this.#stored)) {
      this.#isFull = true;
      this.#forget();
      return;
    }
    this.#pieces.push(chunk);
    this.#pending += chunk.byteLength;
    return this.#pending > inlineBytes ? this.#spill() : undefined;
  }

  /** At once where it can be: then the response is stored before anybody has seen the end of it. */
  commit(): MaybePromise<PutOutcome> {
    if (this.#isFull || this.#isOver) return 'full';
    const release = this.#host.writer.hold(this.#pending);
    if (release === undefined) return this.#over('full');
    return settled(() => {
      const body = this.#chunks === 0 ? this.#inline() : this.#chunked();
      return body instanceof Promise ? this.#commitLater(body) : this.#over(this.#host.commit(body));
    }, release);
  }

  async #commitLater(body: Promise<KeptBody>): Promise<PutOutcome> {
    const kept = await body;
    return this.#over(await (this.#isOver ? 'full' : this.#host.commit(kept)));
  }

  #over(outcome: MaybePromise<PutOutcome>): MaybePromise<PutOutcome> {
    if (outcome instanceof Promise) return outcome.then(later => this.#over(later));
    this.#isOver = true;
    if (outcome !== 'stored') this.#forget();
    return outcome;
  }

  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
  }

  #inline(): MaybePromise<KeptBody> {
    const bytes = joined(this.#pieces, this.#pending);
    const inlined = (kept: Uint8Array): KeptBody => {
      const coding = kept === bytes ? null : String(this.#host.compress);
      return {size: this.#size, stored: kept.byteLength, coding, inline: kept, chunks: 0};
    };
    const kept = compressed(bytes, this.#host.compress);
    return kept instanceof Promise ? kept.then(inlined) : inlined(kept);
  }

  async #chunked(): Promise<KeptBody> {
    if (this.#pending > 0) await this.#keep(joined(this.#pieces, this.#pending));
    this.#pieces = [];
    const {compress} = this.#host;
    const coding = compress === false ? null : compress;
    return {size: this.#size, stored: this.#stored, coding, inline: null, chunks: this.#chunks};
  }

  async #spill(): Promise<void> {
    const bytes = joined(this.#pieces, this.#pending);
    this.#pieces = [];
    this.#pending = 0;
    let at = 0;
    for (; bytes.byteLength - at >= inlineBytes; at += inlineBytes)
      await this.#keep(bytes.subarray(at, at + inlineBytes));
    if (at < bytes.byteLength) {
      this.#pieces.unshift(bytes.subarray(at));
      this.#pending += bytes.byteLength - at;
    }
  }

  async #keep(bytes: Uint8Array): Promise<void> {
    const {id, writer, now} = this.#host;
    const place = this.#chunks++;
    const kept = await compressed(bytes, this.#host.compress);
    if (this.#isOver) return;
    this.#stored += kept.byteLength;
    const isKept = await writer.run(connection => {
      const wrote = place === 0 ? 'INSERT OR REPLACE INTO unfinished (written, body) VALUES (?, ?)' : stillUnfinished;
      if (Number(connection.prepare(wrote).run(Math.trunc(now()), id).changes) === 0) return false;
      removeDoomed(connection, chunksReplaced);
      connection.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?)').run(id, place, bytes.byteLength, kept);
      return true;
    }, writePatience);
    if (!isKept) this.#isFull = true;
    if (this.#isOver || this.#isFull) this.#forget();
  }

  /** What is in the file already is swept; should that fail, it is swept as unfinished, later. */
  #forget(): void {
    this.#pieces = [];
    if (this.#chunks === 0) return;
    const {id, writer, left} = this.#host;
    const doom = writer.run(connection => {
      connection.prepare('DELETE FROM unfinished WHERE body = ?').run(id);
      // A commit that took too long may have come through all the same: then they are somebody's.
      connection
        .prepare('INSERT OR IGNORE INTO doomed SELECT ? WHERE NOT EXISTS (SELECT 1 FROM responses WHERE id = ?)')
        .run(id, id);
    }, writePatience);
    doom.then(left).catch(() => undefined);
  }
}

/** Calls `after` when `run` is over, now or later. */
function settled<T>(run: () => MaybePromise<T>, after: () => void): MaybePromise<T> {
  let value: MaybePromise<T>;
  try {
    value = run();
  } catch (error) {
    after();
    throw error;
  }
  if (value instanceof Promise) return value.finally(after);
  after();
  return value;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}
