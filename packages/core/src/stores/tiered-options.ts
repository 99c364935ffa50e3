import {complaint, isPlain, noOption} from '../complaint.ts';
import {lacksToBeStore, type Store} from '../model/store.ts';
import {asked, leased, type ReadCounter} from './counter.ts';

/** How a near copy is known to be current. */
export type TieredOptions = {
  /**
   * `'check'` reads the far store's counter for each request. `{lease}` relies on it for so many milliseconds, 1 to 5000,
   * without asking; in return every clear and expiry, in any process, takes that much longer, and so does every unsafe
   * request, which expires what it changes. A lease needs a far store with `trust`, such as `RedisStore`.
   * Default `'check'`.
   */
  readonly coherence?: 'check' | {readonly lease: number};
};

/** Throws a `TypeError` unless there are two stores. */
export function checkTiers(near: Store, far: Store): void {
  for (const [name, store] of Object.entries({near, far})) {
    const lacks = lacksToBeStore(store);
    if (lacks.length > 0) throw complaint(`tiered ${name}`, store, `a store (missing: ${lacks.join(', ')})`);
  }
  if (near === far) throw new TypeError('limpid: tiered near is the far store; allowed: another store');
}

/** Reads the options; throws a `TypeError` that says what is allowed. */
export function counterOf(far: Store, options: TieredOptions): ReadCounter {
  if (!isPlain(options)) throw complaint('tiered options', options, 'an object with coherence');
  for (const name of Object.keys(options)) {
    if (name !== 'coherence') throw noOption(`tiered ${name}`, name, ['coherence']);
  }
  const {coherence = 'check'} = options;
  if (coherence === 'check') return asked(far);
  const lease: unknown = typeof coherence === 'object' ? coherence?.lease : undefined;
  if (typeof lease !== 'number' || !(lease >= 1 && lease <= 5000)) {
    const [name, value] = lease === undefined ? ['coherence', coherence] : ['coherence.lease', lease];
    throw complaint(`tiered ${name}`, value, '"check", or {lease} of 1 to 5000 milliseconds');
  }
  if (far.trust === undefined) {
    throw new TypeError('limpid: tiered coherence is a lease, which this far store does not give; allowed: "check"');
  }
  return leased(far.trust.bind(far), lease);
}
