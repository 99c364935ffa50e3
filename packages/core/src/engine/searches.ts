import {keepNewest} from '../model/newest.ts';
import type {Settings} from '../options/options.ts';
import {type ResolvedPolicy, resolvePolicy} from '../options/resolve-policy.ts';
import {cacheableMethods} from '../policy/registries.ts';
import {originOf} from '../stores/scopes.ts';

/** Which query parameters do not tell resources apart. */
type IgnoreSearch = NonNullable<ResolvedPolicy['ignoreSearch']>;

/**
 * Ways and origins remembered. Beyond, those used longest ago are forgotten, and a clear by URL may miss what adapters'
 * defaults named.
 */
const maxWays = 64;
const maxOrigins = 1_024;

const none: readonly IgnoreSearch[] = [];

/** How query parameters have been ignored so far: a URL may be stored under as many resources. */
export class Searches {
  readonly #settings: Settings;
  /** Rules may tell methods apart: those that anything can be stored for. */
  readonly #methods: readonly string[];
  readonly #ways: Map<IgnoreSearch, Map<string, true>> = new Map();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#methods = [...cacheableMethods, ...settings.rules.flatMap(({layer}) => layer.policy.methods ?? [])];
  }

  /** Rules are known, but adapters' defaults only when they are used. */
  add(ignored: IgnoreSearch, url: string): void {
    const origins = this.#ways.get(ignored) ?? new Map();
    keepNewest(origins, originOf(url), true, maxOrigins);
    keepNewest(this.#ways, ignored, origins, maxWays);
  }

  /** Every way that may have been used for this URL. */
  of(url: string): readonly IgnoreSearch[] {
    if (this.#ways.size === 0 && this.#settings.rules.length === 0 && this.#settings.base.ignoreSearch === undefined)
      return none;
    const ruled = this.#methods.map(method => resolvePolicy(this.#settings, {method, url}).ignoreSearch);
    const origin = originOf(url);
    const seen = Array.from(this.#ways).filter(([, origins]) => origins.has(origin));
    return [...new Set([...ruled, ...seen.map(([ignored]) => ignored)])].filter(ignored => ignored !== undefined);
  }
}
