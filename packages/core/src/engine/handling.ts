// One request from beginning to end: from the store, from another's flight, or from the network.

import type {Reuse} from '../decide/decisions.ts';
import {decideOnFailure} from '../decide/on-failure.ts';
import {decideOnRequest} from '../decide/on-request.ts';
import {platform} from '../fetch-api/platform.ts';
import {onceForEach} from '../fields/remembered.ts';
import {after} from '../model/maybe.ts';
import type {RequestHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {Answer, Transport} from '../model/transport.ts';
import type {MaybePromise} from '../model/units.ts';
import {isConditional} from '../policy/preconditions.ts';
import type {HandleOptions} from './answer.ts';
import type {Beginning} from './beginning.ts';
import type {Exchange} from './exchange.ts';
import {answerOf} from './finished.ts';
import type {Finishing} from './finishing.ts';
import {type Flight, type FlightOutcome, Flights} from './flights.ts';
import type {Invalidating} from './invalidating.ts';
import {Leading} from './leading.ts';
import {Leasing} from './leasing.ts';
import type {Parts} from './parts.ts';
import {isBodiless, reusedAnswer, toldReuse} from './reusing.ts';
import {unlessAborted} from './streams.ts';
import {wait} from './waiting.ts';

/** How long a request waits for the head of another's answer before it goes alone, in milliseconds. */
const patience = 10_000;

/** Equal policies have equal names, whichever client's defaults they come from. Policies live long: each is named once. */
const nameOf = onceForEach((policy: Policy) => JSON.stringify(policy));

export class Handling {
  readonly #parts: Parts;
  readonly #beginning: Beginning;
  readonly #leading: Leading;
  readonly #invalidating: Invalidating;
  readonly #flights: Flights;

  constructor(parts: Parts, beginning: Beginning, finishing: Finishing, invalidating: Invalidating) {
    this.#parts = parts;
    this.#invalidating = invalidating;
    this.#beginning = beginning;
    this.#flights = new Flights(parts.settings.now);
    this.#leading = new Leading(parts, beginning, finishing, new Leasing(parts, invalidating), this.#flights);
  }

  /** Answers one request, redirects aside. A hit over a synchronous store is answered at once. */
  handle(head: RequestHead, transport: Transport, options: HandleOptions): MaybePromise<Answer> {
    return after(this.#beginning.begin(head, options), begun => {
      if (begun.type === 'forward') return this.#forward(begun.exchange, transport, options);
      if (begun.validateLater !== undefined) this.#leading.validateLater(begun.validateLater, transport, options.body);
      return begun.answer;
    });
  }

  #forward(exchange: Exchange, transport: Transport, options: HandleOptions): Promise<Answer> {
    // The store may have taken its time, and the caller left meanwhile.
    options.signal?.throwIfAborted();
    const {decision} = exchange;
    if (decision.type === 'forward' && decision.store !== 'maybe')
      return this.#leading.alone(exchange, transport, options);
    const key = this.#sharedKey(exchange, options);
    const flight =
      key === undefined
        ? undefined
        : this.#flights.find(key, {began: exchange.began, storeIf: exchange.resolved.storeIf});
    if (key === undefined || flight === undefined) return this.#leading.lead(exchange, transport, options, key);
    return this.#join(flight, key, exchange, transport, options);
  }

  /** What makes requests equal; `undefined` for one that neither leads nor joins. */
  #sharedKey({request, decision, resolved}: Exchange, {body}: HandleOptions): string | undefined {
    const {settings} = this.#parts;
    const {head, directives, resource, partition, content} = request;
    const asksForPart = decision.type === 'complete' || head.fields.has('range');
    const asksForItself =
      resolved.clears !== undefined || directives.noCache || directives.maxAge !== undefined || isConditional(head);
    const {coalesce = !platform.isWorkerd} = settings;
    if (!coalesce || head.mode !== 'default' || request.through || asksForItself || asksForPart) return undefined;
    if (decision.because === 'request' || (body !== undefined && content === undefined)) return undefined;
    // Names of policies are long, and JSON already.
    const key =
      JSON.stringify([resource, head.method, partition, head.variant, content ?? null]) + nameOf(resolved.policy);
    return this.#flights.goesApart(key) ? undefined : key;
  }

  async #join(
    flight: Flight,
    key: string,
    exchange: Exchange,
    transport: Transport,
    options: HandleOptions,
  ): Promise<Answer> {
    const leave = flight.join();
    try {
      const outcome = await unlessAborted(this.#soon(flight.outcome, exchange), options.signal);
      const answer = outcome && (await this.#fromFlight(outcome, exchange, options));
      if (answer !== undefined) return answer;
      if (outcome?.type !== 'failed') this.#flights.keepApart(key);
    } finally {
      leave();
    }
    const now = this.#parts.settings.now();
    const decision = {...exchange.decision, detail: 'flight-not-reusable'} as const;
    return this.#leading.lead({...exchange, decision, requestTime: now}, transport, options, undefined);
  }

  /** The flight's outcome; what may answer when `networkTimeout` is over; or nothing when it takes too long. */
  async #soon(outcome: Promise<FlightOutcome>, exchange: Exchange): Promise<FlightOutcome | Reuse | undefined> {
    const late = this.#leading.waitFor(exchange);
    const tooLate = wait(this.#parts.settings.timers, patience, () => undefined);
    try {
      const inTime: Promise<FlightOutcome | Reuse | undefined>[] = [outcome, tooLate.over];
      if (late !== undefined) inTime.push(late.over.then<FlightOutcome | Reuse>(reuse => reuse ?? outcome));
      return await Promise.race(inTime);
    } finally {
      tooLate.stop();
      late?.stop();
    }
  }

  /** The answer this flight holds for a request that joined it, if it may have it: the same rules as for what is stored. */
  async #fromFlight(
    outcome: FlightOutcome | Reuse,
    exchange: Exchange,
    options: HandleOptions,
  ): Promise<Answer | undefined> {
    const {settings, store} = this.#parts;
    const {request, policy} = exchange;
    if (outcome.type === 'reuse') return this.#leading.late(exchange, outcome);
    if (outcome.type === 'private') return undefined;
    if (outcome.type === 'failed') return this.#inFailure(exchange);
    const {stored, kept} = outcome;
    const counts = await store.attempt('counts', false, from => from.counts(stored));
    if (!counts || this.#invalidating.hides(stored)) return undefined;
    const decision = decideOnRequest(request, [stored], policy, settings.now());
    if (decision.type !== 'reuse' || decision.stale || decision.pieces !== undefined) return undefined;
    const member = {fwd: exchange.decision.because, collapsed: true};
    if (kept === undefined || isBodiless(request, decision))
      return reusedAnswer(this.#parts, request, decision, member);
    if (!kept.admits()) return undefined;
    return answerOf({head: toldReuse(this.#parts, request, decision, member), body: kept}, options.signal);
  }

  async #inFailure(exchange: Exchange): Promise<Answer | undefined> {
    const {request, decision} = exchange;
    const reuse = decideOnFailure(exchange, this.#parts.settings.now());
    const member = {fwd: decision.because, collapsed: true};
    return reuse && reusedAnswer(this.#parts, request, reuse, member, 'error');
  }
}
