/** A span in seconds, as RFC 9111 counts them. Not necessarily whole. */
export type Seconds = number;

/** An instant: milliseconds since the Unix epoch. */
export type EpochMs = number;

/** A position of a store's counter of clears. Only comparable with ticks of the same store. */
export type Tick = number;

/** A value now, or a promise of it. The hit path never awaits a value that is already there. */
export type MaybePromise<T> = T | Promise<T>;
