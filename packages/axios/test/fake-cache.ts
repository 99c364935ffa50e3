import type {Answer, BodySource, HandleOptions, Handler, RequestHead, Transport} from 'limpid/adapter';

/** Keeps every 200 and 404 to a GET, knows no rules, and remembers what it was asked. */
export type FakeCache = Handler & {
  readonly asked: {head: RequestHead; options: HandleOptions}[];
};

export function fakeCache(): FakeCache {
  const stored = new Map<string, Answer>();
  const asked: {head: RequestHead; options: HandleOptions}[] = [];
  const handle = async (head: RequestHead, transport: Transport, options: HandleOptions = {}): Promise<Answer> => {
    asked.push({head, options});
    const key = JSON.stringify([head.method, head.url, head.variant, head.fields.get('authorization')]);
    const hit = stored.get(key);
    if (hit && options.options !== false) return hit;
    const answer = await followed(head, transport, options);
    if (head.method !== 'GET' || (answer.head.status !== 200 && answer.head.status !== 404)) return answer;
    if (answer.body instanceof ReadableStream) {
      const [mine, theirs] = answer.body.tee();
      void kept(mine).then(
        bytes => stored.set(key, {head: answer.head, body: bytes}),
        () => undefined,
      );
      return {head: answer.head, body: theirs};
    }
    stored.set(key, answer);
    return answer;
  };
  return {handle, keysContent: () => false, prepare: () => undefined, reuse: () => undefined, asked};
}

async function followed(
  head: RequestHead,
  transport: Transport,
  {body, redirects, signal}: HandleOptions,
): Promise<Answer> {
  let hop = head;
  for (let count = 0; ; ) {
    const answer = await transport(hop, body, signal);
    const location = answer.head.fields.get('location');
    if (redirects === undefined || answer.head.status !== 302 || location === undefined) return answer;
    count += 1;
    if (count > redirects.max) throw redirects.tooMany();
    const url = new URL(location, hop.url);
    if (url.protocol !== 'http:') throw redirects.invalid(location);
    const fields = url.origin === new URL(hop.url).origin ? hop.fields : hop.fields.without(['authorization']);
    const next = {...hop, url: url.href, fields};
    hop = redirects.next?.(next) ?? next;
  }
}

const kept = async (body: BodySource): Promise<Uint8Array> =>
  new Uint8Array(await new Response(body as never).arrayBuffer());
