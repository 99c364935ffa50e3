// What the origin answers: decided by the path alone, so that a process can answer itself and say the same.
//
//   /fresh/1024/a       1 KiB of JSON that may be reused for an hour
//   /validate/1024/a    the same, to be validated before each reuse
//   /slow/1024/a        the same as fresh, in two halves with time between
//   ?tags=3  ?vary=x-variant

export type PlainAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly isSlow: boolean;
};

const bodies = new Map<number, Uint8Array<ArrayBuffer>>();

/** JSON of exactly this many bytes: a list of small records, as APIs answer. */
export function bodyOfSize(size: number): Uint8Array<ArrayBuffer> {
  const known = bodies.get(size);
  if (known) return known;
  const record = '{"id":123456,"name":"Ada Lovelace","email":"ada@example.com","active":true},';
  const room = Math.max(0, size - '{"records":[],"fill":""}'.length);
  const records = record.repeat(Math.floor(room / record.length)).slice(0, -1);
  const start = `{"records":[${records}],"fill":"`;
  const body = new TextEncoder().encode(`${start}${'x'.repeat(Math.max(0, size - start.length - 2))}"}`);
  bodies.set(size, body);
  return body;
}

const lastModified = 'Sun, 01 Mar 2026 10:00:00 GMT';

/** The answer to a GET of this URL. */
export function answerTo(url: string, ifNoneMatch?: string): PlainAnswer {
  const [path = '', search = ''] = url.replace(/^https?:\/\/[^/]+/, '').split('?');
  const [, kind, size = '0', name = ''] = path.split('/');
  const body = bodyOfSize(Number(size));
  const etag = `"${name}"`;
  const isValid = ifNoneMatch === etag;
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    date: new Date().toUTCString(),
    'cache-control': kind === 'validate' ? 'no-cache' : 'max-age=3600',
    etag,
    'last-modified': lastModified,
    vary: 'accept',
    'x-request-id': '7f8a2c4e-5b6d-4e3f-9a1b-2c3d4e5f6a7b',
    ...(search === '' ? {} : asked(new URLSearchParams(search))),
  };
  if (isValid) return {status: 304, headers, body: new Uint8Array(0), isSlow: false};
  return {status: 200, headers: {...headers, 'content-length': String(body.length)}, body, isSlow: kind === 'slow'};
}

function asked(search: URLSearchParams): Record<string, string> {
  const [tags, vary] = [search.get('tags'), search.get('vary')];
  return {...(tags === null ? {} : {'cache-tag': tags}), ...(vary === null ? {} : {vary})};
}

/** A fetch that asks no network. */
export async function answeringFetch(input: string | URL | Request): Promise<Response> {
  const url = typeof input === 'object' && 'url' in input ? input.url : String(input);
  const {status, headers, body} = answerTo(url);
  return new Response(body, {status, headers});
}
