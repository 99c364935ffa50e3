import {complaint} from '../complaint.ts';
import type {Settings} from '../options/options.ts';
import {type ResolvedPolicy, resolvePolicy} from '../options/resolve-policy.ts';
import {cacheableMethods} from '../policy/registries.ts';

/** Which query parameters do not tell resources apart. */
type IgnoreSearch = NonNullable<ResolvedPolicy['ignoreSearch']>;

/** How many ways one cache may know: a clear by URL has to look at each. */
const maxWays = 256;

/** How query parameters are ignored: a URL may be stored under as many resources. */
export class Searches {
  readonly #settings: Settings;
  /** Rules may tell methods apart: those that anything can be stored for. */
  readonly #methods: readonly string[];
  readonly #ways: Map<string, IgnoreSearch> = new Map();
  #last: IgnoreSearch | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#methods = [...cacheableMethods, ...settings.rules.flatMap(({layer}) => layer.methods ?? [])];
  }

  /**
   * Rules are known, but adapters' defaults only when they are told or used.
   *
   * @throws TypeError when they are too many: a clear by URL could not find all that they store.
   */
  add(ignored: IgnoreSearch): void {
    if (ignored === this.#last) return;
    this.#last = ignored;
    this.#ways.set(JSON.stringify(ignored), ignored);
    if (this.#ways.size > maxWays) throw complaint('ignoreSearch', ignored, `${maxWays} different ones in one cache`);
  }

  /** Every way that may have been used for this URL. */
  of(url: string): readonly IgnoreSearch[] {
    const {rules, base} = this.#settings;
    if (this.#ways.size === 0 && rules.length === 0 && base.ignoreSearch === undefined) return [];
    const ruled = this.#methods.map(method => resolvePolicy(this.#settings, {method, url}).ignoreSearch);
    return [...new Set([...ruled, ...this.#ways.values()])].filter(ignored => ignored !== undefined);
  }
}
