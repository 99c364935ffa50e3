// The tests as data: what a request asks, what the origin answers, and what is expected of it. Names are the data's own.

import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** `required` and `optimal` are scores; `check` is a question, and some answers exclude each other. */
export type Kind = 'required' | 'optimal' | 'check';

export const kinds: readonly Kind[] = ['required', 'optimal', 'check'];

/** A field as written in the data: a number is a date, so many seconds from a moment that only a run knows. */
export type WrittenField = readonly [name: string, value: string | number, isExpectedBack?: boolean];

/** A field's name (it is there), its value, or how it compares to another field or a number. */
export type FieldExpectation =
  | string
  | readonly [name: string, value: string | number]
  | readonly [name: string, relation: '=' | '>', to: string | number];

/** What is checked of one request, by the data's names. Those in `setup_tests` are conditions for the test to count. */
export type Check =
  | 'expected_type'
  | 'expected_status'
  | 'expected_method'
  | 'expected_request_headers'
  | 'expected_request_headers_missing'
  | 'expected_response_headers'
  | 'expected_response_headers_missing'
  | 'expected_response_text'
  | 'response_headers';

/** One request of a test, the answer the origin has for it, and what is expected. */
export type Step = {
  readonly setup?: boolean;
  readonly setup_tests?: readonly Check[];

  readonly request_method?: string;
  readonly request_headers?: readonly WrittenField[];
  readonly request_body?: string;
  readonly filename?: string;
  readonly query_arg?: string;
  readonly redirect?: 'follow' | 'error' | 'manual';
  readonly cache?: 'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached';
  readonly mode?: 'cors' | 'no-cors' | 'same-origin';
  readonly credentials?: 'omit' | 'same-origin' | 'include';
  readonly magic_ims?: boolean;
  readonly rfc850date?: readonly string[];
  readonly pause_after?: boolean;

  readonly response_status?: readonly [status: number, reason: string];
  readonly response_headers?: readonly WrittenField[];
  readonly response_body?: string | null;
  readonly response_pause?: number;
  readonly magic_locations?: boolean;
  readonly disconnect?: boolean;
  readonly interim_responses?: readonly (readonly [status: number, fields?: readonly WrittenField[]])[];

  readonly expected_type?: 'cached' | 'not_cached' | 'etag_validated' | 'lm_validated';
  readonly expected_status?: number | null;
  readonly expected_method?: string;
  readonly expected_request_headers?: readonly FieldExpectation[];
  readonly expected_request_headers_missing?: readonly FieldExpectation[];
  readonly expected_response_headers?: readonly FieldExpectation[];
  readonly expected_response_headers_missing?: readonly FieldExpectation[];
  readonly expected_response_text?: string | null;
  readonly check_body?: boolean;
};

/** One test: requests sent in order to a URL of its own. */
export type SuiteTest = {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  /** The group of tests it stands in. */
  readonly suite: string;
  readonly depends_on: readonly string[];
  readonly requests: readonly Step[];
  /** Meant for caches that obey `CDN-Cache-Control`. */
  readonly cdn_only: boolean;
  /** Cannot be seen, or is not so, in a browser. */
  readonly browser_skip: boolean;
};

/** All tests, and what tells this edition of them from others. */
export type Suite = {readonly tests: readonly SuiteTest[]; readonly digest: string};

type WrittenTest = Pick<SuiteTest, 'id' | 'name' | 'requests'> & Partial<SuiteTest>;

const repository = join(import.meta.dirname, '../../..');

/** Where the data is looked for: `CACHE_TESTS`, or beside this repository. */
export const suitePath = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment.CACHE_TESTS || join(repository, '../shared/cache-tests/tests.json');

type WrittenGroup = {readonly id: string; readonly tests: readonly WrittenTest[]};

/**
 * The tests of a data file; `undefined` when there is none.
 *
 * @throws Error naming the path when what lies there are not the suite's tests.
 */
export function readSuite(path: string): Suite | undefined {
  if (!existsSync(path)) return undefined;
  const text = textAt(path);
  const groups = groupsIn(text);
  if (groups === undefined) throw new Error(`${path} is not the tests.json of http-tests/cache-tests`);
  return {tests: groups.flatMap(({id, tests}) => tests.map(test => completed(test, id))), digest: digestOf(text)};
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path} cannot be read; allowed: the path of a file`, {cause});
  }
}

function groupsIn(text: string): readonly WrittenGroup[] | undefined {
  try {
    const data = JSON.parse(text) as readonly WrittenGroup[];
    return Array.isArray(data) && data.every(({tests}) => Array.isArray(tests)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** A test as written, with what it leaves out filled in. */
export const completed = (test: WrittenTest, suite = ''): SuiteTest => ({
  kind: 'required',
  depends_on: [],
  cdn_only: false,
  browser_skip: false,
  ...test,
  suite,
});

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
