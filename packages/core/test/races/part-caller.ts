// One caller who asks for bytes, and judges what it is given: one version, its own, the right slice, all of it.

import type {HttpCache} from '../../src/engine/http-cache.ts';
import {parseContentRange} from '../../src/fields/content-range.ts';
import {Fields} from '../../src/fields/fields.ts';
import type {BodySource, RequestHead, ResponseHead} from '../../src/model/messages.ts';
import type {Transport} from '../../src/model/transport.ts';
import {
  byteAt,
  isOfNetwork,
  lengthOfVersion,
  ownerOf,
  type PartOrigin,
  type PartResource,
  partUrl,
  tagOf,
} from './part-origin.ts';
import type {PartAsk} from './part-plan.ts';
import {described, type Moment, type World} from './world.ts';

/** What is around a caller. */
export type Surroundings = {
  readonly world: World;
  readonly origin: PartOrigin;
  readonly resource: PartResource;
  /** The oldest version that a request begun at this moment may see. */
  readonly oldest: (beganAt: Moment, user: PartAsk['user']) => number;
};

/** The bytes an answer says it has. */
type Said = {readonly version: number; readonly first: number; readonly length: number; readonly isExact: boolean};

export class PartCaller {
  stage: 'waiting' | 'reading' | 'unread' | 'done' = 'waiting';
  readonly #ask: PartAsk;
  readonly #id: number;
  readonly #around: Surroundings;
  readonly #controller = new AbortController();

  constructor(ask: PartAsk, id: number, around: Surroundings) {
    this.#ask = ask;
    this.#id = id;
    this.#around = around;
  }

  abort(): void {
    this.#around.world.moment(`caller ${this.#id} leaves`);
    this.#controller.abort(new Error(`caller ${this.#id} left`));
  }

  async run(cache: HttpCache, transport: Transport): Promise<void> {
    const {world, resource, origin} = this.#around;
    const {user, range, ifRange, directive} = this.#ask;
    const condition = ifRange === undefined ? undefined : tagOf(resource, origin.version - ifRange);
    const fields = Fields.from({
      authorization: user,
      ...(range !== undefined && {range}),
      ...(condition !== undefined && {'if-range': condition}),
      ...(directive !== undefined && {'cache-control': directive}),
    });
    const beganAt = world.moment(`caller ${this.#id}: ${range ?? 'all'} for ${user}, if ${condition}, ${directive}`);
    const constant = {method: 'GET', mode: 'default', redirect: 'follow', client: 'node', variant: ''} as const;
    const head: RequestHead = {...constant, url: partUrl, fields};
    try {
      const answer = await cache.handle(head, transport, {signal: this.#controller.signal});
      const told = ['content-range', 'cache-status'].map(name => answer.head.fields.get(name));
      world.moment(`caller ${this.#id} is answered ${answer.head.status}: ${told.join(', ')}`);
      await this.#read(answer.body, this.#said(answer.head, beganAt, condition));
    } catch (error) {
      if (!isOfNetwork(error) && !this.#controller.signal.aborted) this.#object(`failed with ${described(error)}`);
    }
    if (this.stage !== 'unread') this.stage = 'done';
  }

  /** Judges the head. */
  #said(head: ResponseHead, beganAt: Moment, condition: string | undefined): Said | undefined {
    const {status, fields} = head;
    if (status === 503) return undefined;
    const version = Number(fields.get('x-version'));
    const isExact = !this.#isOfBrokenAnswer(fields);
    if (status !== 416 && version < this.#around.oldest(beganAt, this.#ask.user))
      this.#object(`promise 2: version ${version} outlived a sweep`);
    if (status === 416) return this.#judgeNotSatisfiable(fields);
    if (status === 200)
      return this.#judgeLength({version, first: 0, length: lengthOfVersion(version), isExact}, fields);
    const range = parseContentRange(fields.get('content-range') ?? '');
    if (range === 'invalid' || this.#ask.range === undefined) {
      if (isExact) this.#object(`promise 4: answered ${status} with ${fields.get('content-range')}`);
      return undefined;
    }
    if (range.complete !== lengthOfVersion(version))
      this.#object(`promise 4: version ${version} is of ${range.complete}`);
    if (condition !== undefined && condition !== tagOf(this.#around.resource, version))
      this.#object(`promise 1: a part of version ${version} though If-Range names ${condition}`);
    return this.#judgeLength({version, first: range.first, length: range.last - range.first + 1, isExact}, fields);
  }

  #judgeNotSatisfiable(fields: Fields): undefined {
    const [, first = ''] = /^bytes=(\d+)/.exec(this.#ask.range ?? '') ?? [];
    const [, complete = ''] = /^bytes \*\/(\d+)$/.exec(fields.get('content-range') ?? '') ?? [];
    const isRight = this.#ask.range === 'bytes=-0' || (first !== '' && Number(first) >= Number(complete));
    if (!isRight) this.#object(`promise 1: ${this.#ask.range} of ${complete} is satisfiable`);
  }

  #judgeLength(said: Said, fields: Fields): Said {
    const announced = fields.get('content-length');
    if (announced !== undefined && announced !== String(said.length) && said.isExact)
      this.#object(`promise 1: ${said.length} bytes are announced as ${announced}`);
    return said;
  }

  /** It is what the network just gave, and its body is not what it says. Nothing of that is ever reused. */
  #isOfBrokenAnswer(fields: Fields): boolean {
    const isReused = /; hit|fwd-status=/.test(fields.get('cache-status') ?? '');
    return !isReused && this.#around.origin.broken.has(Number(fields.get('x-number')));
  }

  async #read(body: BodySource, said: Said | undefined): Promise<void> {
    if (said === undefined || body === null) {
      if (body instanceof ReadableStream) await body.cancel();
      return;
    }
    if (body instanceof Uint8Array) return this.#judgeBytes([...body], said, true);
    if (this.#ask.reading === 'nothing') {
      this.stage = 'unread';
      return;
    }
    this.stage = 'reading';
    const reader = body.getReader();
    const bytes: number[] = [];
    try {
      for (;;) {
        const {done, value} = await reader.read();
        if (done) return this.#judgeBytes(bytes, said, true);
        bytes.push(...value);
        // What a caller does with its own pieces is nobody else's business.
        value.fill(63);
        if (this.#ask.reading !== 'some') continue;
        await reader.cancel();
        return this.#judgeBytes(bytes, said, false);
      }
    } catch (error) {
      this.#judgeBytes(bytes, said, false);
      const mayFail = isOfNetwork(error) || this.#controller.signal.aborted || this.#lacksBytes(error);
      if (!mayFail) this.#object(`promise 6: its body failed with ${described(error)}`);
    }
  }

  /** A part that should have completed others ended early: an error is right. */
  #lacksBytes(error: unknown): boolean {
    return this.#around.origin.broken.size > 0 && described(error).includes('a body has');
  }

  #judgeBytes(bytes: readonly number[], {version, first, length, isExact}: Said, isAll: boolean): void {
    const owner = ownerOf(this.#around.resource, this.#ask.user);
    const wrong = isExact ? bytes.findIndex((byte, index) => byte !== byteAt(version, owner, first + index)) : -1;
    if (wrong >= 0) this.#object(`promise 4: byte ${first + wrong} is not of version ${version} for ${owner}`);
    if (isAll && isExact && bytes.length !== length) this.#object(`promise 4: ${bytes.length} bytes of ${length}`);
  }

  #object(what: string): void {
    this.#around.world.fault(`caller ${this.#id}: ${what}`);
  }
}
