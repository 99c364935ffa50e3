// From the selections users write to those a store understands.

import {LimpidError} from '../errors.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import {after} from '../model/maybe.ts';
import type {Clause, CompiledSelection} from '../model/selection.ts';
import type {Partition, ResourceKey, StoredResponse} from '../model/stored-response.ts';
import type {MaybePromise} from '../model/units.ts';
import {compileSelection} from '../options/selection.ts';
import {whyNotMatching} from '../policy/choosing.ts';
import {resourceKey, secretParameters} from '../policy/resource-key.ts';
import {isPseudonym} from '../stores/pseudonyms.ts';
import {originOf} from '../stores/scopes.ts';
import {withSecretsNamed} from './keying.ts';
import type {Parts} from './parts.ts';

/** Compiles selections with this cache's rules and names for secrets. */
export class Selecting {
  readonly #parts: Parts;
  readonly #key: (request: Request) => MaybePromise<CacheRequest>;

  /** `key` sees a Fetch request as the cache does. */
  constructor(parts: Parts, key: (request: Request) => MaybePromise<CacheRequest>) {
    this.#parts = parts;
    this.#key = key;
  }

  /** @throws TypeError for what is not a selection; `path` is how the message calls it. */
  compile(selection: unknown, path: string, base?: string): MaybePromise<CompiledSelection> {
    return compileSelection(selection, {
      now: this.#parts.settings.now(),
      path,
      ...(base !== undefined && {base}),
      resources: url => after(this.locate(url), found => found ?? unnamed()),
      ofRequest: request => after(this.#key(request), ofRequest),
    });
  }

  /**
   * Where the store may list responses for this URL; `undefined` when the store could not name its secrets.
   *
   * `entries` shows URLs with their secrets replaced: those name what is stored as they stand, too.
   */
  locate(url: string): MaybePromise<readonly ResourceKey[] | undefined> {
    const {store, searches} = this.#parts;
    return after(withSecretsNamed(url, store), named => {
      if (named === undefined) return undefined;
      const names = secretParameters(url).every(isPseudonym) ? [named, url] : [named];
      const ways = searches.of(url);
      return [...new Set([...names, ...ways.flatMap(ignored => names.map(name => resourceKey(name, ignored)))])];
    });
  }

  /** What one partition has of one origin. */
  ofSite(origin: string, partition: Partition): Clause {
    return {
      type: 'match',
      within: {type: 'origin', origin},
      conditions: {origin, partition},
      test: stored => stored.partition === partition && originOf(stored.url) === origin,
      covers: undefined,
    };
  }
}

/** What this very request would be answered with: every stored response that matches it. */
function ofRequest(request: CacheRequest): Clause {
  const {resource} = request;
  const isMatching = (stored: StoredResponse): boolean => whyNotMatching(request, stored) === undefined;
  return {
    type: 'match',
    within: {type: 'resource', resource},
    conditions: {resource, where: isMatching},
    test: stored => stored.resource === resource && isMatching(stored),
    covers: undefined,
  };
}

function unnamed(): never {
  throw new LimpidError('STORE_FAILED', {message: 'the store could not name the secrets in a URL'});
}
