// Clearing, expiring and looking, by the application's own word. Here, and only here, the store's failure is the caller's.

import {LimpidError} from '../errors.ts';
import type {CompiledSelection} from '../model/selection.ts';
import type {ClearHow} from '../model/store.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {MaybePromise} from '../model/units.ts';
import {readFlag, readRecord} from '../options/reading.ts';
import type {Selection} from '../options/selection.ts';
import {type StoredView, storedView} from '../options/views.ts';
import type {GuardedStore} from './guarded-store.ts';
import type {Parts} from './parts.ts';
import type {Selecting} from './selecting.ts';

/** How long to wait for a store before a clear counts as failed, in milliseconds. */
const patience = 10_000;
/** The same where responses have to be looked at one by one: there may be a million. */
const searchPatience = 60_000;

/** How to clear or expire. */
export type ClearOptions = {
  /** Also get past the caches below: the next request for each is sent end to end. Default: `false`. */
  readonly through?: boolean;
  /** Change nothing, only count. Default: `false`. */
  readonly dryRun?: boolean;
  /** Count even when that means searching. Default: `false`. */
  readonly exact?: boolean;
};

/** What a clear came to. Counts are given when they are cheap, or asked for. */
export type ClearResult = {
  /** Stored responses selected. */
  readonly count?: number;
  /** Their bodies' bytes. */
  readonly bytes?: number;
};

/** What the application means, and how, as it said it. */
type Given = readonly [selection?: Selection, options?: ClearOptions];

/** Nothing said means everything; an explicit `undefined` is a variable that was never set. */
const selectionOf = (given: Given): unknown => (given.length === 0 ? {all: true} : given[0]);

export class Clearing {
  readonly #parts: Parts;
  readonly #selecting: Selecting;

  constructor(parts: Parts, selecting: Selecting) {
    this.#parts = parts;
    this.#selecting = selecting;
  }

  async clear(action: 'remove' | 'expire', given: Given): Promise<ClearResult> {
    const parts = this.#parts;
    const verb = action === 'remove' ? 'clear' : 'expire';
    const how = readHow(action, verb, given[1]);
    const code = action === 'remove' ? 'CLEAR_FAILED' : 'EXPIRE_FAILED';
    if (parts.off() === 'closed') throw new LimpidError('CLOSED', {message: `${verb}: the cache is closed`});
    const result = await this.#applied(selectionOf(given), how, code);
    if (how.action !== 'count')
      parts.events.emit({
        type: 'clear',
        action,
        by: 'application',
        request: undefined,
        sections: [`limpid ${verb}`],
        count: result.count,
      });
    return result;
  }

  async *entries(given: Given): AsyncGenerator<StoredView, void> {
    const {store, settings, off} = this.#parts;
    if (off() === 'closed') throw new LimpidError('CLOSED');
    const what = await this.#selecting.compile(selectionOf(given), 'selection');
    try {
      for await (const stored of waitedFor(store, what)) {
        yield storedView(stored, settings.now());
        if (off() === 'closed') break;
      }
    } catch (cause) {
      if (isMisuse(cause)) throw cause;
      if (off() !== 'closed') throw new LimpidError('STORE_FAILED', {cause, message: 'entries: the store failed'});
    }
    // A closed store has nothing to list, which is not to be taken for the end.
    if (off() === 'closed') throw new LimpidError('CLOSED');
  }

  async #applied(selection: unknown, how: ClearHow, code: 'CLEAR_FAILED' | 'EXPIRE_FAILED'): Promise<ClearResult> {
    let what: CompiledSelection;
    try {
      what = await this.#selecting.compile(selection, 'selection');
      const ms = what.some(clause => clause.type === 'match') ? searchPatience : patience;
      const {count, bytes} = await this.#parts.store.insist(ms, store => store.clear(what, how));
      return {...(count !== undefined && {count}), ...(bytes !== undefined && {bytes})};
    } catch (cause) {
      throw isMisuse(cause) ? cause : new LimpidError(code, {cause});
    }
  }
}

/** The entries, each waited for as long as a clear is. */
async function* waitedFor(store: GuardedStore, what: CompiledSelection): AsyncGenerator<StoredResponse, void> {
  const entries = await store.insist(patience, from => from.entries(what)[Symbol.asyncIterator]());
  const next = (): MaybePromise<IteratorResult<StoredResponse>> => store.insist(patience, () => entries.next());
  try {
    for (let one = await next(); !one.done; one = await next()) yield one.value;
  } finally {
    // Not waited for: the store may hang.
    void (async () => entries.return?.())().catch(() => undefined);
  }
}

const isMisuse = (error: unknown): boolean => error instanceof TypeError && error.message.startsWith('limpid: ');

const readers = {through: readFlag, dryRun: readFlag, exact: readFlag} as const;

function readHow(action: 'remove' | 'expire', verb: string, options: unknown = {}): ClearHow {
  const read = readRecord(options, `${verb} options`, readers);
  const {through = false, dryRun = false, exact = false} = read;
  return {action: dryRun ? 'count' : action, through: through && !dryRun, exact};
}
