import type {Partition, ResourceKey, StoredResponse} from './stored-response.ts';
import type {EpochMs} from './units.ts';

/** A set of stored responses that a store can empty without looking at any of them. */
export type Scope =
  | {readonly type: 'all'}
  | {readonly type: 'origin'; readonly origin: string}
  | {readonly type: 'resource'; readonly resource: ResourceKey}
  | {readonly type: 'partition'; readonly partition: Partition}
  | {readonly type: 'tag'; readonly tag: string}
  | {readonly type: 'group'; readonly origin: string; readonly group: string};

/**
 * Conditions in a store's terms: absolute values only. All given ones hold.
 *
 * Those on URIs see them with secrets replaced. They are to narrow a search by; what is selected the clause's `test`
 * decides.
 */
export type Conditions = {
  /** Of a response: its resource, or its URL as it stands. */
  readonly resource?: ResourceKey;
  readonly prefix?: string;
  readonly origin?: string;
  readonly host?: string;
  readonly pattern?: {test(url: string): boolean};
  readonly method?: string;
  readonly tag?: string;
  readonly partition?: Partition;
  readonly status?: number;
  readonly stale?: boolean;
  readonly storedBefore?: EpochMs;
  readonly unusedSince?: EpochMs;
  readonly where?: (stored: StoredResponse) => boolean;
};

/** One alternative of a selection. */
export type Clause =
  | {readonly type: 'scope'; readonly scope: Scope}
  | {
      readonly type: 'match';
      /** Narrows the search: every response the clause selects lies in this scope. */
      readonly within: Scope;
      readonly conditions: Conditions;
      /** The conditions as a predicate, judged at the moment the selection was compiled. */
      readonly test: (stored: StoredResponse) => boolean;
      /** Whether a request for this URI (secrets replaced) is covered, when the conditions speak of URIs alone. */
      readonly covers: ((url: string, resource: ResourceKey) => boolean) | undefined;
    };

/** All that is stored. */
export const everything: Extract<Clause, {type: 'scope'}> = {type: 'scope', scope: {type: 'all'}};

/** Stored responses to act on: those that any clause selects. No clause selects nothing. */
export type CompiledSelection = readonly Clause[];
