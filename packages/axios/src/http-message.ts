// Answers of the cache as Node's http module would bring them. axios's own http adapter takes them from there, so that
// forms of data, limits, timeouts, progress and errors are its own. No import of Node here: browsers bundle this too.

import {type AxiosRequestConfig, isAxiosError} from 'axios';
import type {Answer, Fields} from 'limpid/adapter';
import {thrownBy} from './transport.ts';

/** Asks the cache; the signal says that the caller has left. */
export type Ask = (signal: AbortSignal) => Promise<Answer>;

type Readable = InstanceType<typeof import('node:stream').Readable>;

/** What the http adapter takes as `transport`. */
type Transport = {request(options: unknown, respond: (message: Readable) => void): object};

/**
 * A transport that asks `ask` where others would ask the network. Stored bytes come in pieces to who streams them, so that
 * reading a long body takes little memory besides it, and at once to who has them put together.
 */
export const transportFrom = (ask: Ask, {responseType, maxRedirects}: AxiosRequestConfig): Transport => ({
  request(_options, respond) {
    const {EventEmitter} = process.getBuiltinModule('node:events');
    const caller = new AbortController();
    const size = responseType === 'stream' ? pieceSize : Number.POSITIVE_INFINITY;
    let timeout = 0;
    let stalled: (() => void) | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deliver = ({head: {status, statusText, fields, url, decoded}, body}: Answer): void => {
      const message = incomingMessage(body, {size, isPlain: !decoded, timeout, stalled});
      if (caller.signal.aborted) return void message.destroy();
      // The http adapter gives its request as `response.request`, from where others read the final URL.
      Object.assign(request, {responseURL: url, res: {responseUrl: url}});
      respond(Object.assign(message, {statusCode: status, statusMessage: statusText, headers: headersOf(fields)}));
    };
    // The inner adapter has wrapped what happened; the outer wraps it again, for this caller.
    const fail = (error: unknown): unknown => {
      const isWrapper = isAxiosError(error) && !thrownBy.has(error);
      return request.emit('error', (isWrapper && error.cause) || error);
    };
    const request = Object.assign(new EventEmitter(), {
      setTimeout(span: number, expire: () => void): void {
        timeout = span;
        // Node tells who asked it itself that nothing comes; what follows redirects breaks off.
        if (maxRedirects === 0) stalled = expire;
        if (span > 0) timer = setTimeout(expire, span);
      },
      end(): void {
        const settle = (): void => clearTimeout(timer);
        void ask(caller.signal).then(deliver).catch(fail).finally(settle);
      },
      destroy(): void {
        clearTimeout(timer);
        caller.abort();
      },
    });
    return request;
  },
});

/** Fields in the form of `message.headers`. */
export function headersOf(fields: Fields): Record<string, string | string[]> {
  const values = (name: string): string | string[] =>
    name === 'set-cookie' ? [...fields.lines(name)] : fields.lines(name).join(', ');
  return Object.fromEntries(Array.from(fields.names(), name => [name, values(name)]));
}

const pieceSize = 64 * 1024;

type Reading = {
  /** Bytes that come at a time. */
  readonly size: number;
  /** It comes as it was sent. */
  readonly isPlain: boolean;
  readonly timeout: number;
  /** What happens when it stands still for longer than `timeout`. Default: it breaks off. */
  readonly stalled: (() => void) | undefined;
};

/** The body as an IncomingMessage, or as what decodes one when it is not `isPlain`. It reads on demand. */
function incomingMessage(body: Answer['body'], {size, isPlain, timeout, stalled}: Reading): Readable {
  const {Readable} = process.getBuiltinModule('node:stream');
  const bytes = body instanceof Uint8Array ? body : nothing;
  const reader = body instanceof Uint8Array ? undefined : body?.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let position = 0;
  const message = new Readable({
    read(): void {
      if (reader === undefined) {
        const piece = bytes.subarray(position, position + size);
        position += piece.length;
        message.push(piece.length > 0 ? Buffer.from(piece) : null);
        return;
      }
      if (timeout > 0) timer = setTimeout(stalled ?? (() => breakOff(aborted())), timeout);
      void reader.read().then(push, breakOff);
    },
    destroy(error, done): void {
      clearTimeout(timer);
      reader?.cancel().catch(() => undefined);
      done(error);
    },
  });
  const push = ({value}: {readonly value?: Uint8Array | undefined}): boolean => {
    clearTimeout(timer);
    return message.push(value ?? null);
  };
  const breakOff = (failure: BodyError): void => {
    // Node wraps what content could not be decoded for, where a stream of its own becomes one of the web.
    const error = failure.message === '' && failure.cause instanceof Error ? (failure.cause as BodyError) : failure;
    // A connection that was cut off is something else than content that cannot be read. A decoder says only the latter.
    if (error.code === cutOff && isPlain) message.emit('aborted');
    message.destroy(error);
  };
  return message;
}

const nothing = new Uint8Array(0);

type BodyError = Error & {readonly code?: unknown};

const cutOff = 'ECONNRESET';

/** What Node makes of a connection cut off. */
const aborted = (): Error => Object.assign(new Error('aborted'), {code: cutOff});
