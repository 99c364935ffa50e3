// Runs one plan against the engine, step by step.

import {HttpCache, MemoryStore} from '../../src/index.ts';
import type {Store} from '../../src/model/store.ts';
import type {Transport} from '../../src/model/transport.ts';
import {SlowStore} from '../slow-store.ts';
import {Caller} from './caller.ts';
import {type Asked, Ledger} from './ledger.ts';
import {Origin} from './origin.ts';
import type {Ask, Choice, Plan, Step} from './plan.ts';
import {maxBodyBytes, type User, users} from './resources.ts';
import {credentialsOf, involvedResource, meaningOf, type Swept} from './sweeping.ts';
import {described, type Moment, World} from './world.ts';

/** Something put in place of the real thing, to see whether the races notice. */
export type Sabotage = {
  readonly store?: (inner: Store) => Store;
  readonly transport?: (inner: Transport) => Transport;
};

/** What the store may hold: so much that only `maxCount` makes it evict. */
export const maxBytes = 1_048_576;

type Racer = {
  readonly cache: HttpCache;
  readonly store: Store;
  readonly partitions: Map<User, string>;
  /** Invalidations that the store did not apply at once. */
  failedClears: number;
};

type Act<Type extends Step['act']['type']> = Extract<Step['act'], {readonly type: Type}>;

export class Race {
  readonly world: World = new World();
  readonly memory: MemoryStore;
  readonly origin: Origin;
  readonly racers: readonly Racer[];
  readonly callers: Caller[] = [];
  /** What has been begun and must come to an end, by name. */
  readonly unsettled: Set<string> = new Set();
  readonly plan: Plan;
  readonly #sabotage: Sabotage;
  readonly #ledger = new Ledger();

  constructor(plan: Plan, sabotage: Sabotage = {}) {
    const {world} = this;
    this.plan = plan;
    this.#sabotage = sabotage;
    this.origin = new Origin(world, this.#ledger, plan.fates);
    this.memory = new MemoryStore({maxBytes, maxCount: plan.maxCount, now: world.now});
    const inner = sabotage.store?.(this.memory) ?? this.memory;
    this.racers = Array.from({length: plan.caches}, () => this.#racer(inner));
  }

  /** Gets ready, and takes every step of the plan. What is under way then stays so. */
  async run(): Promise<void> {
    for (const racer of this.racers) await this.#learnPartitions(racer);
    for (const {act, ticks} of this.plan.steps) {
      await this.#step(act, ticks);
      await this.world.pause(ticks);
    }
  }

  /** Sends one request; its caller goes on by itself. */
  ask(ask: Ask): Caller {
    const {resource: index, method, user, variant, client} = ask;
    const resource = involvedResource(index, this.plan.resources);
    const id = this.callers.length;
    const cache = ask.cache % this.racers.length;
    const beganAt = this.world.moment(`caller ${id}: ${method} ${resource.name} by ${user} through ${cache}`);
    const asked = {id, cache, resource, method, user, variant, client, beganAt};
    const caller = new Caller(ask, asked, this.world, this.#ledger);
    this.callers.push(caller);
    this.#track(`caller ${id}`, this.#answered(ask, caller));
    return caller;
  }

  #racer(inner: Store): Racer {
    const {now, timers} = this.world;
    const store = this.plan.slow ? new SlowStore(inner, run => this.world.schedule('store', run)) : inner;
    const options = {store, now, timers, maxBodyBytes, tagFields: ['surrogate-key']};
    const cache = new HttpCache(this.plan.impatient ? {...options, networkTimeout: '1s'} : options);
    const racer = {cache, store, partitions: new Map<User, string>(), failedClears: 0};
    cache.on('error', ({error, during}) => {
      this.world.moment(`error during ${during}: ${described(error)}`);
      if (during === 'clear') racer.failedClears += 1;
    });
    return racer;
  }

  async #learnPartitions({cache, partitions}: Racer): Promise<void> {
    const learn = async (user: User): Promise<void> => {
      const request = new Request('https://a.example/', {headers: credentialsOf(user)});
      partitions.set(user, await cache.partitionOf(request));
    };
    this.#track(
      'getting ready',
      Promise.all(users.map(learn)).then(() => undefined),
    );
    while (this.unsettled.size > 0) await this.world.releaseAll('store');
  }

  async #step(act: Step['act'], ticks: number): Promise<void> {
    switch (act.type) {
      case 'ask':
        return void this.ask(act.ask);
      case 'release':
        return this.#release(act, ticks);
      case 'read':
        return this.#callerOf(act)?.permit(1);
      case 'abort':
        return this.#callerOf(act)?.abort();
      case 'sweep':
        return this.#sweep(act);
      case 'wait':
        if (this.plan.punctual) await this.world.releaseAll('store');
        return this.world.wait(act.milliseconds);
      case 'change':
        return this.origin.change(involvedResource(act.resource, this.plan.resources));
      case 'trouble':
        return this.#trouble(act);
      case 'heal':
        return this.heal();
      default:
        return act satisfies never;
    }
  }

  heal(): void {
    for (const {store} of this.racers) if (store instanceof SlowStore) store.heal();
  }

  async #release({index, times}: Act<'release'>, ticks: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      this.world.release(index + time * 7);
      await this.world.pause(ticks);
    }
  }

  /** Counted from the youngest, so that steps meet callers that are still there. */
  #callerOf({caller}: {readonly caller: number}): Caller | undefined {
    return this.callers.at(-1 - (caller % Math.max(1, this.callers.length)));
  }

  #trouble({cache, method, how}: Act<'trouble'>): void {
    const {store} = this.#racerOf(cache);
    if (!(store instanceof SlowStore)) return;
    this.world.moment(`the store begins to ${how} at ${method}`);
    if (how === 'fail') store.fail(new Error(`${method} fails`), method);
    else store.hang(method);
  }

  #sweep(act: Act<'sweep'>): void {
    const what = `${act.action} by ${act.choice.by}`;
    const calledAt = this.world.moment(what);
    this.#track(`${what} of ${calledAt}`, this.#swept(act, what, calledAt));
  }

  /** A sweep that fails is known to have failed: it promises nothing. */
  async #swept({action, cache, choice, through}: Act<'sweep'>, what: string, calledAt: Moment): Promise<void> {
    const racer = this.#racerOf(cache);
    const {selection, covers} = this.#meaningOf(choice, racer);
    try {
      await racer.cache[action](selection, {through});
      const resolvedAt = this.world.moment(`${what} of ${calledAt} has resolved`);
      this.#ledger.sweeps.push({action, covers, calledAt, resolvedAt, cache: undefined, what});
    } catch (error) {
      this.world.moment(`${what} of ${calledAt} has failed: ${described(error)}`);
    }
  }

  async #answered(ask: Ask, caller: Caller): Promise<void> {
    const {asked} = caller;
    const racer = this.#racerOf(asked.cache);
    const clears = ask.method === 'POST' && ask.clears ? this.#meaningOf(ask.clears, racer) : undefined;
    let arrivedAt: Moment | undefined;
    const inner = this.origin.transport(asked);
    const network = this.#sabotage.transport?.(inner) ?? inner;
    const transport: Transport = async (...sent) => {
      const answer = await network(...sent);
      arrivedAt ??= this.world.moment(`the head for caller ${asked.id} is handed over`);
      return answer;
    };
    const failedBefore = racer.failedClears;
    const options = clears === undefined ? {} : {options: {clears: clears.selection}};
    const answered = await caller.run(racer.cache, transport, this.#fields(ask, asked), options);
    if (answered?.status !== 200 || arrivedAt === undefined || asked.method !== 'POST') return;
    // An invalidation that the store missed holds for this cache alone, until it is made up for.
    const cache = racer.failedClears === failedBefore ? undefined : asked.cache;
    const known = {action: 'clear', calledAt: arrivedAt, resolvedAt: answered.at, cache} as const;
    const what = `the POST of caller ${asked.id}`;
    this.#ledger.sweeps.push({...known, what, covers: ({resource}) => resource === asked.resource});
    if (clears !== undefined) this.#ledger.sweeps.push({...known, what: `${what} (clears)`, covers: clears.covers});
  }

  #fields(ask: Ask, asked: Asked): Readonly<Record<string, string>> {
    const etag = ask.conditional ? this.origin.etagFor(asked) : undefined;
    return etag === undefined ? {} : {'if-none-match': etag};
  }

  #meaningOf(choice: Choice, {partitions}: Racer): Swept {
    return meaningOf(choice, this.plan.resources, partitions);
  }

  #racerOf(index: number): Racer {
    const racer = this.racers[index % this.racers.length];
    if (racer === undefined) throw new Error('a race needs a cache');
    return racer;
  }

  #track(name: string, work: Promise<void>): void {
    this.unsettled.add(name);
    work.then(
      () => this.unsettled.delete(name),
      (error: unknown) => this.world.fault(`${name}: ${described(error)}`),
    );
  }
}
