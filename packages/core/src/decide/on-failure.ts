import type {EpochMs} from '../model/units.ts';
import {chooseMatching} from '../policy/choosing.ts';
import {answerFrom} from '../policy/combining.ts';
import {mayServeStale} from '../policy/staleness.ts';
import {type Reuse, reuseOf} from './decisions.ts';
import type {ExchangeFacts} from './exchange.ts';

/**
 * The stored response that may stand in for an origin that cannot be reached or answers with a server error.
 *
 * @see RFC 9111 §4.2.4
 * @see RFC 5861 §4
 */
export function decideOnFailure({request, candidates, decision}: ExchangeFacts, now: EpochMs): Reuse | undefined {
  if (decision.type === 'forward' && decision.store !== 'maybe') return undefined;
  const answer = answerFrom(request, chooseMatching(request, candidates, now).matching);
  if (answer?.type !== 'answer' || !mayServeStale(request, answer.stored, now, 'error')) return undefined;
  return reuseOf(answer, now);
}
