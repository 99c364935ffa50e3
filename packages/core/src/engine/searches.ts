import {complaint} from '../complaint.ts';
import type {Settings} from '../options/options.ts';
import {type ResolvedPolicy, resolvePolicy} from '../options/resolve-policy.ts';
import {cacheableMethods} from '../policy/registries.ts';
import {originOf} from '../stores/scopes.ts';

/** Which query parameters do not tell resources apart. */
type IgnoreSearch = NonNullable<ResolvedPolicy['ignoreSearch']>;

/** A way to ignore them, and the origins it was used for. */
type Way = {readonly ignored: IgnoreSearch; readonly origins: Set<string>};

/** How many ways one cache may know: a clear by URL has to look at each. */
const maxWays = 256;
/** Origins remembered for each way; one that was used for more may have been used for any. */
const maxOrigins = 1_024;

/** How query parameters have been ignored so far: a URL may be stored under as many resources. */
export class Searches {
  readonly #settings: Settings;
  /** Rules may tell methods apart: those that anything can be stored for. */
  readonly #methods: readonly string[];
  readonly #ways: Map<string, Way> = new Map();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#methods = [...cacheableMethods, ...settings.rules.flatMap(({layer}) => layer.policy.methods ?? [])];
  }

  /**
   * Rules are known, but adapters' defaults only when they are used.
   *
   * @throws TypeError when they are too many: a clear by URL could not find all that they store.
   */
  add(ignored: IgnoreSearch, url: string): void {
    const name = JSON.stringify(ignored);
    let way = this.#ways.get(name);
    if (way === undefined) {
      if (this.#ways.size === maxWays)
        throw complaint('ignoreSearch', ignored, `${maxWays} different ones in one cache`);
      way = {ignored, origins: new Set()};
      this.#ways.set(name, way);
    }
    if (way.origins.size < maxOrigins) way.origins.add(originOf(url));
  }

  /** Every way that may have been used for this URL. */
  of(url: string): readonly IgnoreSearch[] {
    const {rules, base} = this.#settings;
    if (this.#ways.size === 0 && rules.length === 0 && base.ignoreSearch === undefined) return [];
    const ruled = this.#methods.map(method => resolvePolicy(this.#settings, {method, url}).ignoreSearch);
    const origin = originOf(url);
    const used = [...this.#ways.values()].filter(({origins}) => origins.size === maxOrigins || origins.has(origin));
    return [...new Set([...ruled, ...used.map(({ignored}) => ignored)])].filter(ignored => ignored !== undefined);
  }
}
