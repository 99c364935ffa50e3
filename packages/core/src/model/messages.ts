import type {Fields} from '../fields/fields.ts';

/** Fetch's cache modes. Clients without modes say `default`. */
export type CacheMode = 'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached';

/** What a client wants done with a 3xx answer, in Fetch's words. */
export type RedirectMode = 'follow' | 'error' | 'manual';

/** A request's head in no client's dialect. */
export type RequestHead = {
  /** As sent: methods are case-sensitive. */
  readonly method: string;
  /** Absolute, in WHATWG-normalised form, without fragment. */
  readonly url: string;
  /** Every visible field, as finally sent. */
  readonly fields: Fields;
  readonly mode: CacheMode;
  readonly redirect: RedirectMode;
  /**
   * Which kind of client sends it: clients of one kind add the same unseen fields (User-Agent, Accept-Language).
   * `browser` also means that cookies are invisible.
   */
  readonly client: string;
  /** Whatever else tells answers apart (Fetch `mode`, `credentials`, `integrity`; a Host override; undecoded bodies). Usually empty. */
  readonly variant: string;
};

/** A request's content: bytes can be keyed and sent again, `opaque` (a stream, FormData) can be sent once and never keyed. */
export type RequestBody = {readonly type: 'bytes'; readonly bytes: Uint8Array} | {readonly type: 'opaque'};

/** A response's head in no client's dialect. */
export type ResponseHead = {
  readonly status: number;
  readonly statusText: string;
  readonly fields: Fields;
  /** The URI the response belongs to: the target URI, or the final one when the client followed redirects unseen. */
  readonly url: string;
  /** The client followed redirects unseen. */
  readonly redirected: boolean;
  /** Fetch's response type; `default` where the client has none. */
  readonly type: string;
  /** The content is not what Content-Length and ranges count, though no Content-Encoding field says so. */
  readonly decoded?: boolean;
};

/** A response's content: bytes, a stream, or none at all. Bytes belong to whoever made them: copy before handing them to a caller. */
export type BodySource = Uint8Array | ReadableStream<Uint8Array> | null;

/** A body on its way to one reader, before it is known how that reads it. Nothing flows until it does; only one way may be used. */
export type ArrivingBody = {
  readonly stream: () => ReadableStream<Uint8Array>;
  /** All of it, in memory that belongs to the reader. Rejects as the stream would fail. */
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>;
};
