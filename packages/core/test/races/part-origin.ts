// An origin whose content has versions: each byte tells its version, its user and its place; each version its length.

import {Fields} from '../../src/fields/fields.ts';
import type {RequestHead} from '../../src/model/messages.ts';
import type {Transport, TransportResponse} from '../../src/model/transport.ts';
import type {PartUser} from './part-plan.ts';
import type {World} from './world.ts';

/**
 * `whole`: ranges are ignored. `more`: more than was asked for. `unnumbered`: without Content-Length. `several`: a
 * multipart. `short`: the body ends early though its head says more. `cut`: it fails on the way.
 */
export type PartFate =
  | 'answer'
  | 'whole'
  | 'more'
  | 'unnumbered'
  | 'several'
  | 'short'
  | 'cut'
  | 'unavailable'
  | 'refuse';

export type PartResource = {
  readonly name: string;
  readonly cacheControl: string;
  readonly shared: boolean;
  readonly weak: boolean;
};

const made = (name: string, cacheControl: string, more: Partial<PartResource> = {}): PartResource => ({
  name,
  cacheControl,
  shared: false,
  weak: false,
  ...more,
});

export const partResources: readonly PartResource[] = [
  made('fresh', 'max-age=60'),
  made('shared', 'public, max-age=60', {shared: true}),
  made('checked', 'no-cache'),
  made('brief', 'max-age=1, stale-while-revalidate=600'),
  made('fallback', 'max-age=1, stale-if-error=600'),
  made('weak', 'max-age=60', {weak: true}),
];

export const partUrl = 'https://a.example/parts';

export const lengthOfVersion = (version: number): number => 20 + (version % 2) * 4;

/** Users have other bytes under the same entity tags: nothing but partitions keeps them apart. */
export const byteAt = (version: number, owner: PartUser, position: number): number =>
  (version * 37 + (owner === 'bob' ? 101 : 0) + position * 3) % 256;

/** Whose bytes a user gets. */
export const ownerOf = ({shared}: PartResource, user: PartUser): PartUser => (shared ? 'alice' : user);

export const tagOf = ({weak}: PartResource, version: number): string => `${weak ? 'W/' : ''}"v${version}"`;

const refusal = 'no answer came';
const cutOff = 'the body was cut off';

/** The errors that the network makes. */
export const isOfNetwork = (error: unknown): boolean =>
  error instanceof Error && [refusal, cutOff].includes(error.message);

type Slice = {readonly first: number; readonly last: number};

type Received = {readonly request: RequestHead; readonly user: PartUser; readonly fate: PartFate};

export class PartOrigin {
  version = 1;
  /** Bodies on their way: each ends, fails or is cancelled some day. */
  readonly open = new Set<number>();
  /** The numbers of answers whose bodies are not what their heads say. */
  readonly broken = new Set<number>();
  readonly #world: World;
  readonly #resource: PartResource;
  readonly #fates: readonly PartFate[];
  #received = 0;

  constructor(world: World, resource: PartResource, fates: readonly PartFate[]) {
    this.#world = world;
    this.#resource = resource;
    this.#fates = fates;
  }

  transport(user: PartUser): Transport {
    return async (request, _body, signal) => {
      const number = ++this.#received;
      const fate = this.#fates[number % this.#fates.length] ?? 'answer';
      const fields = ['range', 'if-range', 'if-none-match'].map(name => request.fields.get(name) ?? '-').join(' ');
      this.#world.moment(`origin: #${number} of version ${this.version} for ${user}, ${fate}: ${fields}`);
      const answer = this.#answer({request, user, fate}, number, signal);
      await this.#world.turn(`head of #${number}`);
      signal?.throwIfAborted();
      if (fate === 'refuse') throw new Error(refusal);
      return answer();
    };
  }

  /** What the origin made of the request when it came; the head travels still. */
  #answer({request, user, fate}: Received, number: number, signal: AbortSignal | undefined): () => TransportResponse {
    const {version} = this;
    const tag = tagOf(this.#resource, version);
    const always = {etag: tag, 'cache-control': this.#resource.cacheControl, 'surrogate-key': 'parts'};
    const fields = {...always, 'x-version': String(version), 'x-number': String(number)};
    if (fate === 'unavailable') return () => answerOf(503, {'x-number': String(number)}, null);
    if (request.fields.get('if-none-match')?.includes(tag)) return () => answerOf(304, always, null);
    const length = lengthOfVersion(version);
    const asked = this.#asked(request, fate, length);
    if (asked === 'none') return () => answerOf(416, {...fields, 'content-range': `bytes */${length}`}, null);
    const {first, last} = asked ?? {first: 0, last: length - 1};
    const owner = ownerOf(this.#resource, user);
    const bytes = Uint8Array.from({length: last - first + 1}, (_, index) => byteAt(version, owner, first + index));
    const isSeveral = fate === 'several' && asked !== undefined;
    if (isSeveral || fate === 'short' || fate === 'cut') this.broken.add(number);
    const range = asked && !isSeveral ? {'content-range': `bytes ${first}-${last}/${length}`} : {};
    const counted = fate === 'unnumbered' ? {} : {'content-length': String(bytes.length)};
    const body = (): ReadableStream<Uint8Array> => this.#stream(bytes, fate, number, signal);
    return () => answerOf(asked ? 206 : 200, {...fields, ...range, ...counted}, body());
  }

  /** RFC 9110 §14.2: a range counts where If-Range holds. */
  #asked({fields}: RequestHead, fate: PartFate, length: number): Slice | 'none' | undefined {
    const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(fields.get('range') ?? '') ?? [];
    const condition = fields.get('if-range');
    const isOff = condition !== undefined && (this.#resource.weak || condition !== tagOf(this.#resource, this.version));
    if (isOff || fate === 'whole' || (from === '' && to === '')) return undefined;
    const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
    const last = from === '' || to === '' ? length - 1 : Math.min(length - 1, Number(to));
    if (first > last) return 'none';
    return fate === 'more' ? {first: Math.max(0, first - 2), last: Math.min(length - 1, last + 2)} : {first, last};
  }

  #stream(
    bytes: Uint8Array,
    fate: PartFate,
    number: number,
    signal: AbortSignal | undefined,
  ): ReadableStream<Uint8Array> {
    const {open} = this;
    const end = fate === 'short' || fate === 'cut' ? Math.floor(bytes.length / 2) : bytes.length;
    let offset = 0;
    open.add(number);
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      await this.#world.turn(`piece of #${number}`);
      if (!open.has(number)) return;
      if (offset < end) {
        controller.enqueue(bytes.slice(offset, Math.min(end, offset + 7)));
        offset += 7;
        return;
      }
      open.delete(number);
      if (fate === 'cut') controller.error(new Error(cutOff));
      else controller.close();
    };
    const start = (controller: ReadableStreamDefaultController<Uint8Array>): void =>
      signal?.addEventListener('abort', () => open.delete(number) && controller.error(signal.reason));
    return new ReadableStream({start, pull, cancel: () => void open.delete(number)}, {highWaterMark: 0});
  }
}

function answerOf(
  status: number,
  fields: Readonly<Record<string, string>>,
  body: TransportResponse['body'],
): TransportResponse {
  const head = {status, statusText: '', fields: Fields.from(fields), url: partUrl, redirected: false, type: 'default'};
  return {head, body};
}
