// What a spool is told besides where its body comes from.
import type {Timers} from '../options/options.ts';

/** What becomes of the bytes besides being read. */
export type SpoolTarget = {
  /** Takes each chunk once, in order, and may keep it. */
  readonly write: (chunk: Uint8Array) => void;
  /** The body came whole. Called before any reader sees its end. */
  readonly complete: (chunks: readonly Uint8Array[]) => void;
  /** The body failed, grew past the limit, or everybody left. */
  readonly abandon: (because: 'incomplete' | 'too-large' | 'unread') => void;
};

export type SpoolLimits = {
  /** Past this many bytes the body is no longer kept whole and admits no further readers. */
  readonly maxBytes: number;
  /** How long, in milliseconds, the slowest reader of a body too long to keep may hold up the fastest. */
  readonly stall: number;
  readonly timers: Timers;
};
