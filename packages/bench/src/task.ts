// What a task is: it prepares a client, and then measures, slot by slot, whatever the coordinator asks for.

import type {Client, Environment} from './subject.ts';

/** What one task is given besides the client. Plain data: it crosses to another process. */
export type Options = {
  /** Bytes of a response. */
  readonly size?: number;
  /** How many responses are stored before anything is measured. */
  readonly count?: number;
  /** Variants of the one resource. */
  readonly variants?: number;
  /** Users of the one resource, each with a response of its own. */
  readonly users?: number;
  /** Tags of each response. */
  readonly tags?: number;
  readonly reads?: ReadonlyArray<'bytes' | 'json' | 'stream'>;
  /** Measures so many requests at the same time, too. */
  readonly together?: number;
  readonly picks?: 'zipf' | 'uniform';
};

export type Context = {
  /** Where the network's origin is; any other address would do for answers made in this process. */
  readonly origin: string;
  readonly environment: Environment;
  readonly options: Options;
  /** How many requests have reached the origin. */
  readonly reached: () => Promise<number>;
  /** Another client of the same subject that shares nothing with the first. */
  readonly reopen: (environment?: Partial<Environment>) => Promise<Client>;
};

/** Measures one slot of about `milliseconds`. What it cannot measure it leaves out by not being there. */
export type Measure = (milliseconds: number) => Promise<number>;

export type Task = {
  /** What every subject that takes part has to be opened with. */
  readonly environment?: Partial<Environment>;
  readonly prepare: (client: Client, context: Context) => Promise<Readonly<Record<string, Measure>>>;
};
