/** As far as it is used; Safari has none. */
type WithIdleCallbacks = {
  readonly requestIdleCallback?: (callback: () => void, options: {readonly timeout: number}) => number;
};

/**
 * What is called to have `run` done when nothing else is to be done, within a second; called again before that, still
 * once. Nobody waits for it, and it may fail.
 */
export function idly(run: () => Promise<unknown>): () => void {
  const {requestIdleCallback} = globalThis as WithIdleCallbacks;
  let isComing = false;
  const come = (): void => {
    isComing = false;
    run().catch(() => undefined);
  };
  return () => {
    if (isComing) return;
    isComing = true;
    if (requestIdleCallback === undefined) setTimeout(come, 200);
    else requestIdleCallback(come, {timeout: 1000});
  };
}
