// One body on its way, followed by several readers at their own pace. The fastest reader pulls; nobody reading means nothing read.

import {tagOf} from '../complaint.ts';
import {closeBytes} from '../fetch-api/body-streams.ts';
import {gathered} from '../model/chunks.ts';
import type {ArrivingBody} from '../model/messages.ts';
import type {Reader} from './spool-reader.ts';
import type {SpoolLimits, SpoolTarget} from './spool-target.ts';
import {forgotten, onAbort, weakly} from './streams.ts';
import {wait} from './waiting.ts';

const failed = ({fail}: Reader, reason: unknown): void => fail(reason);

type End = {readonly type: 'complete'} | {readonly type: 'failed'; readonly error: unknown};

/** What is there as long as a reader's stream is. */
type Own = {readonly reader: Reader; controller?: ReadableByteStreamController};

/** Made out here, where it holds nothing that would hold `own`. */
function failing(own: Own): (error: unknown) => void {
  const weak = weakly(own);
  return error => weak.deref()?.controller?.error(error);
}

/** A body read once from its source and handed to any number of readers, each from the beginning, each with its own bytes. */
export class Spool {
  readonly #source: ReadableStreamDefaultReader<Uint8Array>;
  readonly #target: SpoolTarget;
  readonly #limits: SpoolLimits;
  readonly #readers: Set<Reader> = new Set();
  #chunks: Uint8Array[] = [];
  /** How many chunks at the front have been let go. */
  #dropped = 0;
  /** How many readers have yet to take the first chunk held. Of thousands, not all are looked at for each step of each. */
  #atFront = 0;
  #bytes = 0;
  #held = 0;
  #kept = true;
  #waits = 0;
  #end: End | undefined;
  #advancing: Promise<void> | undefined;

  constructor(source: ReadableStream<Uint8Array>, target: SpoolTarget, limits: SpoolLimits) {
    this.#source = source.getReader();
    this.#target = target;
    this.#limits = limits;
  }

  /** Everything read so far is still here, so that another reader can begin. */
  get admits(): boolean {
    return this.#kept && this.#end?.type !== 'failed';
  }

  /** A stream of the whole body, from its beginning. `signal` ends this reader alone. */
  read(signal?: AbortSignal): ReadableStream<Uint8Array> {
    return this.#streamFor(this.#join(signal));
  }

  /** The same, for a reader who may want no stream. It counts as a reader from now on. */
  arriving(signal?: AbortSignal): ArrivingBody {
    const reader = this.#join(signal);
    const arriving: ArrivingBody = {
      stream: () => this.#streamFor(reader),
      bytes: () => this.#bytesFor(reader),
    };
    // Dropped without a look at it, as answers are whose status says enough.
    forgotten.register(arriving, reader.leave, reader);
    return arriving;
  }

  #join(signal: AbortSignal | undefined): Reader {
    let stopListening: (() => void) | undefined;
    const reader: Reader = {
      position: this.#dropped,
      movedAt: this.#waits,
      failure: undefined,
      tell: error => {
        reader.failure = {error};
      },
      fail: error => {
        if (reader.leave()) reader.tell(error);
      },
      wake: () => undefined,
      leave: () => {
        stopListening?.();
        // An error made in here holds all that called: the registry must not hold what holds its target.
        forgotten.unregister(reader);
        if (!this.#readers.delete(reader)) return false;
        if (reader.position === this.#dropped) this.#atFront -= 1;
        reader.wake();
        this.leave();
        this.#letGo();
        return true;
      },
    };
    this.#readers.add(reader);
    this.#atFront += 1;
    if (signal?.aborted) reader.fail(signal.reason);
    else if (this.#dropped > 0) reader.fail(new DOMException('It is no longer held whole.', 'InvalidStateError'));
    else if (signal !== undefined) stopListening = onAbort(signal, reader, failed);
    return reader;
  }

  #streamFor(reader: Reader): ReadableStream<Uint8Array> {
    // What the stream is made of holds this, and nothing else does. The stream itself, and its controller, Chromium collects
    // while its own readers go on reading.
    const own: Own = {reader};
    const start = (controller: ReadableByteStreamController): void => {
      if (reader.failure !== undefined) controller.error(reader.failure.error);
      own.controller = controller;
      reader.tell = failing(own);
    };
    const pull = async (controller: ReadableByteStreamController): Promise<void> => {
      const chunk = await this.#next(own.reader);
      if (!this.#readers.has(reader)) return;
      if (chunk !== undefined) return controller.enqueue(new Uint8Array(chunk));
      reader.leave();
      if (this.#end?.type === 'failed') return controller.error(this.#end.error);
      closeBytes(controller);
    };
    forgotten.unregister(reader);
    forgotten.register(own, reader.leave, reader);
    return new ReadableStream({type: 'bytes', start, pull, cancel: () => void reader.leave()}, {highWaterMark: 0});
  }

  /** Whoever fails while it waits for others hears of it at once. */
  #bytesFor(reader: Reader): Promise<Uint8Array<ArrayBuffer>> {
    forgotten.unregister(reader);
    return new Promise((resolve, reject) => {
      if (reader.failure !== undefined) return reject(reader.failure.error);
      reader.tell = reject;
      this.#gather(reader).then(resolve, reject);
    });
  }

  /** Copied once, into one piece: the chunks stay where they are until then. */
  async #gather(reader: Reader): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = [];
    for (let chunk = await this.#next(reader); chunk !== undefined; chunk = await this.#next(reader))
      chunks.push(chunk);
    reader.leave();
    if (this.#end?.type === 'failed') throw this.#end.error;
    return gathered(chunks);
  }

  /** Reads for the target's sake alone: to the end, or to where it can no longer be kept. */
  async drain(signal?: AbortSignal): Promise<void> {
    const reader = this.read(signal).getReader();
    while (this.#kept && !(await reader.read()).done);
    await reader.cancel();
  }

  /** Nobody else is coming: without a reader before the end, the source is told, and the part that came is forgotten. */
  leave(): void {
    if (this.#readers.size > 0 || this.#end !== undefined) return;
    const error = new DOMException('Nobody reads this body.', 'AbortError');
    this.#finish({type: 'failed', error}, 'unread');
  }

  /** The next chunk, which is to be copied; `undefined` at the end, and for a reader that has left. */
  async #next(reader: Reader): Promise<Uint8Array | undefined> {
    for (;;) {
      if (!this.#readers.has(reader)) return undefined;
      const chunk = this.#chunks[reader.position - this.#dropped];
      if (chunk !== undefined) {
        if (reader.position === this.#dropped) this.#atFront -= 1;
        reader.position += 1;
        reader.movedAt = this.#waits;
        this.#letGo();
        return chunk;
      }
      if (this.#end !== undefined) return undefined;
      if (!this.#kept && this.#held > this.#limits.maxBytes) await this.#waitForSlowest(reader);
      else {
        this.#advancing ??= this.#advance();
        await this.#advancing;
      }
    }
  }

  async #advance(): Promise<void> {
    try {
      const {done, value} = await this.#source.read();
      if (this.#end !== undefined) return;
      if (done) this.#finish({type: 'complete'});
      else if (tagOf(value) !== 'Uint8Array') throw new TypeError('a chunk is no Uint8Array');
      else if (value.length > 0) this.#take(value);
    } catch (error) {
      this.#finish({type: 'failed', error}, 'incomplete');
    } finally {
      this.#advancing = undefined;
    }
  }

  #take(value: Uint8Array): void {
    // A copy: whoever made the chunk may still hold, and change, its memory. (`slice` would not copy a Buffer.)
    const chunk = new Uint8Array(value);
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#held += chunk.length;
    if (!this.#kept) return;
    this.#kept = this.#bytes <= this.#limits.maxBytes;
    if (this.#kept) this.#target.write(chunk);
    else this.#target.abandon('too-large');
    this.#letGo();
  }

  #finish(end: End, because?: 'incomplete' | 'unread'): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    // Where it is not the source that failed, it is still there.
    if (end.type === 'failed') void this.#source.cancel(end.error).catch(() => undefined);
    this.#wakeAll();
    if (!this.#kept) return;
    if (end.type === 'complete') this.#target.complete(this.#chunks);
    else this.#target.abandon(because ?? 'incomplete');
  }

  /** Lets go of chunks that every reader has passed; one that has left may be whom the others waited for. */
  #letGo(): void {
    if (this.#kept || this.#atFront > 0) return;
    const positions = Array.from(this.#readers, ({position}) => position);
    const slowest = positions.reduce((a, b) => Math.min(a, b), this.#dropped + this.#chunks.length);
    for (const chunk of this.#chunks.splice(0, slowest - this.#dropped)) this.#held -= chunk.length;
    this.#dropped = slowest;
    this.#atFront = positions.filter(position => position === slowest).length;
    this.#wakeAll();
  }

  async #waitForSlowest(reader: Reader): Promise<void> {
    const began = ++this.#waits;
    const {stop} = wait(this.#limits.timers, this.#limits.stall, () => this.#failBehind(reader, began));
    await new Promise<void>(resolve => {
      reader.wake = resolve;
    });
    stop();
  }

  /** Whoever is behind `waiter`, and has stood still while it waited, is left there. */
  #failBehind(waiter: Reader, began: number): void {
    if (!this.#readers.has(waiter)) return;
    for (const reader of this.#readers)
      if (reader.position < waiter.position && reader.movedAt < began)
        reader.fail(new DOMException('This reader was too slow.', 'TimeoutError'));
  }

  #wakeAll(): void {
    for (const reader of this.#readers) reader.wake();
  }
}
