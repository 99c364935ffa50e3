// Stories as data: what a client asks, what the origin answers, what is expected. Each runs with an injected clock over
// scripted transports and both kinds of store, and again over a real HTTP origin.

import {describe, expect, test} from 'vitest';
import type {Seconds} from '../../src/model/units.ts';
import type {HttpCacheOptions} from '../../src/options/options.ts';
import type {Selection} from '../../src/options/selection.ts';
import type {Reply} from './scripted-origin.ts';
import {type Asked, type Place, places, type Shown, type World} from './world.ts';

/** What came back, as far as a step cares. */
export type Expectation = {
  readonly status?: number;
  readonly statusText?: string;
  readonly body?: string;
  /** Limpid's own Cache-Status member, without its name; `undefined` when it must be absent. */
  readonly was?: string | undefined;
  readonly age?: Seconds | undefined;
  /** Fields of the answer; `undefined` means absent. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  readonly redirected?: boolean;
  /** The path of the answer's URL. */
  readonly path?: string;
  /** The request fails. */
  readonly fails?: true;
  /** Fields of the request as the origin saw it last; `undefined` means absent. */
  readonly sent?: Readonly<Record<string, string | undefined>>;
};

/** One step of a story. */
export type Step =
  | {
      readonly ask: string | Asked;
      /** What the origin answers: it must be asked exactly as often, and not at all when this is absent. */
      readonly origin?: Reply | readonly Reply[];
      /** What the origin answers to the validation behind a stale answer. */
      readonly later?: Reply;
      readonly expect?: Expectation;
    }
  | {readonly after: Seconds}
  | {readonly clear: Selection; readonly through?: boolean}
  | {readonly expire: Selection; readonly through?: boolean}
  | {readonly run: (world: World) => unknown};

/** One story. */
export type Scenario = {
  /** A sentence about behaviour. */
  readonly name: string;
  readonly options?: HttpCacheOptions;
  readonly steps: readonly Step[];
  /** Say `handle` where fetch cannot tell the story. */
  readonly over?: 'handle';
};

/** Tells every scenario at every place. */
export function story(title: string, scenarios: readonly Scenario[]): void {
  describe.each(places)(`${title}, $name`, place => {
    test.each(scenarios.filter(({over}) => over === undefined || place.over === over))('$name', scenario =>
      told(scenario, place),
    );
  });
}

/** Runs one test at every place that goes through `handle`: over a memory store and over a slow one. */
export function everywhere(title: string, run: (make: Place['open']) => unknown): void {
  for (const place of places.filter(({over}) => over === 'handle'))
    test(`${title} (${place.name})`, () => run(place.open));
}

async function told({options = {}, steps}: Scenario, place: Place): Promise<void> {
  const world = await place.open(options);
  for (const [index, step] of steps.entries()) await taken(step, world, `step ${index + 1}`);
  await world.cache.close();
}

async function taken(step: Step, world: World, name: string): Promise<void> {
  if ('after' in step) return world.clock.advance(step.after);
  if ('clear' in step)
    return void (await world.cache.clear(named(step.clear, world), {through: step.through ?? false}));
  if ('expire' in step)
    return void (await world.cache.expire(named(step.expire, world), {through: step.through ?? false}));
  if ('run' in step) return void (await step.run(world));
  const replies = step.origin === undefined ? [] : [step.origin].flat();
  const before = world.origin.seen.length;
  world.origin.script([...replies, ...(step.later === undefined ? [] : [step.later])]);
  const shown = await answered(step.ask, world);
  await world.cache.idle();
  const reached = replies.length + (step.later === undefined ? 0 : 1);
  expect({name, reached: world.origin.seen.length - before}).toEqual({name, reached});
  checked(shown, step.expect ?? {}, world, name);
}

/** Placeholders in selections that are text. */
const named = (selection: Selection, world: World): Selection =>
  typeof selection === 'string' ? world.url(selection) : selection;

async function answered(ask: string | Asked, world: World): Promise<Shown | Error> {
  try {
    return await world.ask(ask);
  } catch (error) {
    return error as Error;
  }
}

function checked(shown: Shown | Error, expected: Expectation, world: World, name: string): void {
  const sent = world.origin.seen.at(-1);
  for (const [field, value] of Object.entries(expected.sent ?? {})) {
    expect({name, field, sent: sent?.fields.get(field)}).toEqual({name, field, sent: value && world.url(value, false)});
  }
  if (expected.fails) {
    expect({name, failed: shown instanceof Error}).toEqual({name, failed: true});
    return;
  }
  if (shown instanceof Error) throw shown;
  const {fields, sent: _, path, fails: __, ...rest} = expected;
  const wanted = Object.fromEntries(Object.keys(rest).map(key => [key, shown[key as keyof typeof rest]]));
  expect({name, ...wanted}).toEqual({name, ...rest});
  if (path !== undefined) expect({name, url: shown.url}).toEqual({name, url: world.url(path)});
  for (const [field, value] of Object.entries(fields ?? {})) {
    expect({name, field, value: shown.fields.get(field)}).toEqual({
      name,
      field,
      value: value && world.url(value, false),
    });
  }
}
