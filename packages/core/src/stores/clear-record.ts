// Clears that are not of scopes, as text: what other processes hold against responses that began before them.

import {plainTests} from '../model/condition-tests.ts';
import {hostTest} from '../model/host.ts';
import type {Clause, Conditions} from '../model/selection.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {Covers} from './scopes.ts';

/** What text can carry. */
const tests = {
  resource: ({resource, url}: StoredResponse, value: string) => resource === value || url === value,
  prefix: ({url}: StoredResponse, value: string) => url.startsWith(value),
  origin: ({url}: StoredResponse, value: string) => url.startsWith(`${value}/`),
  host: ({url}: StoredResponse, value: string) => hostTest(value)(url),
  ...plainTests,
} as const;

const names = Object.keys(tests) as readonly (keyof typeof tests)[];

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
  const given = names.filter(name => conditions[name] !== undefined);
  return stored => given.every(name => tests[name](stored, conditions[name] as never));
}

/** Which URIs a clause covers that speaks of URIs alone; more of them where text cannot say. */
export function encodeCover(clause: Clause): string {
  if (clause.type === 'match') return encodeClear(clause);
  return JSON.stringify(clause.scope.type === 'origin' ? {origin: clause.scope.origin} : {});
}

export function decodeCover(record: string): Covers {
  const selects = decodeClear(record);
  // It was made of conditions on URIs alone.
  return (url, resource) => selects({url, resource} as StoredResponse);
}

function read(record: string): Conditions {
  try {
    return Object(JSON.parse(record)) as Conditions;
  } catch {
    return {};
  }
}
