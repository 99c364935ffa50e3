// Holds what a client saw, and what the origin recorded, against what a test expects. Nothing here waits or sends.

import type {ClientResponse} from './clients/client.ts';
import type {Exchange} from './exchange.ts';
import {type Place, sentValue, valueIn} from './field-values.ts';
import {type Seen, unvalidated} from './origin.ts';
import type {Check, FieldExpectation, Step} from './suite.ts';

/** Why a test that did not fail did not count either. */
export type NotRunReason = 'setup' | 'retry' | 'timeout' | 'dependency' | 'client';

export type Outcome =
  | {readonly type: 'passed'}
  | {readonly type: 'failed'; readonly message: string}
  | {readonly type: 'not run'; readonly because: NotRunReason; readonly message: string};

/**
 * What is not as expected. `implied` is what no test states in so many words: a status or a body that is merely the
 * usual one.
 */
type Finding = {readonly check: Check | 'implied'; readonly message: string};

/** How one answer fails its test; `undefined` when it does not. */
export function judgeAnswer({id, number, step, answer}: Exchange): Outcome | undefined {
  const at = `request ${number}`;
  if (answer.type === 'timeout') return notRun('timeout', `${at} had no complete answer in time`);
  if (answer.type === 'error') {
    const message = `no response: ${String(answer.error)}`;
    return outcomeOf({check: step.expected_type ? 'expected_type' : 'expected_status', message}, step, at);
  }
  const {response} = answer;
  const seen = valueIn(response.fields, 'request-numbers') ?? '';
  const numbers = seen.split(' ');
  if (new Set(numbers).size < numbers.length) return notRun('retry', `the origin saw a request twice: ${seen}`);
  const finding =
    findingOfType(number, step, response) ??
    findingOfStatus(step, response) ??
    findingOfFields(step, response) ??
    findingOfText(id, step, response);
  return finding && outcomeOf(finding, step, at);
}

const notRun = (because: NotRunReason, message: string): Outcome => ({type: 'not run', because, message});

/** What fails in preparation says nothing about the question asked. */
function outcomeOf({check, message}: Finding, step: Step, at: string): Outcome {
  const told = `${at}: ${message}`;
  const isSetup = step.setup === true || check === 'implied' || step.setup_tests?.includes(check) === true;
  return isSetup ? notRun('setup', told) : {type: 'failed', message: told};
}

function findingOfType(number: number, {expected_type}: Step, {status, fields}: ClientResponse): Finding | undefined {
  const check = 'expected_type';
  if (status === unvalidated) return {check, message: 'the origin saw no condition that it could confirm'};
  const count = valueIn(fields, 'server-request-count');
  if (expected_type === 'cached') {
    const isLocal304 = status === 304 && count === undefined;
    if (isLocal304 || Number(count) < number) return undefined;
    return {check, message: 'the answer came from the origin, not from the cache'};
  }
  if (expected_type === 'not_cached' && Number(count) !== number) {
    return {check, message: 'the answer came from the cache, not from the origin'};
  }
  return undefined;
}

function findingOfStatus({expected_status, response_status}: Step, {status}: ClientResponse): Finding | undefined {
  if (expected_status === null) return undefined;
  const expected = expected_status ?? response_status?.[0] ?? 200;
  if (status === expected) return undefined;
  const check = expected_status === undefined ? 'implied' : 'expected_status';
  return {check, message: `the status is ${status}, not ${expected}`};
}

function findingOfFields(step: Step, response: ClientResponse): Finding | undefined {
  const present = messageOf(step.expected_response_headers, expected => lackOf(expected, step, response));
  if (present !== undefined) return {check: 'expected_response_headers', message: present};
  const absent = messageOf(step.expected_response_headers_missing, expected => excessOf(expected, response.fields));
  return absent === undefined ? undefined : {check: 'expected_response_headers_missing', message: absent};
}

function messageOf(
  expectations: readonly FieldExpectation[] | undefined,
  judge: (expectation: FieldExpectation) => string | undefined,
): string | undefined {
  return expectations?.map(judge).find(message => message !== undefined);
}

/** How a response's field is not as expected. Dates count from when the origin made this very response. */
function lackOf(expected: FieldExpectation, step: Step, {fields}: ClientResponse): string | undefined {
  const [name, ...rest] = typeof expected === 'string' ? [expected] : expected;
  const value = valueIn(fields, name);
  if (value === undefined) return `${name} is missing`;
  if (rest.length === 0) return undefined;
  if (rest.length === 2) return comparisonOf(name, value, rest, fields);
  const place: Place = {
    now: Number(valueIn(fields, 'server-now')),
    base: step.magic_locations ? valueIn(fields, 'server-base-url') : undefined,
    rfc850date: step.rfc850date,
  };
  const wanted = sentValue(name, rest[0], place);
  return value === wanted ? undefined : `${name} is "${value}", not "${wanted}"`;
}

function comparisonOf(
  name: string,
  value: string,
  [relation, to]: readonly [relation: '=' | '>', to: string | number],
  fields: ClientResponse['fields'],
): string | undefined {
  const other = relation === '=' ? valueIn(fields, String(to)) : to;
  const holds = relation === '=' ? value === other : Number(value) > Number(other);
  return holds ? undefined : `${name} is "${value}", expected ${relation} ${to}`;
}

/** How a field is there although it must not be: at all, or with this value in it. */
function excessOf(unexpected: FieldExpectation, fields: ClientResponse['fields']): string | undefined {
  const [name, part] = typeof unexpected === 'string' ? [unexpected] : unexpected;
  const value = valueIn(fields, name);
  const isThere = value !== undefined && (part === undefined || value.includes(String(part)));
  return isThere ? `${name} is there: "${value}"` : undefined;
}

function findingOfText(id: string, step: Step, {status, text}: ClientResponse): Finding | undefined {
  const {check_body, expected_response_text, response_body, request_method} = step;
  if (check_body === false || expected_response_text === null) return undefined;
  if ([204, 205, 304].includes(status) || request_method === 'HEAD') return undefined;
  const expected = expected_response_text ?? response_body ?? id;
  if (text === expected) return undefined;
  const check = expected_response_text === undefined ? 'implied' : 'expected_response_text';
  return {check, message: `the body is "${text}", not "${expected}"`};
}

/**
 * How the origin's record fails a test; `undefined` when it does not.
 *
 * The record is walked along the requests that should have reached the origin: those expected from the cache are passed
 * over, and nothing is asked of them. What a background validation adds to the record can only shift later entries.
 */
export function judgeRecord(exchanges: readonly Exchange[], record: readonly Seen[]): Outcome | undefined {
  const forwarded = exchanges.filter(({step}) => step.expected_type !== 'cached');
  for (const [index, exchange] of forwarded.entries()) {
    const finding = findingOfSeen(exchange, record[index]);
    if (finding !== undefined) return outcomeOf(finding, exchange.step, `request ${exchange.number}`);
  }
  return undefined;
}

const conditions: ReadonlyMap<Step['expected_type'], string> = new Map([
  ['etag_validated', 'If-None-Match'],
  ['lm_validated', 'If-Modified-Since'],
]);

function findingOfSeen({step, answer}: Exchange, seen: Seen | undefined): Finding | undefined {
  const condition = conditions.get(step.expected_type);
  if (condition !== undefined && (seen === undefined || valueIn(seen.fields, condition) === undefined)) {
    return {check: 'expected_type', message: `the origin saw no ${condition}`};
  }
  const {expected_method, expected_request_headers, expected_request_headers_missing} = step;
  if (expected_method !== undefined && seen?.method !== expected_method) {
    return {check: 'expected_method', message: `the origin saw ${seen?.method}, not ${expected_method}`};
  }
  const lacking = messageOf(expected_request_headers, expected => lackOfSeen(expected, seen));
  if (lacking !== undefined) return {check: 'expected_request_headers', message: lacking};
  const excess = messageOf(expected_request_headers_missing, expected => excessOf(expected, seen?.fields ?? []));
  if (excess !== undefined) return {check: 'expected_request_headers_missing', message: excess};
  return answer.type === 'response' && seen !== undefined ? findingOfReturn(seen, answer.response) : undefined;
}

function lackOfSeen(expected: FieldExpectation, seen: Seen | undefined): string | undefined {
  const [name, wanted] = typeof expected === 'string' ? [expected] : expected;
  const value = valueIn(seen?.fields ?? [], name);
  if (value === undefined) return `the origin saw no ${name}`;
  return wanted === undefined || value === String(wanted)
    ? undefined
    : `the origin saw ${name} "${value}", not "${wanted}"`;
}

/** What the origin sent reaches the client unchanged, unless the test says that it need not. */
function findingOfReturn({sent, expectedBack}: Seen, {fields}: ClientResponse): Finding | undefined {
  for (const name of expectedBack) {
    const [wanted, value] = [valueIn(sent, name), valueIn(fields, name)];
    if (value !== wanted) return {check: 'response_headers', message: `${name} is "${value}", sent was "${wanted}"`};
  }
  return undefined;
}
