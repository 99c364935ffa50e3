// One caller: asks, reads the body as it likes, perhaps leaves, and judges whatever it is given.

import type {HandleOptions} from '../../src/engine/answer.ts';
import {LimpidError} from '../../src/errors.ts';
import {Fields} from '../../src/fields/fields.ts';
import type {HttpCache} from '../../src/index.ts';
import type {BodySource, RequestHead, ResponseHead} from '../../src/model/messages.ts';
import type {Transport} from '../../src/model/transport.ts';
import {objections} from './judge.ts';
import type {Asked, Generation, Ledger} from './ledger.ts';
import {OriginError} from './origin.ts';
import type {Ask} from './plan.ts';
import {maxBodyBytes} from './resources.ts';
import {credentialsOf} from './sweeping.ts';
import {described, type Moment, type World} from './world.ts';

/** How far a caller has come. `unread` is where one stays who ignores the body. */
export type Stage = 'waiting' | 'reading' | 'unread' | 'done';

export class Caller {
  readonly asked: Asked;
  stage: Stage = 'waiting';
  /** What it was served, when that has a number. */
  served: Generation | undefined;
  readonly #ask: Ask;
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #controller = new AbortController();
  #abortedIn: number | undefined;
  #permits = 0;
  #permitted: () => void = () => undefined;

  constructor(ask: Ask, asked: Asked, world: World, ledger: Ledger) {
    this.#ask = ask;
    this.asked = asked;
    this.#world = world;
    this.#ledger = ledger;
    if (ask.reading !== 'stepwise') this.#permits = Number.POSITIVE_INFINITY;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Asks, and reads to the end. The result is when, and of which status, it was answered; `undefined` when it was not. */
  async run(
    cache: HttpCache,
    transport: Transport,
    fields: Readonly<Record<string, string>>,
    options: HandleOptions,
  ): Promise<{readonly at: Moment; readonly status: number} | undefined> {
    try {
      const head = this.#head(fields);
      const answer = await cache.handle(head, transport, {...options, signal: this.signal});
      const at = this.#world.moment(`caller ${this.asked.id} is answered ${answer.head.status}`);
      this.#judgeHead(answer.head);
      void this.#read(answer.body, answer.head.status);
      return {at, status: answer.head.status};
    } catch (error) {
      this.#judgeFailure(error);
      return undefined;
    }
  }

  abort(): void {
    if (this.#abortedIn !== undefined) return;
    this.#world.moment(`caller ${this.asked.id} aborts`);
    this.#abortedIn = this.#world.rounds;
    this.#controller.abort(new Error(`caller ${this.asked.id} left`));
  }

  /** Lets a stepwise reader read so many pieces more. */
  permit(pieces: number): void {
    this.#permits += pieces;
    this.#permitted();
  }

  #head(fields: Readonly<Record<string, string>>): RequestHead {
    const {method, user, variant, client, mode, directive} = this.#ask;
    const own = {
      ...credentialsOf(user),
      'x-variant': variant,
      ...(directive !== undefined && {'cache-control': directive}),
    };
    const {url} = this.asked.resource;
    return {method, url, fields: Fields.from({...own, ...fields}), mode, redirect: 'follow', client, variant: ''};
  }

  #judgeHead({status, fields}: ResponseHead): void {
    this.stage = 'unread';
    const {asked} = this;
    const {rounds} = this.#world;
    if ((this.#abortedIn ?? rounds) < rounds) this.#object('promise 6: it is answered long after it left');
    const number = Number(fields.get('x-number') ?? fields.get('x-head-number'));
    if (Number.isNaN(number)) {
      const isOwnWish = (status === 304 && this.#ask.conditional) || (status === 504 && this.#isOnlyIfCached());
      if (!isOwnWish) this.#object(`promise 1: answered ${status} out of nowhere`);
      return;
    }
    this.served = this.#ledger.generations[number - 1];
    if (this.served === undefined) {
      this.#object(`promise 4: answered #${number}, which does not exist`);
      return;
    }
    const now = this.#world.moment(`caller ${asked.id} is served #${number}`);
    for (const objection of objections(this.#ledger, asked, this.served, now)) this.#object(objection);
  }

  #judgeFailure(error: unknown): void {
    this.stage = 'done';
    this.#world.moment(`caller ${this.asked.id} is told: ${described(error)}`);
    if (this.#isOwnAbort(error)) return;
    if (error instanceof OriginError && error.caller === this.asked.id && error.number === undefined) return;
    const isUnsatisfiable = error instanceof LimpidError && error.code === 'UNSATISFIABLE';
    if (isUnsatisfiable && this.#ask.mode === 'only-if-cached') return;
    this.#object(`promise 6: failed with ${described(error)}, which is not its own`);
  }

  async #read(body: BodySource, status: number): Promise<void> {
    const isEmpty = status === 304 || status === 504 || this.asked.method === 'HEAD';
    if (body === null || isEmpty) {
      if (body !== null || !isEmpty) this.#object(`promise 4: a body is ${body === null ? 'missing' : 'there'}`);
      this.stage = 'done';
      return;
    }
    // Bytes belong to whoever made them: an adapter copies before its caller may scribble.
    if (body instanceof Uint8Array) return this.#judgeBody(new TextDecoder().decode(body));
    if (this.#ask.reading === 'ignore') return;
    this.stage = 'reading';
    try {
      const text = await this.#text(body.getReader());
      if (text === undefined) this.stage = 'done';
      else this.#judgeBody(text);
    } catch (error) {
      this.#judgeBrokenBody(error);
    }
  }

  /** `undefined` when the reader left of its own will. */
  async #text(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | undefined> {
    let text = '';
    for (;;) {
      while (this.#permits === 0) await new Promise<void>(resolve => (this.#permitted = resolve));
      this.#permits -= 1;
      const {done, value} = await reader.read();
      if (done) return text;
      text += new TextDecoder().decode(value);
      // What a caller does with its own pieces is nobody else's business.
      value.fill(63);
      if (this.#ask.reading !== 'leave') continue;
      await reader.cancel(new Error(`caller ${this.asked.id} has read enough`));
      return undefined;
    }
  }

  #judgeBody(text: string): void {
    this.stage = 'done';
    const {served, asked} = this;
    this.#world.moment(`caller ${asked.id} has the whole body`);
    if (served === undefined || text === served.body) return;
    const wasInFlight = served.endedAt === undefined || asked.beganAt < served.endedAt;
    if (served.delivered === 'short' && wasInFlight && served.body.startsWith(text)) return;
    this.#object(
      `promise 4: the body of #${served.number} is ${text.length} bytes of something else: ${text.slice(0, 40)}`,
    );
  }

  #judgeBrokenBody(error: unknown): void {
    this.stage = 'done';
    this.#world.moment(`caller ${this.asked.id} reads: ${described(error)}`);
    if (this.#isOwnAbort(error)) return;
    const {served} = this;
    if (error instanceof OriginError && error.number === served?.number && served?.delivered === 'cut') return;
    const isTooLong = served !== undefined && served.body.length > maxBodyBytes;
    if (isTooLong && this.#ask.reading === 'stepwise' && (error as Error).name === 'TimeoutError') return;
    this.#object(`promise 6: its body failed with ${described(error)}, which is not its own`);
  }

  #isOwnAbort(error: unknown): boolean {
    return this.#abortedIn !== undefined && error === this.signal.reason;
  }

  #isOnlyIfCached(): boolean {
    return this.#ask.mode === 'only-if-cached' || this.#ask.directive === 'only-if-cached';
  }

  #object(what: string): void {
    this.#world.fault(`caller ${this.asked.id} (began ${this.asked.beganAt}): ${what}`);
  }
}
