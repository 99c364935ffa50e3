/// <reference lib="esnext.disposable" preserve="true" />
import {complaint} from '../complaint.ts';
import {LimpidError} from '../errors.ts';
import {rescued} from '../model/maybe.ts';
import type {ForwardDetail, ForwardReason, NotStoredReason} from '../policy/reasons.ts';

/** The request an event speaks of; secrets in the URL are replaced. */
type OfRequest = {readonly method: string; readonly url: string};

/** A stored response answered a request. */
export type HitEvent = OfRequest & {
  readonly type: 'hit';
  readonly status: number;
  /** Its current age in seconds, with their fractions. */
  readonly age: number;
  /** What remained of its freshness lifetime, in whole seconds; negative when stale. */
  readonly ttl: number;
  readonly stale: boolean;
  /** It answers from another request's flight. */
  readonly collapsed: boolean;
  /** It stands in for the network: which failed, or took longer than `networkTimeout`. */
  readonly instead: 'error' | 'timeout' | undefined;
};

/** A request went to the network without a validator, or was refused because it must not go there. */
export type MissEvent = OfRequest & {
  readonly type: 'miss';
  readonly because: ForwardReason;
  readonly detail: ForwardDetail | undefined;
};

/** A validation was answered. */
export type RevalidateEvent = OfRequest & {
  readonly type: 'revalidate';
  readonly because: ForwardReason;
  readonly detail: ForwardDetail | undefined;
  readonly status: number;
  readonly background: boolean;
};

/** A response is now stored. */
export type StoreEvent = OfRequest & {
  readonly type: 'store';
  readonly status: number;
  /** The length of its body, before a store compresses it. */
  readonly bytes: number;
};

/** A response was not stored. */
export type RefuseEvent = OfRequest & {
  readonly type: 'refuse';
  readonly status: number;
  readonly because: NotStoredReason;
  /** Where the reason is written down: an RFC section, or the limpid option behind it. */
  readonly section: string;
};

/** Stored responses were cleared or expired. */
export type ClearEvent = {
  readonly type: 'clear';
  readonly action: 'remove' | 'expire';
  /** `application`: `clear` or `expire` was called; `request`: its option `clears`; `response`: HTTP says so. */
  readonly by: 'application' | 'request' | 'response';
  /** The request whose answer cleared, secrets replaced; `undefined` when the application did. */
  readonly request: OfRequest | undefined;
  /** What asked for it: RFC sections, or the limpid option. */
  readonly sections: readonly string[];
  /** Stored responses selected, when that was cheap to know. */
  readonly count: number | undefined;
};

/** The store made room: this response is gone. */
export type EvictEvent = OfRequest & {
  readonly type: 'evict';
  /** The length of its body, as `StoreEvent` gave it. */
  readonly bytes: number;
};

/** Something failed that no caller is told of otherwise. */
export type ErrorEvent = {
  readonly type: 'error';
  readonly error: unknown;
  /**
   * What failed, for logs: an operation of the store (`list`, `commit`, …), an option (`storeIf`, `clears`,
   * `unreachable`), `background` for background work, or a listener (`hit listener`, …).
   */
  readonly during: string;
};

export type CacheEvent =
  | HitEvent
  | MissEvent
  | RevalidateEvent
  | StoreEvent
  | RefuseEvent
  | ClearEvent
  | EvictEvent
  | ErrorEvent;

export type CacheEventType = CacheEvent['type'];

export type Listener<Type extends CacheEventType> = (event: Extract<CacheEvent, {type: Type}>) => void;

/** Call it, or let `using` dispose of it, to undo what returned it. */
export type Undo = {(): void; [Symbol.dispose](): void};

export function undo(action: () => void): Undo {
  return Object.assign(action, {[Symbol.dispose]: action});
}

const types: readonly CacheEventType[] = ['hit', 'miss', 'revalidate', 'store', 'refuse', 'clear', 'evict', 'error'];
const maxListeners = 100;

/** Tells listeners what happened. A listener that throws or rejects is told to the others as an `error`, and nobody else suffers. */
export class Events {
  readonly #listeners: Map<CacheEventType, Set<(event: never) => void>> = new Map();

  /** @throws TypeError for an unknown event; LimpidError `TOO_MANY_LISTENERS` beyond 100 for one event. */
  on<Type extends CacheEventType>(type: Type, listener: Listener<Type>): Undo {
    if (!types.includes(type)) throw complaint('event', type, types.join(', '));
    if (typeof listener !== 'function') throw complaint('listener', listener, 'a function');
    const listeners = this.#listeners.get(type) ?? new Set();
    if (listeners.size >= maxListeners) {
      throw new LimpidError('TOO_MANY_LISTENERS', {
        message: `more than ${maxListeners} listeners for "${type}"; is one added per request?`,
      });
    }
    // Each call listens once more, even with the same function: undoing one leaves the other.
    const own = (event: Extract<CacheEvent, {type: Type}>): void => listener(event);
    this.#listeners.set(type, listeners.add(own));
    return undo(() => void listeners.delete(own));
  }

  /** Whether anyone listens: those of hits are not built for nobody. */
  has(type: CacheEventType): boolean {
    return (this.#listeners.get(type)?.size ?? 0) > 0;
  }

  emit(event: CacheEvent): void {
    for (const listener of this.#listeners.get(event.type) ?? []) {
      void rescued(
        () => (listener as (event: CacheEvent) => void)(event),
        error => event.type !== 'error' && this.emit({type: 'error', error, during: `${event.type} listener`}),
      );
    }
  }
}
