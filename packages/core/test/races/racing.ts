// From a plan to a verdict.

import * as fc from 'fast-check';
import {end} from './ending.ts';
import type {Plan} from './plan.ts';
import {Race, type Sabotage} from './race.ts';

/** Runs the plan to its end. @returns what went wrong, and everything that happened. */
export async function raced(
  plan: Plan,
  sabotage?: Sabotage,
): Promise<{faults: readonly string[]; log: readonly string[]}> {
  const race = new Race(plan, sabotage);
  const {world} = race;
  const onUnhandled = (error: unknown): void => world.fault(`nobody handles the rejection ${error}`);
  process.on('unhandledRejection', onUnhandled);
  try {
    await race.run();
    await end(race);
    await world.pause(0);
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
  return world;
}

/** How to search: how many plans, and from which seed. */
export type Search = {
  readonly runs: number;
  readonly seed: number;
  readonly path?: string;
  readonly milliseconds?: number;
};

/** Looks for a plan that ends in a fault; the smallest one it finds is told with its seed and its log. */
export async function searched(
  plans: fc.Arbitrary<Plan>,
  search: Search,
  sabotage?: Sabotage,
): Promise<string | undefined> {
  const {runs: numRuns, seed, path, milliseconds} = search;
  const property = fc.asyncProperty(plans, async plan => (await raced(plan, sabotage)).faults.length === 0);
  const details = await fc.check(property, {
    numRuns,
    seed,
    ...(path !== undefined && {path}),
    ...(milliseconds !== undefined && {interruptAfterTimeLimit: milliseconds}),
  });
  if (!details.failed) return undefined;
  const [plan] = details.counterexample ?? [];
  if (plan === undefined) return `interrupted after ${details.numRuns} runs`;
  const {faults, log} = await raced(plan, sabotage);
  return [
    `A race went wrong. To run it again: LIMPID_RACES_SEED=${details.seed} LIMPID_RACES_PATH=${details.counterexamplePath}`,
    ...faults,
    'The plan:',
    fc.stringify(plan),
    'What happened:',
    ...log,
    ...(details.errorInstance instanceof Error ? [String(details.errorInstance.stack)] : []),
  ].join('\n');
}
