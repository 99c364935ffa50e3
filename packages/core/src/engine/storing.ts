// A body on its way into the store while its readers read it. Nothing half: only a whole, wanted body is committed.

import {platform} from '../fetch-api/platform.ts';
import {parseContentLength} from '../fields/content-length.ts';
import {gathered} from '../model/chunks.ts';
import {after, isPromise, rescued} from '../model/maybe.ts';
import type {ArrivingBody, BodySource, ResponseHead} from '../model/messages.ts';
import type {BodySink} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {TransportResponse} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {readVerdict} from '../options/reading.ts';
import type {WaitUntil} from '../options/request-options.ts';
import type {StoreIf} from '../options/rule-options.ts';
import {completeResponseView} from '../options/views.ts';
import {isAsSent, lengthOf} from '../policy/ranges.ts';
import {type NotStoredReason, notStoredReasons} from '../policy/reasons.ts';
import {isRedirect} from '../policy/redirecting.ts';
import type {Parts} from './parts.ts';
import {Spool} from './spool.ts';

/** How long, in milliseconds, a stalled reader may hold up the others of a body too long to keep. */
const stall = 5_000;

/** A body that waits for its reader. */
export type Untaken = {
  readonly take: (signal?: AbortSignal) => BodySource;
  /** The same, where it is still on its way. */
  readonly arriving?: (signal?: AbortSignal) => ArrivingBody;
  /** No further reader is coming; those who read go on. */
  readonly discard: () => void;
};

/** A response being stored: its body can be taken by several, while it arrives. */
export type Arrival = Untaken & {
  /** Whether a further reader would still get all of it. */
  readonly admits: () => boolean;
  /** Reads it to the end for the store's sake; rejects when `signal` says that it has taken too long. */
  readonly drain: (signal: AbortSignal) => Promise<void>;
  /** What came of it, once the store has it or never will. Does not reject. */
  readonly settled: Promise<Stored>;
};

/** Whether a response was stored, and if not why. */
export type Stored = 'stored' | NotStoredReason;

/** What the owner decided beyond what HTTP knows. */
type Wishes = {readonly storeIf: StoreIf | undefined; readonly waitUntil: WaitUntil | undefined};

/**
 * Begins to store a response; it is there once its body is complete.
 *
 * @see RFC 9111 §3.3, RFC 9110 §8.6
 */
export function keep(parts: Parts, stored: StoredResponse, response: TransportResponse, wishes: Wishes): Arrival {
  const writing = new Writing(parts, stored, response, wishes);
  const {body} = response;
  if (body instanceof ReadableStream) return keepStream(parts, body, writing);
  // A copy: whoever made the bytes may still hold, and change, their memory.
  const chunks = body === null ? [] : [new Uint8Array(body)];
  for (const chunk of chunks) writing.write(chunk);
  writing.complete(chunks);
  const nothing = (): void => undefined;
  const [kept = null] = chunks;
  return {
    take: () => kept,
    admits: () => true,
    discard: nothing,
    drain: async () => nothing(),
    settled: writing.settled,
  };
}

function keepStream({settings}: Parts, body: ReadableStream<Uint8Array>, writing: Writing): Arrival {
  const {timers, maxBodyBytes: maxBytes} = settings;
  writing.outlive();
  const spool = new Spool(body, writing, {maxBytes, stall, timers});
  return {
    take: signal => spool.read(signal),
    arriving: signal => spool.arriving(signal),
    admits: () => spool.admits,
    discard: () => spool.leave(),
    drain: signal => spool.drain(signal),
    settled: writing.settled,
  };
}

/** One body's way into the store, in order, whether the store answers at once or later. */
class Writing {
  readonly settled: Promise<Stored>;
  readonly #parts: Parts;
  readonly #stored: StoredResponse;
  readonly #response: TransportResponse;
  #wishes: Wishes;
  readonly #sink: BodySink | undefined;
  /** Whether the store took everything so far. */
  #queue: MaybePromise<boolean>;
  #settle: (outcome: Stored) => void = () => undefined;

  constructor(parts: Parts, stored: StoredResponse, response: TransportResponse, wishes: Wishes) {
    this.#parts = parts;
    this.#stored = stored;
    this.#response = response;
    this.#wishes = wishes;
    this.settled = new Promise(resolve => {
      this.#settle = resolve;
    });
    this.#sink = parts.store.attempt<BodySink | undefined>('put', undefined, store => store.put(stored)) as
      | BodySink
      | undefined;
    this.#queue = this.#sink !== undefined;
  }

  /**
   * Asks for a service worker's life before it has answered: none is granted later. Other platforms grant it, and would
   * wait for a body that nobody reads.
   */
  outlive(): void {
    if (platform.client !== 'browser') return;
    this.#parts.background.outlive(this.settled, this.#wishes.waitUntil);
    this.#wishes = {...this.#wishes, waitUntil: undefined};
  }

  write(chunk: Uint8Array): void {
    const {store} = this.#parts;
    this.#queue = after(this.#queue, ok =>
      ok ? store.attempt('write', false, () => after(this.#sink?.write(chunk), () => true)) : false,
    );
  }

  complete(chunks: readonly Uint8Array[]): void {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const because = this.#whyRefused(chunks, bytes);
    if (because !== undefined) {
      this.abandon(because);
      return;
    }
    const {store, background} = this.#parts;
    const outcome = after(this.#queue, ok =>
      ok ? store.attempt<Stored>('commit', 'store-failed', () => after(this.#sink?.commit(), checked)) : 'store-failed',
    );
    const settled = after(outcome, result => {
      if (result === 'store-failed') this.#abort();
      this.#report(result, bytes);
    });
    if (isPromise(settled)) background.track(settled, this.#wishes.waitUntil);
  }

  abandon(because: NotStoredReason): void {
    this.#abort();
    this.#report(because, 0);
  }

  /** Also while the store is left alone: nobody else gives back the room that was taken. */
  #abort(): void {
    void rescued(
      () => this.#sink?.abort(),
      error => this.#parts.report(error, 'abort'),
    );
  }

  #whyRefused(chunks: readonly Uint8Array[], length: number): NotStoredReason | undefined {
    if (this.#parts.off() !== undefined) return 'bypass';
    if (length > this.#parts.settings.maxBodyBytes) return 'too-large';
    if (!this.#hasAnnouncedLength(length)) return 'length-mismatch';
    const {storeIf} = this.#wishes;
    return storeIf === undefined || this.#isWanted(storeIf, chunks) ? undefined : 'store-if';
  }

  /** Content-Length counts encoded bytes: where a body arrives decoded, it cannot be checked. RFC 9110 §8.6 */
  #hasAnnouncedLength(length: number): boolean {
    const {head} = this.#response;
    if (!isAsSent(head) || this.#stored.method === 'HEAD') return true;
    const {range} = this.#stored.facts;
    if (range !== undefined && length !== lengthOf(range)) return false;
    const announced = parseContentLength(head.fields);
    return announced === undefined || announced === length;
  }

  #isWanted(storeIf: StoreIf, chunks: readonly Uint8Array[]): boolean {
    const {head} = this.#response;
    const judge = (): unknown => storeIf(completeResponseView(head, gathered(chunks)));
    try {
      // A redirect's body is nothing anybody reads: what looks for something in it, and fails, must not refuse the redirect.
      return readVerdict(isRedirect(head.status) ? rescued(judge, () => true) : judge(), 'storeIf');
    } catch (error) {
      this.#parts.report(error, 'storeIf');
      return false;
    }
  }

  #report(outcome: Stored, bytes: number): void {
    const {counters, events} = this.#parts;
    const {method, url, head} = this.#stored;
    if (outcome === 'stored') {
      counters.stored += 1;
      events.emit({type: 'store', method, url, status: head.status, bytes});
    } else refuse(this.#parts, {method, url}, head, outcome);
    this.#settle(outcome);
  }
}

/** Tells that a response was not stored, and why. */
export function refuse(
  {counters, events}: Parts,
  {method, url}: {readonly method: string; readonly url: string},
  head: ResponseHead,
  because: NotStoredReason,
): void {
  counters.refused += 1;
  const {section} = notStoredReasons[because];
  events.emit({type: 'refuse', method, url, status: head.status, because, section});
}

/** Stores are made by others, too. */
function checked(outcome: Stored | undefined): Stored {
  if (outcome !== undefined && (outcome === 'stored' || Object.hasOwn(notStoredReasons, outcome))) return outcome;
  throw new TypeError(`limpid: the store committed with ${String(outcome)}`);
}
