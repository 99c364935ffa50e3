import {complaint} from '../complaint.ts';
import type {Settings} from '../options/options.ts';
import {type ResolvedPolicy, resolvePolicy} from '../options/resolve-policy.ts';
import type {Layer} from '../options/rule-options.ts';
import {cacheableMethods} from '../policy/registries.ts';

/** Which query parameters do not tell resources apart. */
type IgnoreSearch = NonNullable<ResolvedPolicy['ignoreSearch']>;

/** How many ways one cache may know: a clear by URL has to look at each. */
const maxWays = 256;

/** How query parameters are ignored: a URL may be stored under as many resources. */
export class Searches {
  readonly #settings: Settings;
  /** Rules may tell methods apart: those that anything can be stored for. */
  #methods: ReadonlySet<string>;
  /** Those of adapters' defaults. */
  readonly #ways: Map<string, IgnoreSearch> = new Map();
  #last: Layer | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#methods = new Set([...cacheableMethods, ...settings.rules.flatMap(({layer}) => layer.methods ?? [])]);
  }

  /**
   * Rules are known, but adapters' defaults only when they are told or used.
   *
   * @throws TypeError when they are too many: a clear by URL could not find all that they store.
   */
  add(defaults: Layer): void {
    if (defaults === this.#last) return;
    const {ignoreSearch, methods = []} = defaults;
    if (ignoreSearch) {
      const way = JSON.stringify(ignoreSearch);
      if (!this.#ways.has(way) && this.#ways.size === maxWays)
        throw complaint('ignoreSearch', ignoreSearch, `${maxWays} different ones in one cache`);
      this.#ways.set(way, ignoreSearch);
    }
    const known = new Set([...this.#methods, ...methods]);
    if (known.size > maxWays) throw complaint('methods', methods, `${maxWays} different ones in one cache`);
    this.#methods = known;
    // Only now: what was refused once is refused again.
    this.#last = defaults;
  }

  /** Every way that may have been used for this URL. */
  of(url: string): readonly IgnoreSearch[] {
    const {rules, base} = this.#settings;
    if (this.#ways.size === 0 && rules.length === 0 && base.ignoreSearch === undefined) return [];
    const ruled = Array.from(this.#methods, method => resolvePolicy(this.#settings, {method, url}).ignoreSearch);
    return [...new Set([...ruled, ...this.#ways.values()])].filter(ignored => ignored !== undefined);
  }
}
