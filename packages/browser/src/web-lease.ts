import type {Lease} from 'limpid/store';

/** As far as it is used; plain-http pages have none. */
type Locks = {
  request(name: string, options: {ifAvailable: true}, callback: (lock: unknown) => Promise<void>): Promise<unknown>;
};

/** A Web Lock that ends by itself: with the tab, when it is given back, or after `ms` milliseconds. */
export function webLease(name: string, ms: number): Promise<Lease | undefined> {
  const {locks} = globalThis.navigator as {readonly locks?: Locks};
  if (locks === undefined) return Promise.resolve({release: () => undefined});
  return new Promise((resolve, reject) => {
    const held = (lock: unknown): Promise<void> =>
      new Promise(release => {
        // Left to run out when the lease is given back: then it ends what has ended.
        setTimeout(release, lock === null ? 0 : ms);
        resolve(lock === null ? undefined : {release});
      });
    locks.request(name, {ifAvailable: true}, held).catch(reject);
  });
}
