// A race as data: who does what, in which order what is under way moves on, and what the origin makes of each request.

import * as fc from 'fast-check';
import type {CacheMode} from '../../src/model/messages.ts';
import type {StoreMethod} from '../slow-store.ts';
import {resources, type User, users} from './resources.ts';

/** What the origin makes of one request. */
export type Fate = {
  readonly type: 'answer' | 'bytes' | 'refuse' | 'unavailable' | 'cut' | 'short';
  /** How many pieces the body comes in. */
  readonly pieces: number;
  /** The transport takes no notice of being aborted before the head has come. */
  readonly deaf: boolean;
};

/** What a caller does with the body: reads all of it, a piece when told, none of it, or only the first piece. */
export type Reading = 'greedy' | 'stepwise' | 'ignore' | 'leave';

export type Ask = {
  readonly cache: number;
  readonly resource: number;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly user: User;
  readonly variant: 'x' | 'y';
  readonly client: 'node' | 'axios';
  readonly mode: CacheMode;
  readonly directive: string | undefined;
  readonly conditional: boolean;
  readonly reading: Reading;
  /** The selection in the option `clears`, for POST. */
  readonly clears: Choice | undefined;
};

/** How a selection chooses, among which resource's or user's responses. */
export type Choice = {readonly by: ChosenBy; readonly resource: number; readonly user: User};

const choosers = [
  'all',
  'url',
  'tag',
  'partition',
  'origin',
  'prefix',
  'host',
  'pattern',
  'method',
  'status',
  'where',
  'url-of-user',
  'tag-where',
  'list',
  'request',
] as const;

export type ChosenBy = (typeof choosers)[number];

export type Step = {
  /** How many microtasks run before the next step; 0 means all. */
  readonly ticks: number;
  readonly act:
    | {readonly type: 'ask'; readonly ask: Ask}
    | {readonly type: 'release'; readonly index: number; readonly times: number}
    | {readonly type: 'read'; readonly caller: number}
    | {readonly type: 'abort'; readonly caller: number}
    | {
        readonly type: 'sweep';
        readonly action: 'clear' | 'expire';
        readonly cache: number;
        readonly choice: Choice;
        readonly through: boolean;
      }
    | {readonly type: 'wait'; readonly milliseconds: number}
    | {readonly type: 'change'; readonly resource: number}
    | {readonly type: 'trouble'; readonly cache: number; readonly method: StoreMethod; readonly how: 'fail' | 'hang'}
    | {readonly type: 'heal'};
};

export type Plan = {
  readonly slow: boolean;
  /** Nothing waits longer for the store than the cache is willing to. */
  readonly punctual: boolean;
  readonly caches: number;
  readonly maxCount: number;
  readonly impatient: boolean;
  /** The resources this race is about. */
  readonly resources: readonly number[];
  /** What becomes of the first, second… request that reaches the origin, over and over. */
  readonly fates: readonly Fate[];
  readonly steps: readonly Step[];
};

/** Weighted literals; the first is what counterexamples shrink to. */
const often = <T>(...options: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> =>
  fc.oneof(...options.map(([weight, value]) => ({weight, arbitrary: fc.constant(value)})));

const small = fc.nat({max: 11});
const user = fc.constantFrom(...users);

const fate: fc.Arbitrary<Fate> = fc.record({
  type: often<Fate['type']>([20, 'answer'], [3, 'bytes'], [1, 'refuse'], [1, 'unavailable'], [1, 'cut'], [1, 'short']),
  pieces: fc.integer({min: 1, max: 3}),
  deaf: often([4, false], [1, true]),
});

const choice: fc.Arbitrary<Choice> = fc.record({by: fc.constantFrom<ChosenBy>(...choosers), resource: small, user});

const directives = ['no-cache', 'max-age=0', 'max-stale', 'only-if-cached', 'no-store', 'stale-if-error=600'];

const ask: fc.Arbitrary<Ask> = fc.record({
  cache: fc.nat({max: 1}),
  resource: small,
  method: often<Ask['method']>([14, 'GET'], [1, 'HEAD'], [1, 'POST']),
  user: often<User>([10, 'alice'], [2, 'bob'], [1, 'nobody'], [1, 'carol']),
  variant: often<Ask['variant']>([5, 'x'], [1, 'y']),
  client: often<Ask['client']>([5, 'node'], [1, 'axios']),
  mode: often<CacheMode>([20, 'default'], [1, 'no-cache'], [1, 'reload'], [1, 'force-cache'], [1, 'only-if-cached']),
  directive: fc.oneof(
    {weight: 8, arbitrary: fc.constant(undefined)},
    {weight: 1, arbitrary: fc.constantFrom(...directives)},
  ),
  conditional: often([15, false], [1, true]),
  reading: often<Reading>([6, 'greedy'], [2, 'stepwise'], [1, 'ignore'], [1, 'leave']),
  clears: fc.option(choice, {freq: 3, nil: undefined}),
});

const breakable: readonly StoreMethod[] = [
  ...(['tick', 'list', 'counts', 'body', 'write', 'commit', 'update', 'clear', 'through'] as const),
];

const act: fc.Arbitrary<Step['act']> = fc.oneof(
  {weight: 14, arbitrary: fc.record({type: fc.constant('ask'), ask} as const)},
  {
    weight: 14,
    arbitrary: fc.record({type: fc.constant('release'), index: small, times: fc.integer({min: 1, max: 25})} as const),
  },
  {weight: 3, arbitrary: fc.record({type: fc.constant('read'), caller: small} as const)},
  {weight: 3, arbitrary: fc.record({type: fc.constant('abort'), caller: small} as const)},
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('sweep'),
      action: fc.constantFrom('clear', 'expire'),
      cache: fc.nat({max: 1}),
      choice,
      through: often([6, false], [1, true]),
    } as const),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('wait'),
      milliseconds: fc.constantFrom(500, 2_000, 15_000, 70_000),
    } as const),
  },
  {weight: 2, arbitrary: fc.record({type: fc.constant('change'), resource: small} as const)},
);

const trouble: fc.Arbitrary<Step['act']> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('trouble'),
      cache: fc.nat({max: 1}),
      method: fc.constantFrom(...breakable),
      how: fc.constantFrom('fail', 'hang'),
    } as const),
  },
  {weight: 1, arbitrary: fc.record({type: fc.constant('heal')} as const)},
);

const ticks = fc.oneof({weight: 2, arbitrary: fc.constant(0)}, {weight: 1, arbitrary: fc.integer({min: 1, max: 25})});

const steps = (acts: fc.Arbitrary<Step['act']>): fc.Arbitrary<readonly Step[]> =>
  fc.array(fc.record({ticks, act: acts}), {minLength: 1, maxLength: 60, size: 'max'});

/** Those that can be stale and still answer come more often: most can go wrong with them. */
const resource: fc.Arbitrary<number> = fc.oneof(
  fc.nat({max: resources.length - 1}),
  fc.nat({max: resources.length - 1}).filter(index => (resources[index]?.cacheControl ?? '').includes('stale-')),
);

const plansOf = (acts: fc.Arbitrary<Step['act']>): fc.Arbitrary<Plan> =>
  fc.record({
    slow: fc.boolean(),
    punctual: fc.constant(true),
    caches: often([2, 1], [1, 2]),
    maxCount: often([3, 1_000], [1, 2]),
    impatient: often([3, false], [1, true]),
    resources: fc.oneof(
      {weight: 2, arbitrary: fc.tuple(resource)},
      {weight: 1, arbitrary: fc.tuple(resource, resource)},
    ),
    fates: fc.array(fate, {minLength: 1, maxLength: 8}),
    steps: steps(acts),
  });

/** Races over a store that does what it should, however slowly. */
export const plans: fc.Arbitrary<Plan> = plansOf(act);

/** Races over a store that now and then fails or hangs. */
export const troubledPlans: fc.Arbitrary<Plan> = plansOf(
  fc.oneof({weight: 8, arbitrary: act}, {weight: 1, arbitrary: trouble}),
).map(plan => ({...plan, slow: true, punctual: false}));
