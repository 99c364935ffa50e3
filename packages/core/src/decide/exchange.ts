import type {CacheRequest} from '../model/cache-request.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import type {RequestDecision} from './decisions.ts';

/** One request on its way: what must be remembered until its answer has come. */
export type ExchangeFacts = {
  readonly request: CacheRequest;
  readonly policy: Policy;
  readonly decision: Extract<RequestDecision, {type: 'forward' | 'validate' | 'complete'}>;
  /** Everything stored under the resource when the exchange began. */
  readonly candidates: readonly StoredResponse[];
  /** The store's counter, read before the candidates. */
  readonly began: Tick;
  readonly requestTime: EpochMs;
  /** For a POST: the GET that its answer may stand for, with that GET's own policy. RFC 9110 §9.3.3 */
  readonly asGet?: {readonly request: CacheRequest; readonly policy: Policy} | undefined;
};
