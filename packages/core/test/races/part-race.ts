// Runs one plan over parts against the engine, step by step, to its end.

import {HttpCache, MemoryStore, type Selection} from '../../src/index.ts';
import type {Store} from '../../src/model/store.ts';
import {SlowStore} from '../slow-store.ts';
import {PartCaller} from './part-caller.ts';
import {PartOrigin, type PartResource, partResources, partUrl} from './part-origin.ts';
import type {PartAsk, PartPlan, PartStep, PartSweep, PartUser} from './part-plan.ts';
import {partPlans} from './part-plan.ts';
import type {Sabotage} from './race.ts';
import {type Search, searchedAmong} from './racing.ts';
import {described, type Moment, World} from './world.ts';

/** No request begun after `resolvedAt` may see a version older than this. */
type Floor = {readonly resolvedAt: Moment; readonly version: number; readonly covers: (user: PartUser) => boolean};

const patience = 5_000;

class PartRace {
  readonly world: World = new World();
  readonly #plan: PartPlan;
  readonly #sabotage: Sabotage;
  readonly #resource: PartResource;
  readonly #origin: PartOrigin;
  readonly #cache: HttpCache;
  readonly #callers: PartCaller[] = [];
  readonly #floors: Floor[] = [];
  /** What has been begun and must come to an end, by name. */
  readonly #unsettled = new Set<string>();
  #partition = '';

  constructor(plan: PartPlan, sabotage: Sabotage) {
    const {world} = this;
    const [first] = partResources;
    const resource = partResources[plan.resource] ?? first;
    if (resource === undefined) throw new Error('there are no resources');
    this.#plan = plan;
    this.#sabotage = sabotage;
    this.#resource = resource;
    this.#origin = new PartOrigin(world, resource, plan.fates);
    const memory = new MemoryStore({maxCount: plan.maxCount, now: world.now});
    const inner: Store = sabotage.store?.(memory) ?? memory;
    const store = plan.slow ? new SlowStore(inner, run => world.schedule('store', run)) : inner;
    this.#cache = new HttpCache({store, now: world.now, timers: world.timers, tagFields: ['surrogate-key']});
  }

  async run(): Promise<void> {
    this.#track('getting ready', this.#learnPartition());
    while (this.#unsettled.size > 0) await this.world.releaseAll('store');
    for (const {act, ticks} of this.#plan.steps) {
      await this.#step(act, ticks);
      await this.world.pause(ticks);
    }
    await this.#end();
  }

  async #learnPartition(): Promise<void> {
    this.#partition = await this.#cache.partitionOf(new Request(partUrl, {headers: {authorization: 'alice'}}));
  }

  async #step(act: PartStep['act'], ticks: number): Promise<void> {
    switch (act.type) {
      case 'ask':
        return this.#ask(act.ask);
      case 'release':
        for (let time = 0; time < act.times; time++) {
          this.world.release(act.index + time * 7);
          await this.world.pause(ticks);
        }
        return;
      case 'sweep':
        return this.#sweep(act.sweep);
      case 'abort':
        return this.#callers.at(-1 - act.caller)?.abort();
      case 'wait':
        await this.world.releaseAll('store');
        return this.world.wait(act.milliseconds);
      case 'change':
        return this.#change();
      default:
        return act satisfies never;
    }
  }

  #ask(ask: PartAsk): void {
    const {world} = this;
    const id = this.#callers.length;
    const surroundings = {world, origin: this.#origin, resource: this.#resource, oldest: this.#oldest};
    const caller = new PartCaller(ask, id, surroundings);
    this.#callers.push(caller);
    const network = this.#origin.transport(ask.user);
    this.#track(`caller ${id}`, caller.run(this.#cache, this.#sabotage.transport?.(network) ?? network));
  }

  readonly #oldest = (beganAt: Moment, user: PartUser): number =>
    Math.max(1, ...this.#floors.filter(one => one.resolvedAt < beganAt && one.covers(user)).map(one => one.version));

  #sweep({action, by, changes}: PartSweep): void {
    if (changes) this.#change();
    const {version} = this.#origin;
    const name = `${action} by ${by} at ${this.world.moment(`${action} by ${by}`)}`;
    const selection = this.#selection(by);
    const isAlicesAlone = by === 'partition';
    const covers = (user: PartUser): boolean => !isAlicesAlone || (user === 'alice' && !this.#resource.shared);
    const swept = async (): Promise<void> => {
      await this.#cache[action](selection);
      this.#floors.push({resolvedAt: this.world.moment(`${name} has resolved`), version, covers});
    };
    this.#track(name, swept());
  }

  #selection(by: PartSweep['by']): Selection {
    const selections = {
      all: {all: true},
      url: partUrl,
      tag: {tag: 'parts'},
      partition: {partition: this.#partition},
      where: {where: ({headers}) => headers.has('x-version')},
    } as const satisfies Record<PartSweep['by'], Selection>;
    return selections[by];
  }

  #change(): void {
    this.#origin.version += 1;
    this.world.moment(`version ${this.#origin.version} is current`);
  }

  /** Lets everything under way go on, and then nothing may hang or be left behind. */
  async #end(): Promise<void> {
    const {world} = this;
    for (let turn = 0; turn < patience && this.#unsettled.size > 0; turn++) {
      await world.pause(0);
      if (world.waiting > 0) world.release(0);
      else await world.ring();
    }
    for (const name of this.#unsettled) world.fault(`promise 6: ${name} hangs`);
    for (const caller of this.#callers) if (caller.stage === 'unread') caller.abort();
    for (let turn = 0; turn < patience; turn++) {
      await world.pause(0);
      if (world.waiting === 0) break;
      world.release(0);
    }
    for (const number of this.#origin.open) world.fault(`promise 7: the body of #${number} stays open`);
  }

  #track(name: string, work: Promise<void>): void {
    this.#unsettled.add(name);
    work.then(
      () => this.#unsettled.delete(name),
      (error: unknown) => this.world.fault(`${name}: ${described(error)}`),
    );
  }
}

async function raced(plan: PartPlan, sabotage: Sabotage): Promise<World> {
  const race = new PartRace(plan, sabotage);
  const onUnhandled = (error: unknown): void => race.world.fault(`nobody handles the rejection ${described(error)}`);
  process.on('unhandledRejection', onUnhandled);
  try {
    await race.run();
    await race.world.pause(0);
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
  return race.world;
}

/** The search among races for parts. */
export const searchedForParts = (search: Search): Promise<string | undefined> =>
  searchedAmong(partPlans, (plan, sabotage = {}) => raced(plan, sabotage), search);
