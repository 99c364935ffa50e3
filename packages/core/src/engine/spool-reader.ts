/**
 * One who follows the body. `leave` is safe to call again; `tell` hears why it was left behind, which is `failure` as
 * long as nobody reads.
 */
export type Reader = {
  position: number;
  /** How many had waited for somebody when it last took a chunk. */
  movedAt: number;
  failure: {readonly error: unknown} | undefined;
  tell: (error: unknown) => void;
  readonly fail: (error: unknown) => void;
  wake: () => void;
  leave: () => boolean;
};
