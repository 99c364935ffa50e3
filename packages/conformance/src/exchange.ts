// One request of a test and what became of it.

import type {ClientResponse} from './clients/client.ts';
import {type Field, fieldsOf} from './field-values.ts';
import {pathOf} from './origin.ts';
import type {Step, SuiteTest} from './suite.ts';

/** What a client sent, and what came back: a response, or an error instead. */
export type Exchange = {
  /** The test's own id for this run, in the URL and in the usual body. */
  readonly id: string;
  /** From 1. */
  readonly number: number;
  readonly step: Step;
  readonly url: string;
  readonly method: string;
  readonly fields: readonly Field[];
  readonly body: string | undefined;
  readonly answer: Answer;
};

export type Answer =
  | {readonly type: 'response'; readonly response: ClientResponse}
  | {readonly type: 'error'; readonly error: unknown}
  | {readonly type: 'timeout'};

/** A request still to be sent. */
export type Outgoing = Omit<Exchange, 'answer'>;

/** The request of a step. Each carries its number, so that what differs between two of them must not be in a cache key. */
export function outgoing(
  test: SuiteTest,
  number: number,
  {origin, id, serverNow}: {readonly origin: string; readonly id: string; readonly serverNow: number | undefined},
): Outgoing | undefined {
  const step = test.requests[number - 1];
  if (step === undefined) return undefined;
  // Dates of conditions count from when the origin answered before: so they meet the dates it sent then.
  const now = step.magic_ims && serverNow !== undefined ? serverNow : Date.now();
  const path = [pathOf(id), ...(step.filename ? [step.filename] : [])].join('/');
  return {
    id,
    number,
    step,
    url: `${origin}${path}${step.query_arg ? `?${step.query_arg}` : ''}`,
    method: step.request_method ?? 'GET',
    fields: [
      ...fieldsOf(step.request_headers ?? [], {now, rfc850date: step.rfc850date}),
      ['Test-Name', test.name],
      ['Test-ID', id],
      ['Req-Num', String(number)],
    ],
    body: step.request_body,
  };
}
