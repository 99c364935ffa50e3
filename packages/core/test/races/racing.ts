// From plans to a verdict.

import * as fc from 'fast-check';
import {end} from './ending.ts';
import type {Plan} from './plan.ts';
import {Race, type Sabotage} from './race.ts';
import {described, type World} from './world.ts';

/** How to search. */
export type Search = {
  readonly runs: number;
  readonly seed: number;
  /** Where in the search the plan is that went wrong before. */
  readonly path?: string | undefined;
  readonly sabotage?: Sabotage;
  /** The faults that count. Default: all, and the smallest plan that leads to one is looked for. */
  readonly finds?: RegExp;
};

/** Runs the plan to its end. The world tells what went wrong, and all that happened. */
async function raced(plan: Plan, sabotage: Sabotage | undefined): Promise<World> {
  const race = new Race(plan, sabotage);
  const {world} = race;
  const onUnhandled = (error: unknown): void => world.fault(`nobody handles the rejection ${described(error)}`);
  process.on('unhandledRejection', onUnhandled);
  try {
    await race.run();
    await end(race);
    await world.pause(0);
  } catch (error) {
    world.fault(`the race cannot go on: ${error instanceof Error ? error.stack : described(error)}`);
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
  return world;
}

/** Looks for a plan that ends in a fault, and tells of it: how to run it again, what went wrong, what happened. */
export async function searchedAmong<Raced>(
  plans: fc.Arbitrary<Raced>,
  run: (plan: Raced, sabotage: Sabotage | undefined) => Promise<World>,
  search: Search,
): Promise<string | undefined> {
  const {runs: numRuns, seed, path, sabotage, finds = /./} = search;
  const property = fc.asyncProperty(plans, async plan => {
    const {faults} = await run(plan, sabotage);
    return !faults.some(fault => finds.test(fault));
  });
  const endOnFailure = search.finds !== undefined;
  const details = await fc.check(property, {numRuns, seed, endOnFailure, ...(path !== undefined && {path})});
  const [plan] = details.counterexample ?? [];
  if (plan === undefined) return undefined;
  const {faults, log} = await run(plan, sabotage);
  return [
    `To run it again: LIMPID_RACES_SEED=${details.seed} LIMPID_RACES_PATH=${details.counterexamplePath}`,
    ...faults,
    `The plan: ${fc.stringify(plan)}`,
    'What happened:',
    ...log,
  ].join('\n');
}

/** The search among races for whole responses. */
export const searched = (plans: fc.Arbitrary<Plan>, search: Search): Promise<string | undefined> =>
  searchedAmong(plans, raced, search);
