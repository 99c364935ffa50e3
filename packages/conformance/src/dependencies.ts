// Which tests others rest on. A test says nothing when one it depends on did not pass, however far away.

import type {Outcome} from './judging.ts';
import type {SuiteTest} from './suite.ts';

/** The chosen tests and, after them, those they depend on. */
export function withDependencies(chosen: readonly SuiteTest[], all: readonly SuiteTest[]): readonly SuiteTest[] {
  const byId = new Map(all.map(test => [test.id, test]));
  const found = new Set(chosen);
  // A set yields what is added while it is walked.
  for (const test of found) {
    for (const id of test.depends_on) {
      const dependency = byId.get(id);
      if (dependency === undefined) throw new Error(`${test.id} depends on ${id}, which is not in the suite`);
      found.add(dependency);
    }
  }
  return [...found];
}

/** The outcomes that remain once those of dependencies are known. */
export function afterDependencies(
  tests: readonly SuiteTest[],
  outcomes: ReadonlyMap<string, Outcome>,
): ReadonlyMap<string, Outcome> {
  const byId = new Map(tests.map(test => [test.id, test]));
  const final = new Map<string, Outcome>();
  const finalOf = (id: string): Outcome => {
    const known = final.get(id) ?? judged(id);
    final.set(id, known);
    return known;
  };
  const judged = (id: string): Outcome => {
    const failing = byId.get(id)?.depends_on.find(dependency => finalOf(dependency).type !== 'passed');
    if (failing !== undefined) return {type: 'not run', because: 'dependency', message: `${failing} did not pass`};
    return outcomes.get(id) ?? {type: 'not run', because: 'dependency', message: `${id} has no outcome`};
  };
  for (const {id} of tests) finalOf(id);
  return final;
}
