// A body's way into the file, and what has to go for it.

import type {BodySink, Listeners, MaybePromise, PutOutcome, StoredResponse} from 'limpid/store';
import type {Access} from './access.ts';
import {BodyWriter} from './body-writer.ts';
import type {Open} from './open.ts';
import type {Settings} from './options.ts';
import {resourceShare} from './room.ts';
import {costOf, type KeptBody} from './rows.ts';

/** What came of a commit, and what had to go for it; no outcome yet when more has to go. */
type Added = {readonly outcome: PutOutcome | undefined; readonly gone: readonly StoredResponse[]};

export class Storing {
  readonly #settings: Settings;
  readonly #access: Access;
  readonly #evictions: Listeners<StoredResponse>;

  constructor(settings: Settings, access: Access, evictions: Listeners<StoredResponse>) {
    this.#settings = settings;
    this.#access = access;
    this.#evictions = evictions;
  }

  sink(stored: StoredResponse): BodySink {
    const {compress, now, maxBytes} = this.#settings;
    return new BodyWriter({
      id: stored.id,
      writer: this.#access.writer,
      compress,
      now,
      fits: size => !this.#access.isClosed && costOf(stored, size) <= maxBytes * resourceShare,
      commit: body => this.#commit({...stored, size: body.size}, body),
      left: () => this.#access.current().freeing.later(),
    });
  }

  #commit(stored: StoredResponse, body: KeptBody): MaybePromise<PutOutcome> {
    if (this.#access.isClosed) return 'full';
    const result = this.#access.write(
      open => this.#add(open, stored, body),
      (open, {gone}) => {
        for (const {resource} of [stored, ...gone]) open.stored(resource);
        open.freeing.later();
      },
    );
    const committed = (added: Added): MaybePromise<PutOutcome> => this.#committed(added, stored, body);
    return result instanceof Promise ? result.then(committed) : committed(result);
  }

  #add(open: Open, stored: StoredResponse, body: KeptBody): Added {
    const cost = costOf(stored, body.stored);
    if (!open.room.fits(cost)) return {outcome: 'full', gone: []};
    const {gone, done} = open.room.make(stored, cost);
    if (!done) return {outcome: undefined, gone};
    const isWhole = body.chunks === 0 || isFinished(open, stored.id);
    return {outcome: isWhole ? open.rows.add(stored, body, this.#settings.now()) : 'full', gone};
  }

  #committed({outcome, gone}: Added, stored: StoredResponse, body: KeptBody): MaybePromise<PutOutcome> {
    for (const one of gone) this.#evictions.tell(one);
    return outcome ?? this.#commitLater(stored, body);
  }

  /** Others have their turn between two transactions. */
  async #commitLater(stored: StoredResponse, body: KeptBody): Promise<PutOutcome> {
    await new Promise(resolve => setImmediate(resolve));
    return this.#commit(stored, body);
  }
}

/** A long body may be committed only as long as nobody took it for abandoned. */
function isFinished(open: Open, id: string): boolean {
  return Number(open.connection.prepare('DELETE FROM unfinished WHERE body = ?').run(id).changes) === 1;
}
