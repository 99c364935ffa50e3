import type {CompiledSelection} from '../src/model/selection.ts';
import type {
  BodySink,
  ByteRange,
  ClearHow,
  ClearOutcome,
  PutOutcome,
  Store,
  UpdateOutcome,
} from '../src/model/store.ts';
import type {Partition, ResourceKey, StoredResponse} from '../src/model/stored-response.ts';
import type {Tick} from '../src/model/units.ts';

/** Calls `run` later: on the next turn, after a delay, or when a test says so. */
export type Scheduler = (run: () => void) => void;

/** A point where a slow store can be told to fail or hang. `write` and `commit` are those of its sinks. */
export type StoreMethod =
  | 'tick'
  | 'list'
  | 'counts'
  | 'body'
  | 'write'
  | 'commit'
  | 'update'
  | 'clear'
  | 'through'
  | 'reached'
  | 'entries'
  | 'pseudonym'
  | 'size'
  | 'close';

/** A scheduler that runs nothing until told to. */
export class Gate {
  readonly #waiting: (() => void)[] = [];
  readonly schedule: Scheduler = run => {
    this.#waiting.push(run);
  };

  /** How many calls or answers are under way. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Lets this many travel on (all that wait now, when no number is given), then lets their promises settle. */
  async release(count: number = this.#waiting.length): Promise<void> {
    for (const run of this.#waiting.splice(0, count)) run();
    await new Promise(resolve => setTimeout(resolve, 0));
  }
}

const nextTurn: Scheduler = run => void setTimeout(run, 0);

type Trouble = {readonly type: 'throw'; readonly error: unknown} | {readonly type: 'hang'};

/**
 * Any store, seen over a slow wire: every call travels (one schedule), runs, and its result travels back (another).
 */
export class SlowStore implements Store {
  readonly #inner: Store;
  readonly #schedule: Scheduler;
  readonly #troubles = new Map<StoreMethod, Trouble>();
  /** Every call so far, in order. */
  readonly calls: StoreMethod[] = [];

  constructor(inner: Store, schedule: Scheduler = nextTurn) {
    this.#inner = inner;
    this.#schedule = schedule;
  }

  onEvict(listener: (stored: StoredResponse) => void): () => void {
    return this.#inner.onEvict?.(listener) ?? (() => undefined);
  }

  /** From now on these methods reject with `error`. */
  fail(error: unknown, ...methods: readonly StoreMethod[]): void {
    for (const method of methods) this.#troubles.set(method, {type: 'throw', error});
  }

  /** From now on these methods never settle. */
  hang(...methods: readonly StoreMethod[]): void {
    for (const method of methods) this.#troubles.set(method, {type: 'hang'});
  }

  /** These methods (all, when none is named) do what they should again. Calls that hang go on hanging. */
  heal(...methods: readonly StoreMethod[]): void {
    if (methods.length === 0) this.#troubles.clear();
    for (const method of methods) this.#troubles.delete(method);
  }

  tick(): Promise<Tick> {
    return this.#call('tick', () => this.#inner.tick());
  }

  list(resource: ResourceKey, began?: Tick, partition?: Partition): Promise<readonly StoredResponse[]> {
    return this.#call('list', () => this.#inner.list(resource, began, partition));
  }

  counts(stored: StoredResponse): Promise<boolean> {
    return this.#call('counts', () => this.#inner.counts(stored));
  }

  body(stored: StoredResponse, range?: ByteRange): Promise<Uint8Array | ReadableStream<Uint8Array> | undefined> {
    return this.#call('body', () => this.#inner.body(stored, range));
  }

  put(stored: StoredResponse): BodySink {
    const sink = this.#inner.put(stored);
    // Calls to one sink arrive in the order they were made, as they would over one connection.
    let last: Promise<unknown> = Promise.resolve();
    const inOrder = <T>(method: StoreMethod, run: () => T | Promise<T>): Promise<T> => {
      const result = last.then(() => this.#call(method, run));
      last = result.catch(() => undefined);
      return result;
    };
    return {
      write: (chunk: Uint8Array): Promise<void> => inOrder('write', () => sink.write(chunk)),
      commit: (): Promise<PutOutcome> => inOrder('commit', () => sink.commit()),
      abort: (): void => sink.abort(),
    };
  }

  update(stored: StoredResponse): Promise<UpdateOutcome> {
    return this.#call('update', () => this.#inner.update(stored));
  }

  clear(what: CompiledSelection, how: ClearHow): Promise<ClearOutcome> {
    return this.#call('clear', () => this.#inner.clear(what, how));
  }

  through(resource: ResourceKey, url: string): Promise<Tick | undefined> {
    return this.#call('through', () => this.#inner.through(resource, url));
  }

  reached(resource: ResourceKey, url: string, began: Tick): Promise<void> {
    return this.#call('reached', () => this.#inner.reached(resource, url, began));
  }

  async *entries(what: CompiledSelection): AsyncIterable<StoredResponse> {
    await this.#call('entries', () => undefined);
    for await (const stored of this.#inner.entries(what)) yield await this.#call('entries', () => stored);
  }

  pseudonym(secret: string): Promise<string> {
    return this.#call('pseudonym', () => this.#inner.pseudonym(secret));
  }

  size(): Promise<{readonly count: number; readonly bytes: number}> {
    return this.#call('size', () => this.#inner.size());
  }

  close(): Promise<void> {
    return this.#call('close', () => this.#inner.close());
  }

  async #call<T>(method: StoreMethod, run: () => T | Promise<T>): Promise<T> {
    this.calls.push(method);
    await this.#travel();
    const trouble = this.#troubles.get(method);
    if (trouble?.type === 'hang') return new Promise<T>(() => undefined);
    if (trouble?.type === 'throw') throw trouble.error;
    const result = await run();
    await this.#travel();
    return result;
  }

  #travel(): Promise<void> {
    return new Promise(resolve => this.#schedule(resolve));
  }
}
