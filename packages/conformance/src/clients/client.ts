// What a client is to the runner: it sends one request and tells what came back, in no client's dialect.

import type {Field} from '../field-values.ts';
import type {Step, SuiteTest} from '../suite.ts';

/** A request as a test wants it made. */
export type ClientRequest = {
  readonly url: string;
  readonly method: string;
  /** A name may occur several times. */
  readonly fields: readonly Field[];
  readonly body: string | undefined;
  readonly redirect: Step['redirect'];
  readonly cache: Step['cache'];
  readonly mode: Step['mode'];
  readonly credentials: Step['credentials'];
  readonly signal: AbortSignal;
};

/** A response as its caller saw it. */
export type ClientResponse = {
  readonly status: number;
  readonly fields: readonly Field[];
  readonly text: string;
};

/** Sends one request; rejects where the client does. */
export type Send = (request: ClientRequest) => Promise<ClientResponse>;

export type Client = {
  readonly send: Send;
  /** Why a request cannot be made, or its answer not be seen, through this client. */
  readonly cannot: (step: Step) => string | undefined;
};

/** The first reason why a client cannot run a test. */
export const reasonNotToRun = (test: SuiteTest, {cannot}: Client): string | undefined =>
  test.requests.map(cannot).find(reason => reason !== undefined);

/** Common to all clients: they hand out final responses only. */
export const hidesInterim = ({interim_responses}: Step): string | undefined =>
  interim_responses === undefined ? undefined : 'shows no interim (1xx) responses';

/** What fetch and ky take as init. */
export function initOf({method, fields, body, redirect, cache, mode, credentials, signal}: ClientRequest): RequestInit {
  return {
    method,
    headers: fields.map(([name, value]) => [name, value]),
    signal,
    ...(body !== undefined && {body}),
    ...(redirect && {redirect}),
    ...(cache && {cache}),
    ...(mode && {mode}),
    ...(credentials && {credentials}),
  };
}

/** A Response, read to its end. */
export async function responseOf(response: Response): Promise<ClientResponse> {
  return {status: response.status, fields: [...response.headers], text: await response.text()};
}
