// What would happen to a request now, and why.

import type {RequestDecision} from '../decide/decisions.ts';
import {decideOnRequest, forward, unapplied} from '../decide/on-request.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Seconds} from '../model/units.ts';
import {type StoredView, storedView} from '../options/views.ts';
import {chooseMatching, whyNotMatching} from '../policy/choosing.ts';
import {answerFrom, type Incomplete, type StoredAnswer} from '../policy/combining.ts';
import {currentAge} from '../policy/current-age.ts';
import {renderingOf} from '../policy/ranges.ts';
import {
  type Explained,
  type ForwardDetail,
  type ForwardReason,
  forwardDetails,
  forwardReasons,
  type NotReusedReason,
  notReusedReasons,
} from '../policy/reasons.ts';
import {whyNotFresh} from '../policy/staleness.ts';
import type {Look} from './beginning.ts';
import {refusedBy} from './preparing.ts';

/** Why one stored response would, or would not, answer the request. */
export type ExplainedResponse = StoredView & {
  /** `undefined` for the one that would answer, and for one the request goes around. */
  readonly because: NotReusedReason | undefined;
  /** Where that reason is written down. */
  readonly section: string | undefined;
  /** The reason in words. */
  readonly text: string;
  /** Current age in seconds. */
  readonly age: Seconds;
  /** Freshness lifetime in seconds. */
  readonly lifetime: Seconds;
};

/** What would happen to a request now. */
export type Explanation = {
  /**
   * `reuse`: answered from what is stored; `validate`: sent with a condition; `complete`: sent for what is missing;
   * `forward`: sent as it is; `unsatisfiable`: refused.
   */
  readonly decision: RequestDecision['type'];
  /** It would be answered stale, and validated behind the answer. */
  readonly validatesLater: boolean;
  readonly because: ForwardReason | undefined;
  readonly detail: ForwardDetail | undefined;
  /** Where the reason is written down. */
  readonly section: string;
  /** The decision in words. */
  readonly text: string;
  /** Every response stored under the resource, other users' aside. */
  readonly stored: readonly ExplainedResponse[];
};

/** Explains the decision on a request that was looked at. */
export function explained({request, resolved, lookup, hides, around}: Look, now: EpochMs): Explanation {
  const {candidates} = lookup;
  const decided: RequestDecision =
    around === undefined
      ? decideOnRequest(request, candidates, resolved.policy, now)
      : (refusedBy(request, around) ?? forward(request, 'bypass', around, 'no'));
  const decision = hides ? unapplied(decided) : decided;
  const {matching} = chooseMatching(request, candidates, now);
  const answer = answerFrom(request, matching);
  const own = candidates.filter(stored => whyNotMatching(request, stored) !== 'partition');
  const answering = decision.type === 'reuse' ? piecesOf(decision) : [];
  const {because, detail} = 'because' in decision ? decision : {because: undefined, detail: undefined};
  const explanation = explanationOf(decision);
  return {
    decision: decision.type,
    validatesLater: decision.type === 'reuse' && decision.validateLater !== undefined,
    because,
    detail,
    ...explanation,
    stored: own.map(stored => {
      if (answering.includes(stored)) return explainedResponse(stored, undefined, undefined, now);
      const reason =
        whyNotMatching(request, stored) ??
        whyNotHolding(request, stored, answer) ??
        (isPieceOf(stored, answer) ? whyNotFresh(request, answer.stored, now) : 'not-preferred');
      // Nothing is wrong with a response that the request goes around.
      return explainedResponse(stored, reason, reason ? notReusedReasons[reason] : explanation, now);
    }),
  };
}

const piecesOf = ({stored, pieces}: Pick<StoredAnswer, 'stored' | 'pieces'>): readonly StoredResponse[] =>
  pieces?.map(piece => piece.stored) ?? [stored];

const isPieceOf = (stored: StoredResponse, answer: StoredAnswer | Incomplete | undefined): answer is StoredAnswer =>
  answer?.type === 'answer' && piecesOf(answer).includes(stored);

/** Why the bytes of a stored response that matches are not those asked for. */
function whyNotHolding(
  request: CacheRequest,
  stored: StoredResponse,
  answer: StoredAnswer | Incomplete | undefined,
): NotReusedReason | undefined {
  if (isPieceOf(stored, answer)) return undefined;
  if (stored.facts.range !== undefined) return 'partial';
  return renderingOf(request, stored) === undefined ? 'encoded' : undefined;
}

function explainedResponse(
  stored: StoredResponse,
  because: NotReusedReason | undefined,
  reason: Explained | undefined,
  now: EpochMs,
): ExplainedResponse {
  return {
    ...storedView(stored, now),
    because,
    section: reason?.section,
    text: reason?.text ?? 'would answer the request',
    age: currentAge(stored, now),
    lifetime: stored.facts.lifetime,
  };
}

function explanationOf(decision: RequestDecision): Explained {
  switch (decision.type) {
    case 'reuse':
      return decision.stale
        ? {section: 'RFC 9111 §4.2.4', text: 'answered from the store, stale'}
        : {section: 'RFC 9111 §4', text: 'answered from the store'};
    case 'unsatisfiable':
      return forwardDetails['only-if-cached'];
    case 'complete':
      return {section: 'RFC 9111 §3.4', text: 'sent to the network for what the stored parts lack'};
    case 'validate':
    case 'forward': {
      const {type, because, detail} = decision;
      const {section, text} = detail === undefined ? forwardReasons[because] : forwardDetails[detail];
      return {section, text: `${type === 'validate' ? 'validated' : 'sent to the network'}: ${text}`};
    }
    default:
      return decision satisfies never;
  }
}
