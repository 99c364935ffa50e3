// Answers of the cache as Node's http module would bring them. axios's own http adapter takes them from there, so that
// forms of data, limits, timeouts, progress and errors are its own. No import of Node here: browsers bundle this too.

import type {Answer, Fields} from 'limpid/adapter';

/** Asks the cache; the signal says that the caller has left. */
export type Ask = (signal: AbortSignal) => Promise<Answer>;

type Readable = InstanceType<typeof import('node:stream').Readable>;
type Respond = (message: Readable) => void;

type Transport = {request(options: unknown, respond: Respond): object};

/** What the http adapter takes as `transport`: it asks `ask` where others would ask the network. */
export const transportFrom = (ask: Ask): Transport => ({
  request: (_options, respond) => clientRequest(ask, respond),
});

/** As much of a ClientRequest as the http adapter uses, and code that reads `response.request` for the final URL. */
function clientRequest(ask: Ask, respond: Respond): object {
  const {EventEmitter} = process.getBuiltinModule('node:events');
  const caller = new AbortController();
  let timeout = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const request = Object.assign(new EventEmitter(), {
    destroyed: false,
    setTimeout(span: number, expire: () => void): void {
      timeout = span;
      if (span > 0) timer = setTimeout(expire, span);
    },
    end(): void {
      ask(caller.signal)
        .then(deliver)
        .catch(fail)
        .finally(() => clearTimeout(timer));
    },
    destroy(): void {
      request.destroyed = true;
      clearTimeout(timer);
      caller.abort();
    },
  });
  const deliver = ({head, body}: Answer): void => {
    Object.assign(request, {responseURL: head.url, res: {responseUrl: head.url}});
    const message = incomingMessage(body, timeout);
    if (request.destroyed) message.destroy();
    else
      respond(
        Object.assign(message, {
          statusCode: head.status,
          statusMessage: head.statusText,
          headers: headersOf(head.fields),
        }),
      );
  };
  // The inner adapter has wrapped what happened; the outer wraps it again, for this caller.
  const fail = (error: {cause?: unknown}): unknown => request.destroyed || request.emit('error', error.cause ?? error);
  return request;
}

/** Fields in the form of `message.headers`. */
function headersOf(fields: Fields): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const name of fields.names()) {
    headers[name] = name === 'set-cookie' ? [...fields.lines(name)] : fields.lines(name).join(', ');
  }
  return headers;
}

/** The body as an IncomingMessage. It reads on demand, and breaks off when it stands still for longer than `timeout`. */
function incomingMessage(body: Answer['body'], timeout: number): Readable {
  const {Readable} = process.getBuiltinModule('node:stream');
  const reader = body instanceof Uint8Array ? undefined : body?.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const message = new Readable({
    read(): void {
      if (reader === undefined) {
        if (body instanceof Uint8Array) message.push(Buffer.from(body));
        message.push(null);
        return;
      }
      if (timeout > 0)
        timer = setTimeout(() => breakOff(Object.assign(new Error('aborted'), {code: 'ECONNRESET'})), timeout);
      reader.read().then(({value}) => {
        clearTimeout(timer);
        message.push(value ?? null);
      }, breakOff);
    },
    destroy(error, done): void {
      clearTimeout(timer);
      reader?.cancel().catch(() => undefined);
      done(error);
    },
  });
  const breakOff = (error: Error): void => {
    message.emit('aborted');
    message.destroy(error);
  };
  return message;
}
