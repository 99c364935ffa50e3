// What every subject offers: the same requests, whatever stands behind them.

/** How a subject is opened. */
export type Environment = {
  /** Without it the client is left alone: what a cache adds is measured against that. */
  readonly cached: boolean;
  /** Answers come from this process instead of the network, for tasks that measure the cache alone. */
  readonly inProcess: boolean;
  /**
   * How many responses may be stored; large enough for everything when it is left out. What is bounded by bytes alone
   * has 2 KiB for each: for answers of one, it is full a little sooner.
   */
  readonly maxCount?: number | undefined;
};

/** Empties parts of what is stored. What a subject cannot do it leaves out. */
export type Clears = {
  readonly one?: (url: string) => unknown;
  readonly prefix?: (prefix: string) => unknown;
  readonly tag?: (tag: string) => unknown;
  readonly all?: () => unknown;
};

/** A client as a caller uses it. Each call is one GET, and resolves when its body has been read. */
export type Client = {
  readonly bytes: (url: string) => Promise<unknown>;
  readonly json: (url: string) => Promise<unknown>;
  /** The body as it comes. */
  readonly stream?: (url: string) => Promise<AsyncIterable<Uint8Array>>;
  /** As `bytes`, with one request field. */
  readonly with?: (url: string, name: string, value: string) => Promise<unknown>;
  readonly clears?: Clears;
  /** Closes it; the result opens another over what it has stored, where that lasts. */
  readonly reopen?: () => Promise<() => Client>;
  /** How many bytes what lasts takes where it lasts: in a file, or in a server's memory. */
  readonly taken?: () => number | Promise<number>;
  readonly close?: () => unknown;
};

export type Subject = {
  /** What it is and how it is configured, for the report. */
  readonly configuration: string;
  open(environment: Environment): Client | Promise<Client>;
};

/** More than any task stores. */
export const unbounded = 10_000_000;

/** The body of a Response. Its type knows no iteration where it comes from the DOM. */
export function bodyOf(response: {readonly body: unknown}): AsyncIterable<Uint8Array> {
  return response.body as AsyncIterable<Uint8Array>;
}
