// Writing: a body is complete before anything leads to it, and no clear may come between a look at the marks and a write.

import {
  type BodySink,
  isOutdated,
  type PutOutcome,
  type ResourceKey,
  type StoredResponse,
  selects,
  type UpdateOutcome,
  wellFormed,
} from 'limpid/store';
import {listOf, textOf} from './commands.ts';
import {envelope, fieldOf, headText, inlineBytes} from './envelope.ts';
import {Gate} from './gate.ts';
import {LookingBefore} from './looking-before.ts';
import {fieldsOf} from './marks.ts';
import type {Redis} from './redis.ts';
import {advanced} from './scripts.ts';
import * as scripts from './slot-scripts.ts';
import {failure} from './trouble.ts';

/**
 * How long after a look at the marks a write may still happen, in milliseconds. A clear that searches waits as long
 * before it begins: what it does not find is not written any more.
 */
export const writeWindow = 100;

/** How often a write is begun at most, and how many are under way at a time: beyond that, they would make each other late. */
const maxAttempts = 2;
const maxWrites = 128;
/** How long a write may wait for its turn, in milliseconds: a cache gives up on it after a second. */
const maxWait = 900;

const longest = 30 * 24 * 60 * 60 * 1000;
const shortest = 60 * 1000;

export class Storing {
  readonly #redis: Redis;
  readonly #isClosed: () => boolean;
  readonly #looking: LookingBefore;
  readonly #gate = new Gate(maxWrites, maxWait);

  constructor(redis: Redis, isClosed: () => boolean) {
    this.#redis = redis;
    this.#isClosed = isClosed;
    this.#looking = new LookingBefore(redis);
  }

  sink(stored: StoredResponse): BodySink {
    const {maxBodyBytes} = this.#redis.settings;
    let chunks: Uint8Array[] | undefined = [];
    let size = 0;
    return {
      write: chunk => {
        size += chunk.byteLength;
        if (size > maxBodyBytes) chunks = undefined;
        else chunks?.push(chunk);
      },
      commit: async () => {
        const whole = chunks;
        chunks = undefined;
        return whole === undefined || this.#isClosed() ? 'full' : this.#commit(stored, Buffer.concat(whole));
      },
      abort: () => {
        chunks = undefined;
      },
    };
  }

  async #commit(stored: StoredResponse, body: Buffer): Promise<PutOutcome> {
    const {commands, keys, settings} = this.#redis;
    const isApart = body.byteLength > inlineBytes;
    let outcome: PutOutcome | undefined;
    try {
      if (isApart) {
        // First, because it may take long: the time in which a write is allowed begins after it.
        const key = keys.body(stored.resource, stored.id);
        await commands.send(settings.timeout, key, 'SET', key, body, 'PX', String(this.#lasts(stored)));
      }
      outcome = await this.#inTime(() => this.#commitHead(stored, body));
      return outcome;
    } finally {
      if (isApart && outcome !== 'stored') this.#unlink(stored.resource, stored.id);
    }
  }

  async #commitHead(stored: StoredResponse, body: Buffer): Promise<PutOutcome | 'late'> {
    const {commands, keys, settings} = this.#redis;
    const heads = keys.headsOf(stored.resource, stored.partition);
    const {time, marks} = await this.#looking.before(heads, fieldsOf(stored));
    // A predicate may have seen sizes.
    const sized = {...stored, size: body.byteLength};
    const {admitted, expiredAt} = marks.admission(sized, await this.#looking.log(marks, stored.began));
    if (!admitted) return 'fenced';
    const now = Math.trunc(settings.now());
    const head = headText(stored, body.byteLength, marks.incarnation ?? '', now);
    const reply = await commands.run(settings.timeout, scripts.commit, keys.around(heads), [
      time,
      String(writeWindow),
      fieldOf(stored.key),
      envelope(head, body),
      String(stored.began),
      String(stored.requestTime),
      String(now),
      String(this.#lasts(stored)),
      wellFormed(stored.id),
      String(expiredAt > stored.began ? expiredAt : 0),
    ]);
    const [said, ...gone] = Array.isArray(reply) ? listOf(reply) : [reply];
    for (const id of gone.map(textOf)) this.#unlink(stored.resource, id);
    return textOf(said) as PutOutcome | 'late';
  }

  /** Everything but `id`, `resource`, `key` and the bytes. */
  update(stored: StoredResponse): Promise<UpdateOutcome> {
    return this.#inTime(() => this.#update(stored));
  }

  async #update(stored: StoredResponse): Promise<UpdateOutcome | 'late'> {
    const {commands, keys, settings} = this.#redis;
    const time = await this.#looking.time(keys.heads(stored.resource));
    const {current, marks: looked} = await this.#redis.look(stored.resource, stored.partition, fieldsOf(stored));
    const entry = current.find(({stored: {id}}) => id === wellFormed(stored.id));
    if (entry === undefined) return 'gone';
    const earlier = entry.stored;
    const lacking = looked.lacking([stored]);
    const marks = lacking.length === 0 ? looked : looked.and(await this.#redis.marks(lacking));
    const log = await this.#redis.log(marks, Math.min(stored.began, earlier.began));
    // Were it freshened now, it would seem to have begun after the clear that is about to find it.
    const isBeingCleared = log.some(
      clear =>
        clear.searching && clear.action === 'remove' && clear.tick > earlier.began && selects(clear.test, earlier),
    );
    if (isBeingCleared) return 'gone';
    const {admitted, expiredAt} = marks.admission(stored, log);
    if (!admitted || isOutdated(earlier, stored, settings.now())) return 'fenced';
    // Having lost a tag does not undo that the tag was expired.
    const newest = Math.max(entry.expiredAt, expiredAt, marks.judge(earlier) ?? 0);
    const {key, resource, size} = earlier;
    const head = headText({...stored, key, resource}, size, entry.incarnation, Math.trunc(earlier.lastUsed));
    const ttl = String(this.#lasts(stored));
    const reply = await commands.run(
      settings.timeout,
      scripts.update,
      // What a 304 narrows to one user stays where it is.
      keys.around(entry.heads),
      [
        time,
        String(writeWindow),
        entry.field,
        wellFormed(stored.id),
        String(earlier.began),
        String(earlier.requestTime),
        head,
        String(newest),
        ttl,
      ],
    );
    const outcome = textOf(reply) as UpdateOutcome | 'late';
    if (outcome === 'stored' && earlier.partition !== stored.partition)
      await commands.run(settings.timeout, advanced, [keys.control], []);
    if (outcome === 'stored' && size > inlineBytes) {
      const body = keys.body(stored.resource, stored.id);
      await commands.send(settings.timeout, body, 'PEXPIRE', body, ttl, 'GT');
    }
    return outcome;
  }

  /** A write that would come too late begins anew: what it has looked at is looked at again. */
  #inTime<Outcome>(write: () => Promise<Outcome | 'late'>): Promise<Outcome> {
    return this.#gate.through(
      async () => {
        for (let attempt = 0; attempt < maxAttempts; attempt++) {
          const outcome = await write();
          if (outcome !== 'late') return outcome;
        }
        throw failure(`Redis took more than ${writeWindow} ms to write what clears must not miss`);
      },
      () => failure(`more is written than can be: a write waited ${maxWait} ms for its turn`),
    );
  }

  /** Nothing leads to it any more; should this fail, it goes in its own time. */
  #unlink(resource: ResourceKey, id: string): void {
    if (id === '') return;
    const {commands, keys, settings} = this.#redis;
    const key = keys.body(resource, id);
    commands.send(settings.timeout, key, 'UNLINK', key).catch(() => undefined);
  }

  /** How long a response may be of use, in milliseconds. */
  #lasts({facts}: StoredResponse): number {
    const {lifetime, initialAge, staleWhileRevalidate, staleIfError, etag, lastModified} = facts;
    const fresh = Math.max(0, lifetime - initialAge) + Math.max(staleWhileRevalidate, staleIfError);
    const canBeValidated = etag !== undefined || lastModified !== undefined;
    const lasting = fresh * 1000 + (canBeValidated ? this.#redis.settings.keepStale : 0);
    return Math.ceil(Math.min(longest, Math.max(shortest, lasting)));
  }
}
