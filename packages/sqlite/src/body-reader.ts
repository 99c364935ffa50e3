// Long bodies, read as they are asked for. A reader sees the file as it was when it began, whatever is cleared meanwhile.

import {DatabaseSync} from 'node:sqlite';
import type {ByteRange} from 'limpid/store';
import {decompressed} from './compression.ts';
import {Connection} from './connection.ts';
import {inlineBytes} from './schema.ts';
import {failure} from './trouble.ts';

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

export class BodyReaders {
  readonly #file: string;
  readonly #idle: Connection[] = [];
  readonly #open = new Set<Connection>();
  #isClosed = false;
  #isRetired = false;

  constructor(file: string) {
    this.#file = file;
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
        view ??= this.#viewAgain();
        const place = Math.floor(at / inlineBytes);
        const chunk = at < end ? this.#chunk(view, body, place) : undefined;
        if (at < end && chunk === undefined) throw failure('the body was removed while it was read');
        if (chunk !== undefined) {
          const bytes =
            chunk.isPlain || body.coding === null ? chunk.bytes : await decompressed(chunk.bytes, body.coding);
          const piece = bytes.subarray(at - place * inlineBytes, end - place * inlineBytes);
          at += piece.byteLength;
          controller.enqueue(piece);
        }
        if (at < end) return watch();
        leave();
        controller.close();
      } catch (error) {
        leave();
        throw error;
      }
    };
    return new ReadableStream<Uint8Array>({pull, cancel: leave}, {highWaterMark: 0});
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
    if (view === undefined) throw failure(`more than ${maxReaders} bodies are read at the same time`);
    return view;
  }

  /** A connection of its own in a transaction of its own. */
  #view(): Connection | undefined {
    if (this.#open.size >= maxReaders) return undefined;
    const view = this.#idle.pop() ?? new Connection(new DatabaseSync(this.#file, {readOnly: true}));
    try {
      view.exec('BEGIN');
      this.#open.add(view);
      return view;
    } catch (error) {
      view.close();
      throw error;
    }
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
