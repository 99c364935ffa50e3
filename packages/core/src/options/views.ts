// What functions given as options get to see: the same few properties whichever client asked. Views change nothing.

import type {Fields} from '../fields/fields.ts';
import type {RequestHead, ResponseHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs} from '../model/units.ts';
import {isFresh} from '../policy/staleness.ts';

/** Fields to look at, in the manner of `Headers`: names are read without regard to case, `null` means absent. */
export interface HeadersView extends Iterable<readonly [name: string, value: string]> {
  get(name: string): string | null;
  has(name: string): boolean;
}

/** A request to look at. A `Request` is one too. */
export type RequestView = {
  readonly method: string;
  /** Absolute, without fragment, with whatever secrets it holds. */
  readonly url: string;
  readonly headers: HeadersView;
};

/** A response's head to look at. */
export type ResponseView = {
  /** The URI it belongs to: the final one when redirects were followed. */
  readonly url: string;
  readonly status: number;
  readonly headers: HeadersView;
};

/** A response to look at whose body has arrived whole. Reading it again and again is fine; nothing here waits. */
export type CompleteResponseView = ResponseView & {
  /** The body as UTF-8 text. */
  text(): string;
  /** The body parsed as JSON; throws a `SyntaxError` when it is not. */
  json(): unknown;
  /** A copy of the body. */
  bytes(): Uint8Array;
};

/** A stored response to look at: everything but its body. */
export type StoredView = ResponseView & {
  /** The target URI, with secret values replaced. */
  readonly url: string;
  readonly method: string;
  readonly tags: readonly string[];
  /** Whose it is: the name given by `partition`, else a stand-in for the credentials; empty for nobody's. */
  readonly partition: string;
  /** Body length in bytes. */
  readonly size: number;
  /** When it was received or last validated, in milliseconds since the Unix epoch. */
  readonly storedTime: EpochMs;
  /** When it last answered a request, in milliseconds since the Unix epoch. */
  readonly usedTime: EpochMs;
  /** It is past its freshness lifetime, or was expired. */
  readonly stale: boolean;
};

/** Fields as functions given as options see them. */
export function headersView(fields: Fields): HeadersView {
  return {
    get: name => fields.get(name.toLowerCase()) ?? null,
    has: name => fields.has(name.toLowerCase()),
    [Symbol.iterator]: () => fields[Symbol.iterator](),
  };
}

/** A request as functions given as options see it. */
export function requestView(head: RequestHead): RequestView {
  return {method: head.method, url: head.url, headers: headersView(head.fields)};
}

/** A response's head as functions given as options see it. */
export function responseView(head: ResponseHead): ResponseView {
  return {url: head.url, status: head.status, headers: headersView(head.fields)};
}

/** A complete response as `storeIf` sees it. */
export function completeResponseView(head: ResponseHead, body: Uint8Array): CompleteResponseView {
  const text = (): string => new TextDecoder().decode(body);
  return {...responseView(head), text, json: () => JSON.parse(text()) as unknown, bytes: () => body.slice()};
}

/** A stored response as `where` and `entries` show it. */
export function storedView(stored: StoredResponse, now: EpochMs): StoredView {
  return {
    url: stored.url,
    method: stored.method,
    status: stored.head.status,
    headers: headersView(stored.head.fields),
    tags: [...stored.tags],
    partition: stored.partition,
    size: stored.size,
    storedTime: stored.responseTime,
    usedTime: stored.lastUsed,
    stale: !isFresh(stored, now),
  };
}
