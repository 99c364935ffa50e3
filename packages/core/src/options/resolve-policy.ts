// Which options count for one request: its own, then the adapter's defaults, then rules in order, then the cache's.

import {onceForEach} from '../fields/remembered.ts';
import type {CacheMode} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {Clears, CompiledRequestOptions, WaitUntil} from './request-options.ts';
import type {Layer, PartitionOption, StoreIf} from './rule-options.ts';
import type {CompiledRule} from './rules.ts';

/** All that was decided for one request. */
export type ResolvedPolicy = {
  readonly policy: Policy;
  readonly ignoreSearch: true | readonly string[] | undefined;
  readonly partition: PartitionOption | undefined;
  readonly storeIf: StoreIf | undefined;
  /** An extra part of the cache key. */
  readonly key: string | undefined;
  /** The cache mode of a request that brings none. */
  readonly mode: CacheMode | undefined;
  readonly clears: Clears | undefined;
  readonly waitUntil: WaitUntil | undefined;
};

/** What the cache as a whole contributes: `base` is the answer when nothing else says anything. */
export type PolicySource = {readonly base: ResolvedPolicy; readonly rules: readonly CompiledRule[]};

function withLayer(below: ResolvedPolicy, over: CompiledRequestOptions): ResolvedPolicy {
  const {
    ignoreSearch,
    partition = below.partition,
    storeIf = below.storeIf,
    key = below.key,
    cache: mode = below.mode,
    clears = below.clears,
    waitUntil = below.waitUntil,
    ...policy
  } = over;
  return {
    policy: {...below.policy, ...policy, partitioned: partition !== undefined},
    ignoreSearch: ignoreSearch === undefined ? below.ignoreSearch : ignoreSearch || undefined,
    partition,
    storeIf,
    key,
    mode,
    clears,
    waitUntil,
  };
}

/** `withLayer`, once for each pair: rules and defaults live long, and a hit should allocate nothing for them. */
const layersOver = onceForEach((below: ResolvedPolicy) => onceForEach((over: Layer) => withLayer(below, over)));

/**
 * What counts for one request.
 *
 * Each layer replaces only what it sets, so laying rules from the last to the first makes the first that sets an
 * option win. Without rules, defaults and options the answer is the same object every time.
 */
export function resolvePolicy(
  source: PolicySource,
  request: {readonly method: string; readonly url: string},
  defaults?: Layer,
  options?: CompiledRequestOptions,
): ResolvedPolicy {
  let resolved = source.base;
  for (let index = source.rules.length - 1; index >= 0; index--) {
    const rule = source.rules[index];
    if (rule?.matches(request.method, request.url)) resolved = layersOver(resolved)(rule.layer);
  }
  if (defaults !== undefined) resolved = layersOver(resolved)(defaults);
  return options === undefined ? resolved : withLayer(resolved, options);
}
