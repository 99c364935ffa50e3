// An origin that answers what it is told.

import {Fields, type FieldsSource} from '../../src/fields/fields.ts';
import type {BodySource, RequestBody, RequestHead, ResponseHead} from '../../src/model/messages.ts';
import type {Transport} from '../../src/model/transport.ts';
import {settled} from './clock.ts';

/** An answer of the origin, in short: a 200 with `max-age=60` and `hello` unless said otherwise. */
export type Reply = Partial<Pick<ResponseHead, 'status' | 'statusText' | 'redirected' | 'type' | 'url'>> & {
  readonly fields?: FieldsSource;
  /** Text, the chunks of a stream, or a stream of the test's own. */
  readonly body?: string | readonly string[] | ReadableStream<Uint8Array> | null;
  /** The body ends with this error after its last chunk. */
  readonly breaks?: Error;
  /** No answer comes, but this error. */
  readonly error?: Error;
};

/** Text to what it stands for at a place; only URLs may be paths. */
export type Locating = (given: string, isUrl?: boolean) => string;

/** Where `{a}` and `{b}` are. */
export function located(a: string, b: string): Locating {
  return (given, isUrl = true) =>
    (isUrl && given.startsWith('/') ? `${a}${given}` : given).replaceAll('{a}', a).replaceAll('{b}', b);
}

type Answering = (
  request: RequestHead,
  signal: AbortSignal | undefined,
  body: RequestBody | undefined,
) => Reply | Promise<Reply>;

const scriptedHosts = {a: 'https://a.example', b: 'https://b.example'} as const;

/** A path of `{a}` when it is a whole URL, and placeholders, to what they stand for where transports are scripted. */
export const scriptedUrl = (given: string, isUrl = true): string =>
  located(scriptedHosts.a, scriptedHosts.b)(given, isUrl);

/** An origin that answers as it is told, and remembers what it saw. */
export class ScriptedOrigin {
  readonly seen: RequestHead[] = [];
  readonly bodies: 'bytes' | 'streams';
  /** Answers a request. */
  answering: Answering = ({method, url}) => {
    throw new Error(`unexpected request: ${method} ${url}`);
  };

  constructor(bodies: 'bytes' | 'streams' = 'bytes') {
    this.bodies = bodies;
  }

  /** Answers with these, in order; one more request is an error. */
  script(replies: readonly Reply[]): void {
    const waiting = [...replies];
    this.answering = ({method, url}) => {
      const reply = waiting.shift();
      if (reply === undefined) throw new Error(`unexpected request: ${method} ${url}`);
      return reply;
    };
  }

  /** Answers every request only when told to: the result gives answers, in the order of the requests. */
  hold(): {answer(reply: Reply): Promise<void>; readonly waiting: number} {
    const waiting: ((reply: Reply) => void)[] = [];
    this.answering = (_, signal) =>
      new Promise<Reply>((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason), {once: true});
      });
    return {
      answer: async reply => {
        waiting.shift()?.(reply);
        await settled();
      },
      get waiting() {
        return waiting.length;
      },
    };
  }

  readonly transport: Transport = async (request, body, signal) => {
    this.seen.push(request);
    const reply = await this.answering(request, signal, body);
    if (reply.error !== undefined) throw reply.error;
    const {status = 200, statusText = '', fields = {'cache-control': 'max-age=60'}} = reply;
    const {url = request.url, redirected = false, type = 'default'} = reply;
    const head = {status, statusText, fields: Fields.from(placed(fields)), url, redirected, type};
    return {head, body: this.#bodyOf(reply, request)};
  };

  #bodyOf({status, body = 'hello', breaks}: Reply, {method}: RequestHead): BodySource {
    if (body === null || method === 'HEAD' || status === 204 || status === 304) return null;
    if (body instanceof ReadableStream) return body;
    if (typeof body === 'string' && breaks === undefined && this.bodies === 'bytes') return Buffer.from(body);
    return streamOf([body].flat(), breaks);
  }
}

const placed = (fields: FieldsSource): [string, string][] =>
  [...Fields.from(fields)].map(([name, value]) => [name, scriptedUrl(value, false)]);

/** A stream of these texts, one chunk each; it may break at its end. */
export function streamOf(texts: readonly string[], breaks?: Error): ReadableStream<Uint8Array> {
  const waiting = [...texts];
  return new ReadableStream<Uint8Array>(
    {
      pull: controller => {
        const next = waiting.shift();
        if (next !== undefined) return controller.enqueue(new TextEncoder().encode(next));
        if (breaks === undefined) controller.close();
        else controller.error(breaks);
      },
    },
    {highWaterMark: 0},
  );
}

/** A body as text. */
export async function text(body: BodySource): Promise<string> {
  if (body === null) return '';
  return new Response(body as ConstructorParameters<typeof Response>[0]).text();
}
