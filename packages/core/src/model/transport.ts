import type {BodySource, RequestBody, RequestHead, ResponseHead} from './messages.ts';

/** What came back from the network. */
export type TransportResponse = {
  readonly head: ResponseHead;
  readonly body: BodySource;
  /** For this caller alone, whatever it says of itself: it has content that bytes cannot stand for. */
  readonly isPersonal?: boolean | undefined;
  /** Held until somebody reads the body: Node ends that of a Response that is garbage. */
  readonly source?: object | undefined;
};

/**
 * Sends one request. The engine calls it, and nothing else reaches the network.
 *
 * `signal` is the flight's own: it aborts when everybody who waits has left. A rejection means that no answer came.
 */
export type Transport = (
  request: RequestHead,
  body: RequestBody | undefined,
  signal: AbortSignal | undefined,
) => Promise<TransportResponse>;

/** What a client gets: the head already explains itself, bytes are the store's own and must be copied. */
export type Answer = {readonly head: ResponseHead; readonly body: BodySource};

/** The client's own limits and errors for redirects. */
export type Redirects = {
  readonly max: number;
  /** The error for one redirect too many. */
  readonly tooMany: () => unknown;
  /** The error for a Location that cannot be followed. */
  readonly invalid: (location: string) => unknown;
  /** What the client itself would change in the request for the next hop. Default: nothing. */
  readonly next?: ((request: RequestHead) => RequestHead) | undefined;
};
