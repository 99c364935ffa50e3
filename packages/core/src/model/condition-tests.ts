import type {Conditions} from './selection.ts';
import type {StoredResponse} from './stored-response.ts';

type Tests<Name extends keyof Conditions> = {
  readonly [Each in Name]: (stored: StoredResponse, value: Required<Conditions>[Each]) => boolean;
};

/** What the conditions ask that speak neither of URIs nor of time. */
export const plainTests: Tests<'method' | 'tag' | 'partition' | 'status'> = {
  method: ({method}, value) => method === value,
  tag: ({tags}, value) => tags.includes(value),
  partition: ({partition}, value) => partition === value,
  status: ({head}, value) => head.status === value,
};

/** Their names. */
export const plainConditions = Object.keys(plainTests) as readonly (keyof typeof plainTests)[];
