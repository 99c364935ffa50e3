// The origin of the demo: a small JSON API of users and articles, in a process of its own. It tells its parent the ports
// it listens on and, when asked, what has reached it since; it ends when the parent does.

import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';

/** What the origin says to its parent. */
export type OriginMessage =
  | {readonly type: 'listening'; readonly ports: readonly [api: number, assets: number]}
  | {readonly type: 'seen'; readonly seen: readonly string[]};

type Asked = {readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers']};
type Reply = {readonly status: number; readonly fields: Readonly<Record<string, string>>; readonly body: unknown};
type Named = {name: string};

const started = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000).toUTCString();
const longAgo = new Date(Date.now() - 100 * 86_400_000).toUTCString();

const users: Named[] = [{name: 'Ada'}, {name: 'Bob'}];
const titles: Readonly<Record<string, readonly string[]>> = {
  en: ['A clear cache', 'A wide world'],
  de: ['Ein klarer Speicher', 'Eine weite Welt'],
};
let version = 1;

const ok = (fields: Readonly<Record<string, string>>, body: unknown): Reply => ({status: 200, fields, body});
const fresh = (body: unknown, fields: Readonly<Record<string, string>> = {}): Reply =>
  ok({'cache-control': 'max-age=60', etag: `"${version}"`, 'last-modified': started, ...fields}, body);

function articles({headers}: Asked): Reply {
  const language = headers['accept-language']?.startsWith('de') ? 'de' : 'en';
  return fresh(titles[language], {vary: 'Accept-Language', 'content-language': language, etag: `"${language}-1"`});
}

function me({headers}: Asked): Reply {
  const name = /^Bearer (\w+)$/.exec(headers.authorization ?? '')?.[1];
  if (name === undefined) return {status: 401, fields: {'www-authenticate': 'Bearer'}, body: {error: 'who are you?'}};
  return ok({'cache-control': 'private, max-age=60'}, {name});
}

async function slow(): Promise<Reply> {
  await pause(60);
  return fresh({patience: 'rewarded'});
}

function renamed(body: string): Reply {
  const {name = ''} = JSON.parse(body) as Partial<Named>;
  users[0] = {name};
  version += 1;
  return ok({etag: `"${version}"`}, users[0]);
}

function joined(body: string): Reply {
  const {name = ''} = JSON.parse(body) as Partial<Named>;
  users.push({name});
  version += 1;
  return {status: 201, fields: {location: `/users/${users.length}`}, body: {name}};
}

const inPeople = {'cache-groups': '"people"'};

const routes: Readonly<Record<string, (asked: Asked, body: string) => Reply | Promise<Reply>>> = {
  'GET /articles': articles,
  'GET /articles/1': () => fresh({title: titles.en?.[0]}),
  'GET /articles/2': () => fresh({title: titles.en?.[1]}),
  'GET /headlines': () => fresh(['Cache cleared'], {'cache-control': 'no-cache', etag: '"h1"'}),
  'GET /archive': () => ok({'last-modified': longAgo}, ['Once upon a time']),
  'GET /captcha': () => ok({'cache-control': 'no-store'}, {image: 'only once'}),
  'GET /slow': slow,
  'GET /me': me,
  'GET /users': () => fresh(users, inPeople),
  'GET /users/1': () => fresh(users[0], inPeople),
  'GET /team': () => fresh({team: users.map(({name}) => name)}, inPeople),
  'GET /logo': () => fresh({logo: 'drop'}),
  'PATCH /users/1': (_, body) => renamed(body),
  'POST /users': (_, body) => joined(body),
  'POST /invitations': () => ok({'cache-group-invalidation': '"people"'}, {invited: true}),
  'POST /publish': () => ok({}, {published: true}),
};

const missing: Reply = {status: 404, fields: {'cache-control': 'no-store'}, body: {error: 'not found'}};

/** The reply as the request's conditions want it: a 304 when what the client has is current. RFC 9110 §13.2.2 */
function conditional({headers}: Asked, reply: Reply): Reply {
  const {etag, 'last-modified': modified} = reply.fields;
  const wanted = headers['if-none-match'];
  const isCurrent = wanted === undefined ? headers['if-modified-since'] === modified : wanted.includes(etag ?? '""');
  return reply.status === 200 && modified !== undefined && isCurrent ? {...reply, status: 304} : reply;
}

async function replyTo(asked: Asked, body: string): Promise<Reply> {
  const path = asked.path.split('?', 1)[0];
  const route = routes[`${asked.method} ${path}`];
  return route === undefined ? missing : conditional(asked, await route(asked, body));
}

let seen: string[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let content = '';
  for await (const chunk of request) content += String(chunk);
  const asked = {method: request.method ?? '', path: request.url ?? '', headers: request.headers};
  const {status, fields, body} = await replyTo(asked, content);
  seen.push(`${asked.method} ${asked.path} ${status}`);
  response.writeHead(status, {'content-type': 'application/json', ...fields});
  response.end(status === 304 ? undefined : JSON.stringify(body));
}

function listen(): Promise<number> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const tell = (message: OriginMessage): void => void process.send?.(message);

process.on('message', () => {
  tell({type: 'seen', seen});
  seen = [];
});
process.on('disconnect', () => process.exit());
tell({type: 'listening', ports: [await listen(), await listen()]});
