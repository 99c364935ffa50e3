/** What the cache did so far. Counts of requests, unless said otherwise. */
export type Counters = {
  /** Answered from what was stored, without asking the network. */
  hits: number;
  /** Answered stale: while it is validated, as the request allowed, or because the network failed or took too long. */
  stale: number;
  /** Sent to the network without a validator. */
  misses: number;
  /** Validations sent, in the background too. */
  validations: number;
  /** Those of `validations` that a 304 answered. */
  notModified: number;
  /** Those of `misses` and `validations` that another request's flight answered. */
  collapsed: number;
  /** Refused: `only-if-cached`, and nothing stored to answer with. */
  unsatisfiable: number;
  /** Sent around the cache. */
  bypassed: number;
  /** Responses stored. */
  stored: number;
  /** Responses not stored. */
  refused: number;
  /** Stored responses dropped to make room. */
  evicted: number;
  /** Requests that no answer came to. */
  failed: number;
  /** Failures of the store, a listener or background work. */
  errors: number;
};

/** Counts since the cache was made, and what it holds now. */
export type Stats = Readonly<Counters> & {
  /** Stored responses that count, and their bodies' bytes; `undefined` when the store failed. */
  readonly size: {readonly count: number; readonly bytes: number} | undefined;
};

/** Counters at zero. */
export const zero = (): Counters => ({
  hits: 0,
  stale: 0,
  misses: 0,
  validations: 0,
  notModified: 0,
  collapsed: 0,
  unsatisfiable: 0,
  bypassed: 0,
  stored: 0,
  refused: 0,
  evicted: 0,
  failed: 0,
  errors: 0,
});
