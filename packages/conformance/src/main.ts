// The command: reads what is asked, runs it, tells how it went, and whether that is as agreed.

import {writeFileSync} from 'node:fs';
import {HttpCache, type HttpCacheOptions} from 'limpid';
import yoctoSpinner from 'yocto-spinner';
import {type Arguments, argumentsOf, usage} from './arguments.ts';
import {clients} from './clients/clients.ts';
import {disagreements, readAgreed, type Setting, unknownIds} from './differences.ts';
import {type Profile, profiles} from './profiles.ts';
import {differenceLines, disagreementLines, notRunLines, resultsAsData, table} from './report.ts';
import {type Result, runTests} from './run.ts';
import {stores} from './stores.ts';
import {readSuite, type Suite, type SuiteTest, suitePath} from './suite.ts';

/** Wrong arguments, or nothing to run them on. */
const misuse = 2;

async function main(): Promise<number> {
  const asked = argumentsOf(process.argv.slice(2));
  switch (asked.type) {
    case 'help':
      console.log(usage);
      return 0;
    case 'wrong':
      console.error(`${asked.message}\n\n${usage}`);
      return misuse;
    case 'run':
      return start(asked);
    default:
      return asked satisfies never;
  }
}

async function start({setting, ids, json}: Extract<Arguments, {type: 'run'}>): Promise<number> {
  const path = suitePath();
  const suite = suiteAt(path);
  if (suite instanceof Error) {
    console.error(suite.message);
    return misuse;
  }
  if (suite === undefined) {
    console.error(
      `The tests of http-tests/cache-tests were looked for at ${path}, and there are none.\n` +
        'Set CACHE_TESTS to the path of their tests.json.',
    );
    return misuse;
  }
  const profile: Profile = profiles[setting.profile];
  const offered = suite.tests.filter(profile.includes);
  const missing = ids.filter(id => !offered.some(test => test.id === id));
  if (missing.length > 0) {
    console.error(`The profile ${setting.profile} has no test ${missing.join(', ')}.`);
    return misuse;
  }
  const chosen = ids.length === 0 ? offered : offered.filter(({id}) => ids.includes(id));
  const options: HttpCacheOptions = {...profile.options, unreachable: setting.unreachable};
  const results = await withSecondChance(await resultsOf(chosen, suite, setting, options), suite, setting, options);
  const about = {...setting, options: {...options, store: setting.store}};
  const code = tell(results, suite, setting, about.options);
  return json === undefined ? code : written(json, resultsAsData(results, suite, about), code);
}

function suiteAt(path: string): Suite | Error | undefined {
  try {
    return readSuite(path);
  } catch (error) {
    return error as Error;
  }
}

/** The results have been told already when they cannot be written. */
function written(json: string, data: unknown, code: number): number {
  try {
    writeFileSync(json, `${JSON.stringify(data, undefined, 2)}\n`);
    return code;
  } catch (error) {
    console.error(`--json ${json} cannot be written: ${(error as Error).message}`);
    return misuse;
  }
}

/** More than these do not go otherwise by accident. */
const mostAccidents = 10;

/**
 * Tests that did not go as agreed are run once more, by themselves: they live by the second, and a busy machine may
 * let one pass. What they say then counts, and is told to be said the second time.
 */
async function withSecondChance(
  results: readonly Result[],
  suite: Suite,
  setting: Setting,
  options: HttpCacheOptions,
): Promise<readonly Result[]> {
  const wrong = disagreements(results, readAgreed(), setting).map(({result}) => result.test.id);
  if (wrong.length === 0 || wrong.length > mostAccidents) return results;
  console.log(`Run a second time: ${wrong.join(', ')}`);
  const waited = results.filter(({outcome}) => outcome.type === 'not run' && outcome.because === 'dependency');
  const ids = new Set([...wrong, ...waited.map(({test}) => test.id)]);
  const tests = suite.tests.filter(({id}) => ids.has(id));
  const again = new Map((await resultsOf(tests, suite, setting, options)).map(result => [result.test.id, result]));
  return results.map(result => {
    const second = ids.has(result.test.id) ? again.get(result.test.id) : undefined;
    return second === undefined ? result : {...second, isChosen: result.isChosen};
  });
}

async function resultsOf(
  chosen: readonly SuiteTest[],
  suite: Suite,
  {client, store}: Setting,
  options: HttpCacheOptions,
): Promise<readonly Result[]> {
  const cache = new HttpCache({...options, store: stores[store]()});
  const spinner = process.stderr.isTTY ? yoctoSpinner().start('starting') : undefined;
  const onProgress = (finished: number, total: number): void => {
    if (spinner) spinner.text = `${finished} of ${total} tests are over`;
  };
  try {
    return await runTests(chosen, suite.tests, clients[client](cache), {onProgress});
  } finally {
    spinner?.stop();
    await cache.close();
  }
}

/** Prints how it went; the exit code. */
function tell(results: readonly Result[], suite: Suite, setting: Setting, options: object): number {
  const agreed = readAgreed();
  const wrong = disagreements(results, agreed, setting);
  const unknown = unknownIds(agreed, suite.tests);
  const paragraphs = [
    [
      `${setting.client}, profile ${setting.profile}, Node ${process.version}, suite ${suite.digest}`,
      `HttpCache options: ${JSON.stringify(options)}`,
    ],
    table(results),
    [...differenceLines(results, agreed, setting), ...notRunLines(results)],
    ...wrong.map(disagreementLines),
    unknown.map(id => `agreed on ${id}, which is no test`),
    [wrong.length + unknown.length === 0 ? 'Everything went as agreed.' : `Not as agreed: ${namesOf(wrong, unknown)}`],
  ];
  console.log(
    paragraphs
      .filter(lines => lines.length > 0)
      .map(lines => lines.join('\n'))
      .join('\n\n'),
  );
  return wrong.length + unknown.length === 0 ? 0 : 1;
}

const namesOf = (wrong: ReturnType<typeof disagreements>, unknown: readonly string[]): string =>
  [...wrong.map(({result}) => result.test.id), ...unknown].join(', ');

process.exitCode = await main();
