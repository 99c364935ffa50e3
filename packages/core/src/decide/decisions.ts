import type {ContentRange} from '../fields/content-range.ts';
import type {RequestHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Seconds} from '../model/units.ts';
import type {Incomplete, Piece, StoredAnswer} from '../policy/combining.ts';
import {currentAge} from '../policy/current-age.ts';
import type {Rendering} from '../policy/ranges.ts';
import type {ForwardDetail, ForwardReason, NotStoredReason} from '../policy/reasons.ts';
import {isFresh} from '../policy/staleness.ts';

/** A stored response answers the request. §4 */
export type Reuse = {
  readonly type: 'reuse';
  readonly stored: StoredResponse;
  readonly age: Seconds;
  readonly stale: boolean;
  readonly as: Rendering;
  /** The bytes, in order, when they are not simply all of `stored`. §3.4 */
  readonly pieces: readonly Piece[] | undefined;
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
      /** `no`: the answer is not for the cache, whatever it says; `for-get`: unless it stands for the answer to a GET. */
      readonly store: 'maybe' | 'for-get' | 'no';
    }
  /** Send `request`, which asks for what stored parts lack; the caller's answer is made of both. §3.4 */
  | {
      readonly type: 'complete';
      readonly because: 'partial';
      readonly detail: ForwardDetail | undefined;
      readonly request: RequestHead;
      readonly incomplete: Incomplete;
    }
  /** `only-if-cached` and nothing to reuse: 504 for the directive, a network error for Fetch's mode. §5.2.1.7 */
  | {readonly type: 'unsatisfiable'; readonly as: 'gateway-timeout' | 'network-error'};

/** One change to a store. */
export type Effect =
  | {readonly type: 'put'; readonly stored: StoredResponse}
  | {readonly type: 'update'; readonly stored: StoredResponse};

/** What the caller gets, and what the store suffers: apart, because one answer may do both. */
export type ResponseDecision = {
  /**
   * `repeat`: a 304 fits nothing that is still stored, or what came does not complete it. Ask once more, as it was.
   * §4.3.4, §3.4
   */
  readonly answer:
    | {readonly type: 'origin'}
    | {readonly type: 'repeat'}
    /** One of the pieces of `reuse` is what the network sends: the one of the response with `id`. §3.4 */
    | {readonly type: 'completed'; readonly reuse: Reuse; readonly range: ContentRange; readonly id: string}
    | Reuse;
  readonly effects: readonly Effect[];
  /** Why the response was not stored; `undefined` when it was, or when there was none to store. */
  readonly notStored: NotStoredReason | undefined;
};

/** What the stored answer is as of now. */
export const reuseOf = ({stored, as, pieces}: StoredAnswer, now: EpochMs): Reuse => ({
  type: 'reuse',
  stored,
  age: currentAge(stored, now),
  stale: !isFresh(stored, now),
  as,
  pieces,
});
