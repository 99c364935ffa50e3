/** As far as it is used; Safari has none. */
type WithIdleCallbacks = {
  readonly requestIdleCallback?: (callback: () => void, options: {readonly timeout: number}) => number;
};

/** Runs it when nothing else is to be done, within a second. */
export function whenIdle(run: () => void): void {
  const {requestIdleCallback} = globalThis as WithIdleCallbacks;
  if (requestIdleCallback === undefined) setTimeout(run, 200);
  else requestIdleCallback(run, {timeout: 1000});
}
