// The least of a test runner, for runtimes that ours does not run in.

import type {TestRunner} from 'limpid/store-contract';

/** One test, and what it threw when it failed. */
export type Outcome = {readonly title: string; readonly error?: string};

type Test = {readonly title: string; readonly body: () => Promise<void>};

/** Gathers tests as they are registered, then runs them one after another. */
export class Tests implements TestRunner {
  readonly #tests: Test[] = [];
  readonly #titles: string[] = [];

  readonly describe = (title: string, body: () => void): void => {
    this.#titles.push(title);
    body();
    this.#titles.pop();
  };

  readonly test = (title: string, body: () => Promise<void>): void => {
    this.#tests.push({title: [...this.#titles, title].join(' > '), body});
  };

  async run(): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const {title, body} of this.#tests) {
      try {
        await body();
        outcomes.push({title});
      } catch (error) {
        outcomes.push({title, error: error instanceof Error ? (error.stack ?? error.message) : String(error)});
      }
    }
    return outcomes;
  }
}

/** @throws Error unless both are the same as JSON. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: expected ${other}, got ${one}`);
}
