import type {ExchangeFacts} from '../decide/exchange.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {Policy} from '../model/policy.ts';
import type {ResolvedPolicy} from '../options/resolve-policy.ts';

/** One request on its way to the network: hand it, with the answer, to `finish`, or with the error to `fail`. */
export type Exchange = ExchangeFacts & {
  /** All that was decided for the request; `policy` is the part that HTTP's decisions need. */
  readonly resolved: ResolvedPolicy;
  /** Nobody waits for it any more: a validation behind a stale answer (RFC 5861 §3), or one that took too long. */
  background: boolean;
  readonly asGet?: Standing | undefined;
};

/** The GET that the answer to a POST may stand for, with all that was decided for it. RFC 9110 §9.3.3 */
export type Standing = {
  readonly request: CacheRequest;
  readonly policy: Policy;
  readonly resolved: ResolvedPolicy;
};
