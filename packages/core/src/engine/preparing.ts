// From a client's request to the request as the cache sees it, with all that was decided for it.

import {onlyIfCached, type Unsatisfiable} from '../decide/on-request.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import {after} from '../model/maybe.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Partition} from '../model/stored-response.ts';
import type {MaybePromise} from '../model/units.ts';
import {usualCredentials} from '../options/options.ts';
import {compileRequestOptions} from '../options/request-options.ts';
import {type ResolvedPolicy, resolvePolicy} from '../options/resolve-policy.ts';
import {compileDefaults, namedPartition} from '../options/rule-options.ts';
import type {ForwardDetail} from '../policy/reasons.ts';
import {isCacheableMethod} from '../policy/registries.ts';
import type {HandleOptions} from './answer.ts';
import type {Standing} from './exchange.ts';
import {isKeyable, isSupportedUrl, keyed} from './keying.ts';
import type {Parts} from './parts.ts';

/** A request with all that was decided for it. */
export type Prepared = {
  readonly request: CacheRequest;
  readonly resolved: ResolvedPolicy;
  readonly asGet?: Standing | undefined;
};

/** Whether it refuses the network. Where the cache is switched off, whoever lies below has to hear that. */
export const refusedBy = (request: CacheRequest, detail: ForwardDetail | undefined): Unsatisfiable | undefined =>
  detail === 'paused' || detail === 'closed' || detail === 'disabled' ? undefined : onlyIfCached(request);

export class Preparing {
  readonly #parts: Parts;
  /** What cannot be told from a stored response, and differs between caches over one store. */
  readonly #variant: string;

  constructor(parts: Parts) {
    this.#parts = parts;
    const {kind, credentialFields} = parts.settings.base.policy;
    const names = credentialFields.join(' ');
    const own = names === usualCredentials.join(' ') ? '' : `credentials by ${names};`;
    this.#variant = kind === 'shared' ? `shared;${own}` : own;
  }

  /** Whether content of such a request would be part of its key. */
  keysContent(given: RequestHead, options: HandleOptions): boolean {
    const {head, resolved} = this.resolve(given, options);
    return head.method !== 'GET' && head.method !== 'HEAD' && isCacheableMethod(head.method, resolved.policy);
  }

  /** The request under its key; `undefined` when the store could not name its secrets. */
  keyed(head: RequestHead, resolved: ResolvedPolicy, options: HandleOptions): MaybePromise<CacheRequest | undefined> {
    const named = partitionNamed(head, resolved, options);
    const content = isCacheableMethod(head.method, resolved.policy) ? options.body : undefined;
    return keyed(head, content, resolved, named, this.#parts.store);
  }

  /** @throws TypeError when the `limpid` option or the adapter's defaults are wrong. */
  resolve(given: RequestHead, options: HandleOptions): {readonly head: RequestHead; readonly resolved: ResolvedPolicy} {
    const own = compileRequestOptions(options.options);
    const defaults = options.defaults === undefined ? undefined : compileDefaults(options.defaults);
    const resolved = resolvePolicy(this.#parts.settings, given, defaults, own === false ? undefined : own);
    const {mode, key} = resolved;
    if (defaults !== undefined) this.#parts.searches.add(defaults);
    const apart = key === undefined ? this.#variant : `${this.#variant}key=${key}`;
    if (mode === undefined && apart === '') return {head: given, resolved};
    const variant = `${given.variant}${apart}`;
    return {head: {...given, mode: given.mode === 'default' ? (mode ?? 'default') : given.mode, variant}, resolved};
  }

  /** The GET that the answer to this POST may stand for, keyed as that GET would be: rules may tell them apart. */
  asGet(given: RequestHead, options: HandleOptions, {request, resolved}: Prepared): MaybePromise<Standing | undefined> {
    if (given.method !== 'POST' || isCacheableMethod('POST', resolved.policy)) return undefined;
    const get = this.resolve({...given, method: 'GET'}, options);
    const {policy} = get.resolved;
    if (get.resolved === resolved) return {request: {...request, head: get.head}, policy, resolved};
    return after(
      this.keyed(get.head, get.resolved, {...options, body: undefined}),
      asked => asked && {request: asked, policy, resolved: get.resolved},
    );
  }

  /** Why the request goes around the cache; `undefined` when it does not. */
  whyAround(head: RequestHead, options: HandleOptions, {policy}: ResolvedPolicy): ForwardDetail | undefined {
    const off = this.#parts.off();
    if (off !== undefined) return off;
    if (options.options === false) return 'disabled';
    if (options.isUnkeyed) return 'unkeyed';
    if (!isSupportedUrl(head.url)) return 'unsupported-url';
    return isCacheableMethod(head.method, policy) && !isKeyable(options.body) ? 'unkeyed-content' : undefined;
  }
}

/** One call is one user's, however often it is redirected: a function is asked once for each. */
function partitionNamed(head: RequestHead, {partition}: ResolvedPolicy, {said}: HandleOptions): Partition | undefined {
  if (typeof partition !== 'function' || said === undefined) return namedPartition(partition, head);
  said.names ??= new Map();
  if (!said.names.has(partition)) said.names.set(partition, namedPartition(partition, head));
  return said.names.get(partition);
}
