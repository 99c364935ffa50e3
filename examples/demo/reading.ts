// The demo against a URL of somebody else: GET only, each client twice, then expire and clear.

import {type ClearResult, HttpCache} from 'limpid';
import {type Came, type ClientName, type Clients, clientsOver} from './clients.ts';
import {red} from './paint.ts';
import {foreseen, noteTaker, sourceOf, whyOf} from './reasons.ts';
import {header, heading, paragraph, row} from './table.ts';

/** How long to wait for one answer, in milliseconds. */
const patience = 15_000;

/** The reasons why a URL cannot be reached that a reader can do something about. */
const troubles: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up now; is there a network?',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'there was no answer in time',
  ENETUNREACH: 'there is no way to that network',
  EHOSTUNREACH: 'there is no way to that host',
  ABORT_ERR: 'there was no answer in time',
  ECONNABORTED: 'there was no answer in time',
  ERR_CANCELED: 'there was no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'there was no answer in time',
};

/** Every cause behind an error, itself first. */
function causes(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return [error, ...inner.flatMap(causes)];
}

function troubleOf(error: unknown): string {
  const all = causes(error);
  if (all.some(({name}) => name === 'TimeoutError' || name === 'AbortError')) return 'there was no answer in time';
  const known = all.map(cause => troubles['code' in cause ? String(cause.code) : '']).find(text => text !== undefined);
  return known ?? all.at(-1)?.message ?? String(error);
}

/** What the table calls the URL: secrets may stand in a query. */
const named = ({host, pathname, search}: URL): string => `GET ${host}${pathname}${search === '' ? '' : '?…'}`;

type Visit = {readonly url: URL; readonly cache: HttpCache; readonly clients: Clients; readonly sent: () => number};

/** How many requests have gone to the network since the last call. */
function sentCounter(cache: HttpCache): () => number {
  let sent = 0;
  const count = (): void => {
    sent += 1;
  };
  cache.on('miss', count);
  cache.on('revalidate', count);
  return () => {
    const since = sent;
    sent = 0;
    return since;
  };
}

async function ask({url, cache, clients, sent}: Visit, who: ClientName): Promise<Came> {
  const notes = noteTaker(cache);
  try {
    const asked = {method: 'GET', url: url.href, signal: AbortSignal.timeout(patience)};
    const foretold = await foreseen(cache, asked);
    const came = await clients[who](asked);
    await cache.idle();
    const count = sent();
    row({
      who,
      asks: named(url),
      origin: count === 0 ? '–' : `${count} sent`,
      back: `${came.status} ${sourceOf(came)}`,
      why: [whyOf(came, foretold), ...notes.taken()].join(' · '),
    });
    return came;
  } finally {
    notes.stop();
  }
}

const did = (asks: string, {count}: ClearResult, done: string, why: string): void =>
  row({who: 'app', asks, origin: '–', back: count === undefined ? done : `${count} ${done}`, why});

async function visit(visited: Visit): Promise<void> {
  const {url, cache} = visited;
  heading('Each client twice');
  for (const who of ['fetch', 'fetch', 'axios', 'axios', 'ky', 'ky'] as const) await ask(visited, who);
  heading('Expire: kept, and validated before it is used again');
  did('expire it', await cache.expire(url), 'expired', 'expired by the application');
  await ask(visited, 'fetch');
  heading('Clear: gone');
  did('clear it', await cache.clear(url), 'gone', 'cleared by the application');
  await ask(visited, 'axios');
}

/** Asks `url` with each client; resolves with the exit code. */
export async function readUrl(url: URL): Promise<number> {
  const cache = new HttpCache();
  try {
    paragraph(`ky, axios and fetch over one new HttpCache(), reading ${url.origin}`);
    console.log();
    header('sent');
    await visit({url, cache, clients: clientsOver(cache), sent: sentCounter(cache)});
    const {hits, misses, validations, notModified, size} = await cache.stats();
    console.log();
    paragraph(
      `${hits} hits, ${misses} misses, ${validations} validations (${notModified} answered 304); ` +
        `stored now: ${size?.count}, ${size?.bytes} bytes`,
    );
    return 0;
  } catch (error) {
    console.error(red(`${url.origin} cannot be reached: ${troubleOf(error)}.`));
    return 1;
  } finally {
    await cache.close();
  }
}
