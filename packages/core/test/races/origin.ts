// The origin: numbers every answer, changes on POST, answers 304 where it may, and fails as the plan says.

import {Fields} from '../../src/fields/fields.ts';
import type {RequestHead} from '../../src/model/messages.ts';
import type {Transport, TransportResponse} from '../../src/model/transport.ts';
import type {Asked, Generation, Ledger} from './ledger.ts';
import type {Fate} from './plan.ts';
import type {Resource} from './resources.ts';
import type {Moment, World} from './world.ts';

/** The only error the network makes. */
export class OriginError extends Error {
  readonly caller: number;
  readonly number: number | undefined;

  constructor(caller: number, number?: number) {
    super(number === undefined ? `no answer for caller ${caller}` : `#${number} was cut short`);
    this.caller = caller;
    this.number = number;
  }
}

type Received = {readonly asked: Asked; readonly request: RequestHead; readonly fate: Fate; readonly sentAt: Moment};

export class Origin {
  /** Bodies on their way: each ends, fails or is cancelled some day. */
  readonly open = new Set<Generation>();
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #fates: readonly Fate[];
  readonly #versions = new Map<Resource, number>();
  #received = 0;

  constructor(world: World, ledger: Ledger, fates: readonly Fate[]) {
    this.#world = world;
    this.#ledger = ledger;
    this.#fates = fates;
  }

  /** The resource has new content from now on. */
  change(resource: Resource): void {
    this.#versions.set(resource, this.#version(resource) + 1);
  }

  /** What this caller would be told the content is called. */
  etagFor({resource, user, variant, client}: Asked): string | undefined {
    if (!resource.validator) return undefined;
    const owner = resource.shared ? 'all' : user;
    const varying = {nothing: '', variant, client}[resource.varies];
    return `"${resource.name}-${owner}-${varying}-v${this.#version(resource)}"`;
  }

  /** The network, as this caller's adapter reaches it. */
  transport(asked: Asked): Transport {
    return async (request, _body, signal) => {
      const fate = this.#fates[this.#received++ % this.#fates.length] ?? {type: 'answer', pieces: 1, deaf: false};
      const sentAt = this.#world.moment(`origin: ${request.method} ${asked.resource.name} for caller ${asked.id}`);
      if (asked.method === 'POST' && fate.type !== 'unavailable') this.change(asked.resource);
      const answer = this.#answer({asked, request, fate, sentAt}, signal);
      await this.#travel(`head for caller ${asked.id}`, fate.deaf ? undefined : signal);
      if (fate.type === 'refuse') throw new OriginError(asked.id);
      return answer();
    };
  }

  #version(resource: Resource): number {
    return this.#versions.get(resource) ?? 0;
  }

  /** What the origin made of the request when it came; the head travels still. */
  #answer(received: Received, signal: AbortSignal | undefined): () => TransportResponse {
    const {asked, request, fate, sentAt} = received;
    const {resource} = asked;
    const etag = this.etagFor(asked);
    if (fate.type === 'refuse') return () => ({head: headOf(resource, 500, {}), body: null});
    const isSafe = request.method !== 'POST';
    const vouch = (): void => {
      const answeredAt = this.#world.moment(`origin vouches for ${etag}`);
      if (etag !== undefined) this.#ledger.validations.push({resource, etag, sentAt, answeredAt});
    };
    const isKnown = etag !== undefined && (request.fields.get('if-none-match') ?? '').includes(etag);
    if (isSafe && isKnown && fate.type !== 'unavailable') {
      return () => {
        vouch();
        return {head: headOf(resource, 304, fieldsOf(resource, etag)), body: null};
      };
    }
    const generation = this.#generate(received, etag);
    return () => {
      if (request.method === 'HEAD' && generation.status === 200) vouch();
      return this.#deliver(generation, fate, signal);
    };
  }

  #generate({asked, request, fate, sentAt}: Received, etag: string | undefined): Generation {
    const {resource, user, variant, client, id: caller} = asked;
    const number = this.#ledger.generations.length + 1;
    const about = JSON.stringify({number, user, url: resource.url, variant, client});
    const generation: Generation = {
      number,
      method: request.method,
      resource,
      user,
      variant,
      client,
      etag,
      sentAt,
      caller,
      status: fate.type === 'unavailable' ? 503 : 200,
      body: about.padEnd(resource.length, '.'),
      delivered: fate.type === 'cut' || fate.type === 'short' ? fate.type : 'whole',
      endedAt: undefined,
    };
    this.#ledger.generations.push(generation);
    return generation;
  }

  #deliver(generation: Generation, fate: Fate, signal: AbortSignal | undefined): TransportResponse {
    const {number, resource, status, method, etag, caller} = generation;
    this.#world.moment(`#${number} (${status}) arrives for caller ${caller}`);
    const fields = status === 200 ? fieldsOf(resource, etag) : {};
    const bytes = new TextEncoder().encode(generation.body);
    // An answer to HEAD is numbered apart: its fields may freshen a stored answer to GET, whose number stays.
    const numbered = {...fields, [method === 'HEAD' ? 'x-head-number' : 'x-number']: String(number)};
    const head = headOf(resource, status, {...numbered, 'content-length': String(bytes.length)});
    if (method === 'HEAD') return {head, body: null};
    if (fate.type === 'bytes') {
      generation.endedAt = this.#world.moment(`#${number} is there at once`);
      return {head, body: bytes};
    }
    return {head, body: this.#stream(generation, bytes, fate.pieces, signal)};
  }

  #stream(
    generation: Generation,
    bytes: Uint8Array,
    pieces: number,
    signal: AbortSignal | undefined,
  ): ReadableStream<Uint8Array> {
    const {number, delivered, caller} = generation;
    const size = Math.ceil(bytes.length / (pieces + 1));
    const end = delivered === 'whole' ? bytes.length : bytes.length - size;
    let offset = 0;
    let last: Uint8Array | undefined;
    let stop: () => void = () => undefined;
    const ended = (how: string): void => {
      signal?.removeEventListener('abort', stop);
      if (this.open.delete(generation)) generation.endedAt = this.#world.moment(`#${number} ${how}`);
    };
    this.open.add(generation);
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      await this.#world.turn(`piece of #${number}`);
      if (!this.open.has(generation)) return;
      // The memory of a piece is used again for the next: whoever wants to keep it takes a copy.
      last?.fill(88);
      if (offset < end) {
        last = bytes.slice(offset, Math.min(offset + size, end));
        offset += size;
        return controller.enqueue(last);
      }
      ended('ends');
      if (delivered === 'cut') controller.error(new OriginError(caller, number));
      else controller.close();
    };
    const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      stop = () => {
        if (this.open.has(generation)) controller.error(signal?.reason);
        ended('is aborted');
      };
      signal?.addEventListener('abort', stop);
      if (signal?.aborted) stop();
    };
    return new ReadableStream({start, pull, cancel: () => ended('is cancelled')}, {highWaterMark: 0});
  }

  /** Takes a turn, unless `signal` says that nobody waits any more. */
  #travel(label: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal?.reason as Error);
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
      this.#world.schedule(label, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
    });
  }
}

function headOf(
  resource: Resource,
  status: number,
  fields: Readonly<Record<string, string>>,
): TransportResponse['head'] {
  const {url} = resource;
  return {status, statusText: '', fields: Fields.from(fields), url, redirected: false, type: 'default'};
}

function fieldsOf({cacheControl, varies, tags}: Resource, etag: string | undefined): Readonly<Record<string, string>> {
  const vary = {nothing: undefined, variant: 'x-variant', client: 'accept-language'}[varies];
  return {
    'cache-control': cacheControl,
    'surrogate-key': tags.join(' '),
    ...(vary !== undefined && {vary}),
    ...(etag !== undefined && {etag}),
  };
}
