// Long bodies, read as they are asked for. A reader sees the file as it was when it began, whatever is cleared meanwhile.

import {DatabaseSync} from 'node:sqlite';
import type {ByteRange} from 'limpid/store';
import {decompressed} from './compression.ts';
import {Connection} from './connection.ts';
import {inlineBytes} from './schema.ts';
import {Damage, failure} from './trouble.ts';

/** A long body in the file. */
export type ChunkedBody = {
  readonly id: string;
  readonly size: number;
  readonly coding: string | null;
  readonly chunks: number;
};

/** Most bodies read at the same time. Beyond, the store does not give its body. */
const maxReaders = 32;

/** An idle reader gives up its view of the file after this, in milliseconds: it keeps the file from shrinking. */
const maxIdle = 60_000;

const removed = 'the body was removed while it was read';

/** What reading needs to know of the file, and tells of it. */
export type BodiesHost = {
  /** Whether the path still leads to the file. */
  readonly isInPlace: () => boolean;
  /** What to say of a failure that nobody who asks the store will see. */
  readonly told: (error: unknown) => unknown;
};

export class BodyReaders {
  readonly #file: string;
  readonly #host: BodiesHost;
  readonly #idle: Connection[] = [];
  readonly #open = new Set<Connection>();
  #isClosed = false;
  #isRetired = false;

  constructor(file: string, host: BodiesHost) {
    this.#file = file;
    this.#host = host;
  }

  /** The bytes from the range as a stream; `undefined` when the body is no longer there, or too many are being read. */
  stream(body: ChunkedBody, range: ByteRange | undefined): ReadableStream<Uint8Array> | undefined {
    const from = Math.min(body.size, Math.max(0, range?.offset ?? 0));
    const end = Math.min(body.size, from + Math.max(0, range?.length ?? body.size));
    const view = this.#view();
    if (view === undefined) return undefined;
    let isThere = false;
    try {
      isThere = from === end || this.#chunk(view, body, Math.floor(from / inlineBytes)) !== undefined;
    } finally {
      if (!isThere) this.#release(view);
    }
    return isThere ? this.#streamOf(view, body, from, end) : undefined;
  }

  /** The file has another in its place: what is being read of it is read to its end. */
  retire(): void {
    this.#isRetired = true;
    for (const view of this.#idle.splice(0)) view.close();
  }

  close(): void {
    this.#isClosed = true;
    for (const view of [...this.#idle.splice(0), ...this.#open]) view.close();
    this.#open.clear();
  }

  #streamOf(first: Connection, body: ChunkedBody, from: number, end: number): ReadableStream<Uint8Array> {
    let view: Connection | undefined = first;
    let at = from;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = (): void => {
      clearTimeout(timer);
      if (view !== undefined) this.#release(view);
      view = undefined;
    };
    const watch = (): void => {
      timer = setTimeout(leave, maxIdle).unref();
    };
    watch();
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      clearTimeout(timer);
      try {
        if (this.#isClosed) throw failure('the store was closed, or its file damaged, while the body was read');
        const isAsBefore = view !== undefined;
        view ??= this.#viewAgain();
        if (at < end) {
          const piece = await this.#piece(view, body, at, end);
          if (piece.byteLength === 0) throw isAsBefore ? new Damage('a body lacks a part') : failure(removed);
          at += piece.byteLength;
          controller.enqueue(piece);
        }
        if (at < end) return watch();
        leave();
        controller.close();
      } catch (error) {
        leave();
        throw this.#host.told(error);
      }
    };
    return new ReadableStream<Uint8Array>({pull, cancel: leave}, {highWaterMark: 0});
  }

  /** What there is between two places, as far as one chunk goes; nothing when there is no such chunk. */
  async #piece(view: Connection, body: ChunkedBody, at: number, end: number): Promise<Uint8Array> {
    const place = Math.floor(at / inlineBytes);
    const chunk = this.#chunk(view, body, place);
    if (chunk === undefined) return new Uint8Array(0);
    const bytes = chunk.isPlain || body.coding === null ? chunk.bytes : await decompressed(chunk.bytes, body.coding);
    return bytes.subarray(at - place * inlineBytes, end - place * inlineBytes);
  }

  /** A chunk that compression would not have made smaller is kept as it is. */
  #chunk(view: Connection, {id}: ChunkedBody, place: number): {bytes: Uint8Array; isPlain: boolean} | undefined {
    const found = view.prepare('SELECT bytes, size FROM chunks WHERE body = ? AND place = ?').get(id, place);
    const bytes = found?.bytes;
    return bytes instanceof Uint8Array ? {bytes, isPlain: bytes.byteLength === found?.size} : undefined;
  }

  /** A later view than before: what was removed meanwhile is not seen in it. */
  #viewAgain(): Connection {
    const view = this.#view();
    if (view !== undefined) return view;
    const isTooMany = this.#open.size >= maxReaders;
    throw failure(isTooMany ? `more than ${maxReaders} bodies are read at the same time` : removed);
  }

  /** A connection of its own in a transaction of its own. */
  #view(): Connection | undefined {
    if (this.#open.size >= maxReaders) return undefined;
    const view = this.#idle.pop() ?? this.#connected();
    if (view === undefined) return undefined;
    try {
      view.exec('BEGIN');
      this.#open.add(view);
      return view;
    } catch (error) {
      view.close();
      throw error;
    }
  }

  /** `undefined` when another file may have taken the place of this one before it was opened. */
  #connected(): Connection | undefined {
    const connection = new Connection(new DatabaseSync(this.#file, {readOnly: true}));
    try {
      // The first to read opens the companions, too.
      connection.exec('SELECT one FROM state');
      if (this.#host.isInPlace()) return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
    connection.close();
    return undefined;
  }

  #release(view: Connection): void {
    if (!this.#open.delete(view)) return;
    try {
      view.exec('COMMIT');
      if (this.#isRetired) view.close();
      else this.#idle.push(view);
    } catch {
      view.close();
    }
  }
}
