// A race over parts as data: who asks for which bytes, what is cleared or changed meanwhile, and how the origin answers.

import * as fc from 'fast-check';
import {type PartFate, partResources} from './part-origin.ts';

export type PartUser = 'alice' | 'bob';

export type PartAsk = {
  readonly user: PartUser;
  /** The Range field; `undefined` asks for the whole. */
  readonly range: string | undefined;
  /** The version named in If-Range, counted back from the one that is current then. */
  readonly ifRange: number | undefined;
  readonly directive: string | undefined;
  readonly reading: 'all' | 'some' | 'nothing';
};

export type PartSweep = {
  readonly action: 'clear' | 'expire';
  readonly by: 'all' | 'url' | 'tag' | 'partition' | 'where';
  /** The content changes right before, so that what is swept must not be seen again. */
  readonly changes: boolean;
};

export type PartStep = {
  /** How many microtasks run before the next step; 0 means all. */
  readonly ticks: number;
  readonly act:
    | {readonly type: 'ask'; readonly ask: PartAsk}
    | {readonly type: 'release'; readonly index: number; readonly times: number}
    | {readonly type: 'sweep'; readonly sweep: PartSweep}
    | {readonly type: 'abort'; readonly caller: number}
    | {readonly type: 'wait'; readonly milliseconds: number}
    | {readonly type: 'change'};
};

export type PartPlan = {
  readonly slow: boolean;
  readonly maxCount: number;
  readonly resource: number;
  /** How the first, second… request that reaches the origin is answered, over and over. */
  readonly fates: readonly PartFate[];
  readonly steps: readonly PartStep[];
};

const often = <T>(...options: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> =>
  fc.oneof(...options.map(([weight, value]) => ({weight, arbitrary: fc.constant(value)})));

const range: fc.Arbitrary<string | undefined> = fc.oneof(
  {weight: 2, arbitrary: fc.constant(undefined)},
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat({max: 30}), fc.nat({max: 20})).map(([first, more]) => `bytes=${first}-${first + more}`),
  },
  {weight: 1, arbitrary: fc.nat({max: 30}).map(first => `bytes=${first}-`)},
  {weight: 1, arbitrary: fc.nat({max: 30}).map(length => `bytes=-${length}`)},
);

const ask: fc.Arbitrary<PartAsk> = fc.record({
  user: often<PartUser>([4, 'alice'], [1, 'bob']),
  range,
  ifRange: often([8, undefined], [1, 0], [1, 1]),
  directive: often([10, undefined], [1, 'no-cache'], [1, 'max-stale'], [1, 'no-store']),
  reading: often<PartAsk['reading']>([8, 'all'], [1, 'some'], [1, 'nothing']),
});

const sweep: fc.Arbitrary<PartSweep> = fc.record({
  action: fc.constantFrom('clear', 'expire'),
  by: fc.constantFrom('all', 'url', 'tag', 'partition', 'where'),
  changes: fc.boolean(),
});

const act: fc.Arbitrary<PartStep['act']> = fc.oneof(
  {weight: 12, arbitrary: fc.record({type: fc.constant('ask'), ask} as const)},
  {
    weight: 14,
    arbitrary: fc.record({
      type: fc.constant('release'),
      index: fc.nat({max: 11}),
      times: fc.integer({min: 1, max: 60}),
    } as const),
  },
  {weight: 2, arbitrary: fc.record({type: fc.constant('sweep'), sweep} as const)},
  {weight: 1, arbitrary: fc.record({type: fc.constant('abort'), caller: fc.nat({max: 3})} as const)},
  {
    weight: 1,
    arbitrary: fc.record({type: fc.constant('wait'), milliseconds: fc.constantFrom(2_000, 70_000)} as const),
  },
  {weight: 1, arbitrary: fc.record({type: fc.constant('change')} as const)},
);

const fate: fc.Arbitrary<PartFate> = often<PartFate>(
  [20, 'answer'],
  [2, 'more'],
  [2, 'unnumbered'],
  ...(['whole', 'cut', 'short', 'several', 'unavailable', 'refuse'] as const).map(one => [1, one] as const),
);

/** Races over the parts of one resource. */
export const partPlans: fc.Arbitrary<PartPlan> = fc.record({
  slow: fc.boolean(),
  maxCount: often([4, 1_000], [1, 2]),
  resource: fc.nat({max: partResources.length - 1}),
  fates: fc.array(fate, {minLength: 1, maxLength: 8}),
  steps: fc.array(fc.record({ticks: often([2, 0], [1, 3], [1, 20]), act}), {minLength: 1, maxLength: 50, size: 'max'}),
});
