// Stored responses as text, for stores that outlive a process: one versioned form, shared by all of them.

import {Fields} from '../fields/fields.ts';
import type {StoredResponse} from '../model/stored-response.ts';

/** The version that `encodeRecord` writes. A record of another version is not read: what it means cannot be known. */
export const recordVersion = 1;

/**
 * A stored response as JSON, everything but the bytes. `id`, `began`, `size`, `expired` and `lastUsed` change without
 * the rest, so they are left to the store, which keeps them beside.
 */
export function encodeRecord(stored: StoredResponse): string {
  const {id: _id, began: _began, size: _size, expired: _expired, lastUsed: _lastUsed, head, ...rest} = stored;
  return JSON.stringify({version: recordVersion, ...rest, head: {...head, fields: [...head.fields]}});
}

/** What a store keeps beside a record. */
export type BesideRecord = Pick<StoredResponse, 'id' | 'began' | 'size' | 'expired' | 'lastUsed'>;

/**
 * The stored response of a record; `undefined` for one of another version, or damaged: it counts as not stored.
 *
 * Fields are read when somebody looks at them.
 */
export function decodeRecord(record: string, beside: BesideRecord): StoredResponse | undefined {
  const read = parsed(record);
  if (!isRecord(read)) return undefined;
  const {version: _version, head, facts, content, client, nominated, ...rest} = read;
  const {fields, ...headRest} = head;
  return {
    ...rest,
    ...beside,
    // JSON knows no `undefined`: what was absent is there again, so that all responses are of one shape.
    content,
    client,
    nominated: nominated.map(([name, value]) => [name, value ?? undefined]),
    head: {...headRest, fields: Fields.later(() => ({base: Fields.from(fields), changes: []}))},
    facts: {
      ...facts,
      etag: facts.etag,
      lastModified: facts.lastModified,
      range: facts.range && {...facts.range, complete: facts.range.complete},
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Line = readonly [name: string, value: string];

type Encoded = Omit<StoredResponse, keyof BesideRecord | 'head'> & {
  readonly version: typeof recordVersion;
  readonly head: Omit<StoredResponse['head'], 'fields'> & {readonly fields: readonly Line[]};
};

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isLine = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && isText(value[0]);

/** Each member that has to be there, with what it has to be. */
type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const optional =
  (test: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || test(value);

function has(shape: Shape): (value: unknown) => boolean {
  const members = Object.entries(shape);
  return value => isObject(value) && members.every(([name, test]) => test(value[name]));
}

const isRecord = has({
  version: value => value === recordVersion,
  resource: isText,
  url: isText,
  key: isText,
  method: isText,
  partition: isText,
  content: optional(isText),
  variant: isText,
  client: optional(isText),
  nominated: value =>
    Array.isArray(value) && value.every(line => isLine(line) && (line[1] === null || isText(line[1]))),
  requestTime: isNumber,
  responseTime: isNumber,
  tags: isTexts,
  givenTags: optional(isTexts),
  groups: isTexts,
  head: has({
    status: isNumber,
    statusText: isText,
    fields: value => Array.isArray(value) && value.every(line => isLine(line) && isText(line[1])),
    url: isText,
    redirected: isFlag,
    type: isText,
    decoded: optional(isFlag),
  }),
  facts: has({
    lifetime: isNumber,
    initialAge: isNumber,
    date: isNumber,
    etag: optional(has({weak: isFlag, opaque: isText})),
    lastModified: optional(isText),
    range: optional(has({first: isNumber, last: isNumber, complete: optional(isNumber)})),
    alwaysValidate: isFlag,
    neverStale: isFlag,
    immutable: isFlag,
    staleWhileRevalidate: isNumber,
    staleIfError: isNumber,
  }),
}) as (value: unknown) => value is Encoded;
