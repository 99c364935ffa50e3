// Sending a request: alone, or as the flight that equal requests join.

import type {Reuse} from '../decide/decisions.ts';
import {decideOnFailure} from '../decide/on-failure.ts';
import type {RequestBody} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {Answer, Transport, TransportResponse} from '../model/transport.ts';
import type {HandleOptions} from './answer.ts';
import type {Beginning} from './beginning.ts';
import type {Exchange} from './exchange.ts';
import {answerOf, type Finished, finishedWith} from './finished.ts';
import type {Finishing} from './finishing.ts';
import {Flight, type Flights} from './flights.ts';
import type {Leasing} from './leasing.ts';
import {gatewayTimeout} from './local.ts';
import type {Parts} from './parts.ts';
import {reusedAnswer} from './reusing.ts';
import {unlessAborted} from './streams.ts';
import {type Wait, wait} from './waiting.ts';

/** What is sent: the exchange, by which transport, with which content. */
type Sending = {readonly exchange: Exchange; readonly transport: Transport; readonly body: RequestBody | undefined};

/** The end of `networkTimeout`, with what may answer then. */
type Late = Wait<Reuse | undefined>;

export class Leading {
  readonly #parts: Parts;
  readonly #beginning: Beginning;
  readonly #finishing: Finishing;
  readonly #leasing: Leasing;
  readonly #flights: Flights;

  constructor(parts: Parts, beginning: Beginning, finishing: Finishing, leasing: Leasing, flights: Flights) {
    this.#parts = parts;
    this.#beginning = beginning;
    this.#finishing = finishing;
    this.#leasing = leasing;
    this.#flights = flights;
  }

  /** Sends a request whose answer is for its caller only. */
  async alone(exchange: Exchange, transport: Transport, {body, signal}: HandleOptions): Promise<Answer> {
    return answerOf(await this.#send({exchange, transport, body}, signal));
  }

  /** Sends a request as a flight, which others may join under `key`. It goes on without its leader if they did. */
  async lead(
    exchange: Exchange,
    transport: Transport,
    options: HandleOptions,
    key: string | undefined,
  ): Promise<Answer> {
    const {signal, body} = options;
    const late = this.waitFor(exchange);
    const mayBeLeft = signal !== undefined || late !== undefined;
    const controller = mayBeLeft ? new AbortController() : undefined;
    const flight = new Flight({began: exchange.began, storeIf: exchange.resolved.storeIf}, controller);
    const leave = flight.join();
    // Of its own, because it may come to be answered while it still goes on.
    const sent = late === undefined ? exchange : {...exchange};
    const flown = this.#fly(flight, {exchange: sent, transport, body}, key);
    flown.catch(() => undefined);
    try {
      const first = await unlessAborted(late === undefined ? flown : this.#unlessLate(flown, late), signal);
      if (first.type === 'answer') return answerOf(first, signal);
      const stale = await this.late(exchange, first);
      if (stale === undefined) {
        const finished = await unlessAborted(flown, signal);
        // Others may have read on meanwhile, past what is held.
        if (finished.kept?.admits() === false) return this.alone(exchange, transport, options);
        return answerOf(finished, signal);
      }
      sent.background = true;
      this.#finishInBackground(flight, flown, exchange, first);
      return stale;
    } finally {
      leave();
    }
  }

  /** Validates behind a stale answer, once for each stored response at a time. RFC 5861 §3 */
  validateLater(exchange: Exchange, transport: Transport, body: RequestBody | undefined): void {
    const {background, counters, settings, off} = this.#parts;
    if (off() !== undefined) return;
    const [validated] = exchange.decision.type === 'validate' ? exchange.decision.candidates : [];
    const name = nameOf(validated);
    const validate = async (signal: AbortSignal): Promise<void> => {
      const end = this.#leasing.isUsed ? await this.#leasing.atOnce(name) : () => undefined;
      // Somebody else validates it, for everybody.
      if (end === undefined) return;
      try {
        counters.validations += 1;
        const sent = this.#send({exchange: {...exchange, requestTime: settings.now()}, transport, body}, signal);
        await finishUnread(await unlessAborted(sent, signal), signal);
      } finally {
        end();
      }
    };
    background.once(name, validate, exchange.resolved.waitUntil);
  }

  async #fly(flight: Flight, sending: Sending, key: string | undefined): Promise<Finished> {
    const opened = key === undefined ? undefined : this.#flights.open(key, flight);
    let end: (() => void) | undefined;
    const ended = (): void => {
      opened?.ended();
      end?.();
    };
    try {
      const turn =
        key !== undefined && this.#leasing.isUsed ? await this.#leasing.turn(sending.exchange, key) : undefined;
      if (turn?.type === 'go') end = turn.end;
      const finished = turn?.type === 'answer' ? turn : await this.#send(sending, flight.controller?.signal);
      if (key !== undefined && finished.outcome.type === 'private') this.#flights.keepApart(key);
      if (finished.kept === undefined) ended();
      else void finished.kept.settled.then(ended);
      flight.settle(finished.outcome, finished.body.discard);
      return finished;
    } catch (error) {
      flight.settle({type: 'failed'}, () => undefined);
      ended();
      throw error;
    }
  }

  async #send({exchange, transport, body}: Sending, signal: AbortSignal | undefined): Promise<Finished> {
    let response: TransportResponse;
    try {
      response = await transport(exchange.decision.request, body, signal);
    } catch (error) {
      return this.#withoutAnswer(exchange, error, signal);
    }
    const finished = await this.#finishing.finish(exchange, response);
    if (finished.type === 'answer') return finished;
    // What was cleared meanwhile, or gave way, is not fetched anew behind an answer. Who has joined asks on their own.
    if (exchange.background && finished.because === 'body-gone')
      return finishedWith(gatewayTimeout(exchange.request.head.url), {type: 'failed'});
    // Asked again with nothing stored in mind, so it is answered this time.
    return this.#send({exchange: this.#beginning.again(exchange, finished), transport, body}, signal);
  }

  async #withoutAnswer(exchange: Exchange, error: unknown, signal: AbortSignal | undefined): Promise<Finished> {
    if (signal?.aborted) throw error;
    const instead = await this.#finishing.fail(exchange);
    if (instead !== undefined) return instead;
    if (this.#parts.settings.unreachable === 'reject') throw error;
    this.#parts.report(error, 'unreachable');
    return finishedWith(gatewayTimeout(exchange.request.head.url), {type: 'failed'});
  }

  /** The flight's end, or the permitted stale response when the network takes longer than `networkTimeout`. */
  async #unlessLate(flown: Promise<Finished>, late: Late): Promise<Finished | Reuse> {
    try {
      return (await Promise.race([flown, late.over])) ?? (await flown);
    } finally {
      late.stop();
    }
  }

  /** The end of `networkTimeout`, with what may answer then; `undefined` when nothing may. */
  waitFor(exchange: Exchange): Late | undefined {
    const {networkTimeout, timers, now} = this.#parts.settings;
    if (networkTimeout === undefined || decideOnFailure(exchange, now()) === undefined) return undefined;
    return wait(timers, networkTimeout * 1000, () => decideOnFailure(exchange, now()));
  }

  /** The answer from a stored response when the network takes too long; `undefined` when its body is gone. */
  async late({request, decision}: Exchange, reuse: Reuse): Promise<Answer | undefined> {
    return reusedAnswer(this.#parts, request, reuse, {fwd: decision.because}, 'timeout');
  }

  /** What came late is for the store, once for each stored response at a time; else the flight is left to its joiners. */
  #finishInBackground(flight: Flight, flown: Promise<Finished>, {resolved}: Exchange, {stored}: Reuse): void {
    const finish = async (signal: AbortSignal): Promise<void> => {
      const leave = flight.join();
      try {
        await finishUnread(await unlessAborted(flown, signal), signal);
      } finally {
        leave();
      }
    };
    this.#parts.background.once(nameOf(stored), finish, resolved.waitUntil);
  }
}

/** What goes on for a stored response behind its readers' backs goes on once at a time. */
const nameOf = (stored: StoredResponse | undefined): string => `${stored?.resource} ${stored?.key}`;

/** Reads the body to its end for the store's sake, when it is for the store. */
async function finishUnread({kept, body}: Finished, signal: AbortSignal): Promise<void> {
  if (kept === undefined) return body.discard();
  await kept.drain(signal);
  await kept.settled;
}
