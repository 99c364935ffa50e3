import type {RequestHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {Seconds} from '../model/units.ts';
import type {ForwardDetail, ForwardReason, NotStoredReason} from '../policy/reasons.ts';

/** A stored response answers the request. §4 */
export type Reuse = {
  readonly type: 'reuse';
  readonly stored: StoredResponse;
  readonly age: Seconds;
  readonly stale: boolean;
  /** `not-modified`: the caller's own condition is answered with a 304. §4.3.2 */
  readonly as: 'whole' | 'not-modified';
};

/** What to do with a request, given what is stored. */
export type RequestDecision =
  /** `validateLater`: answer now, then send this validation in the background. RFC 5861 §3 */
  | (Reuse & {readonly validateLater: RequestHead | undefined})
  /** Send `request` as given: it carries the preconditions for every candidate. §4.3.1 */
  | {
      readonly type: 'validate';
      readonly because: ForwardReason;
      readonly detail: ForwardDetail | undefined;
      readonly request: RequestHead;
      readonly candidates: readonly StoredResponse[];
    }
  | {
      readonly type: 'forward';
      readonly because: ForwardReason;
      readonly detail: ForwardDetail | undefined;
      readonly request: RequestHead;
      /** `no`: the answer is not for the cache, whatever it says. */
      readonly store: 'maybe' | 'no';
    }
  /** `only-if-cached` and nothing to reuse: 504 for the directive, a network error for Fetch's mode. §5.2.1.7 */
  | {readonly type: 'unsatisfiable'; readonly as: 'gateway-timeout' | 'network-error'};

/** One change to a store. */
export type Effect =
  | {readonly type: 'put'; readonly stored: StoredResponse}
  | {readonly type: 'update'; readonly stored: StoredResponse};

/** What the caller gets, and what the store suffers: apart, because one answer may do both. */
export type ResponseDecision = {
  /** `repeat`: the 304 fits nothing that is still stored; ask once more, without conditions. §4.3.4 */
  readonly answer: {readonly type: 'origin'} | {readonly type: 'repeat'} | Reuse;
  readonly effects: readonly Effect[];
  /** Why the response was not stored; `undefined` when it was, or when there was none to store. */
  readonly notStored: NotStoredReason | undefined;
};
