// Clears that are not of scopes, as text: what other processes hold against responses that began before them.

import {plainTests, uriTests} from '../model/condition-tests.ts';
import type {Clause, Conditions} from '../model/selection.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {Covers} from './scopes.ts';

/** What text can carry. */
const names = ['resource', 'prefix', 'origin', 'host', 'method', 'tag', 'partition', 'status'] as const;

/**
 * The conditions of a clause that text can carry.
 *
 * The rest (a pattern, a predicate, a time) is left out, so that the record selects at least what the clause does:
 * to refuse a response too many is safe.
 */
export function encodeClear({conditions}: Extract<Clause, {type: 'match'}>): string {
  return JSON.stringify(Object.fromEntries(names.map(name => [name, conditions[name]])));
}

/** The selection of a record. One that cannot be read selects everything. */
export function decodeClear(record: string): (stored: StoredResponse) => boolean {
  const conditions = read(record);
  const uris = uriTests(conditions);
  const others = plainTests(conditions);
  return stored => uris.every(test => test(stored.url, stored.resource)) && others.every(test => test(stored));
}

/** Which URIs a clause covers that speaks of URIs alone; more of them where text cannot say. */
export function encodeCover(clause: Clause): string {
  if (clause.type === 'match') return encodeClear(clause);
  return JSON.stringify(clause.scope.type === 'origin' ? {origin: clause.scope.origin} : {});
}

export const decodeCover = (record: string): Covers => {
  const tests = uriTests(read(record));
  return (url, resource) => tests.every(test => test(url, resource));
};

function read(record: string): Conditions {
  try {
    return Object(JSON.parse(record)) as Conditions;
  } catch {
    return {};
  }
}
