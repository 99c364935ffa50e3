// Freeing what clears of scopes have left behind, in the background.

import {setTimeout as sleep} from 'node:timers/promises';
import type {CompiledSelection, Tick} from 'limpid/store';
import type {Entry} from './envelope.ts';
import type {Redis} from './redis.ts';
import type {Searching} from './searching.ts';
import * as scripts from './slot-scripts.ts';

/** Up to so many resources are swept one by one. */
const maxSwept = 1000;

/** How long a sweep of everything is followed by none, in times of what it took. */
const restsFor = 9;

/** Removes a response that began before `tick`, with its body. */
export async function remove(redis: Redis, {heads, field, inline, stored}: Entry, tick: Tick): Promise<void> {
  const {commands, keys, settings} = redis;
  const {id, resource} = stored;
  const args = [field, id, String(tick)];
  const count = await commands.run(settings.clearTimeout, scripts.remove, keys.around(heads), args);
  if (count !== 1 || inline !== undefined) return;
  const body = keys.body(resource, id);
  await commands.send(settings.clearTimeout, body, 'UNLINK', body);
}

export class Sweeping {
  readonly #redis: Redis;
  readonly #searching: Searching;
  /** Where cleared resources lie, and whether more than these was cleared: what to sweep next. */
  readonly #heads = new Set<string>();
  #isEverything = false;
  #isSweeping = false;
  #isStopped = false;

  constructor(redis: Redis, searching: Searching) {
    this.#redis = redis;
    this.#searching = searching;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /**
   * Frees what no longer counts, in the background: of resources alone under these, of anything else everywhere. What is
   * missed goes in its own time.
   */
  later(what: CompiledSelection): void {
    for (const clause of what) {
      if (clause.type !== 'scope') continue;
      if (clause.scope.type === 'resource' && this.#heads.size < maxSwept)
        this.#heads.add(this.#redis.keys.heads(clause.scope.resource));
      else this.#isEverything = true;
    }
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    void this.#sweep()
      .catch(() => undefined)
      .finally(() => {
        this.#isSweeping = false;
      });
  }

  async #sweep(): Promise<void> {
    while (!this.#isStopped && (this.#isEverything || this.#heads.size > 0)) {
      const began = performance.now();
      const pages = this.#isEverything ? this.#searching.pages() : this.#searching.under([...this.#heads]);
      const isAll = this.#isEverything;
      this.#isEverything = false;
      this.#heads.clear();
      for await (const {found, marks} of this.#searching.judged(pages)) {
        if (this.#isStopped) return;
        const gone = found.filter(entry => this.#redis.shown(entry, marks) === undefined);
        await Promise.all(gone.map(one => remove(this.#redis, one, marks.tick)));
      }
      // To read everything again after each of many clears would be all that Redis does.
      if (isAll) await sleep((performance.now() - began) * restsFor, undefined, {ref: false});
    }
  }
}
