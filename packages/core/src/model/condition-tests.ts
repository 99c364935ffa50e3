// What each condition of a selection asks, once for those who clear and for the records they leave.

import {hostTest} from './host.ts';
import type {Conditions} from './selection.ts';
import type {ResourceKey, StoredResponse} from './stored-response.ts';

/** Whether a URL, absolute and normalised, is meant. */
export type UrlTest = (url: string) => boolean;
export type UriTest = (url: string, resource: ResourceKey) => boolean;
export type StoredTest = (stored: StoredResponse) => boolean;

/** What conditions on a URL ask of it, besides being a certain one. A normalised URL has a slash behind its authority. */
export function urlTests({prefix, origin, host, pattern}: Conditions): UrlTest[] {
  const tests: UrlTest[] = [];
  if (prefix !== undefined) tests.push(url => url.startsWith(prefix));
  if (origin !== undefined) tests.push(url => url.startsWith(`${origin}/`));
  if (host !== undefined) tests.push(hostTest(host));
  if (pattern !== undefined) tests.push(url => pattern.test(url));
  return tests;
}

/** The conditions that speak of URIs. */
export function uriTests(conditions: Conditions): readonly UriTest[] {
  const {resource} = conditions;
  const tests = urlTests(conditions);
  return resource === undefined ? tests : [(url, asked) => asked === resource || url === resource, ...tests];
}

/** The conditions that speak neither of URIs nor of time. */
export function plainTests({method, tag, partition, status}: Conditions): StoredTest[] {
  const tests: StoredTest[] = [];
  if (method !== undefined) tests.push(stored => stored.method === method);
  if (tag !== undefined) tests.push(stored => stored.tags.includes(tag));
  if (partition !== undefined) tests.push(stored => stored.partition === partition);
  if (status !== undefined) tests.push(stored => stored.head.status === status);
  return tests;
}
