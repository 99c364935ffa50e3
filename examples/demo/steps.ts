// What a story is made of: somebody asks something, and something is expected of it.

import type {ClearResult, HttpCache, RequestOptions} from 'limpid';
import type {Asked, Came, ClientName, Clients} from './clients.ts';
import type {OriginProcess} from './origin-process.ts';
import {foreseen, sourceOf, whyOf} from './reasons.ts';

/** Where a story takes place. */
export type World = {readonly cache: HttpCache; readonly clients: Clients; readonly origin: OriginProcess};

/** What came of a step. */
export type Outcome = {readonly back: string; readonly why: string};

/** One row of the story. */
export type Step = {
  readonly who: string;
  readonly asks: string;
  act(world: World): Promise<Outcome>;
  /** What must come back. */
  readonly back: string;
  /** The statuses with which the origin must answer meanwhile, in order; empty when nothing may reach it. */
  readonly origin: string;
};

/** A part of the story. */
export type Chapter = {readonly title: string; readonly steps: readonly Step[]};

/** What a request has besides method and path. */
export type Details = {
  /** How the table tells of these details. */
  readonly label?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: unknown;
  readonly limpid?: RequestOptions;
  /** What the answer must contain; the table shows it. */
  readonly says?: string;
};

/** The URL of a path; `assets:/logo` is one of the other host. */
export const urlOf = ({origin}: World, path: string): string =>
  path.startsWith('assets:') ? path.replace('assets:', origin.assets) : origin.api + path;

function askedOf(world: World, what: string, {headers, content, limpid}: Details): Asked {
  const [method = '', path = ''] = what.split(' ');
  return {
    method,
    url: urlOf(world, path),
    ...(headers !== undefined && {headers}),
    ...(content !== undefined && {content}),
    ...(limpid !== undefined && {limpid}),
  };
}

const told = (came: Came, says = ''): string =>
  [came.status, sourceOf(came), came.text.includes(says) ? says : `not ${says}`].join(' ').trim();

/** A client asks; `back` is like `200 hit`. */
export function ask(who: ClientName, what: string, details: Details, back: string, origin = ''): Step {
  const {label, says} = details;
  return {
    who,
    asks: label === undefined ? what : `${what} ${label}`,
    back: says === undefined ? back : `${back} ${says}`,
    origin,
    async act(world) {
      const asked = askedOf(world, what, details);
      const foretold = await foreseen(world.cache, asked);
      const came = await world.clients[who](asked);
      return {back: told(came, says), why: whyOf(came, foretold)};
    },
  };
}

/** All clients ask the same at the same time. */
export function askAtOnce(what: string, back: string, origin: string): Step {
  return {
    who: 'all 3',
    asks: `${what} at once`,
    back,
    origin,
    async act(world) {
      const asked = askedOf(world, what, {});
      const foretold = await foreseen(world.cache, asked);
      const {clients} = world;
      const all = await Promise.all([clients.ky(asked), clients.axios(asked), clients.fetch(asked)]);
      const [first] = all;
      const sources = all.map(sourceOf).toSorted().join(', ');
      return {
        back: `${first.status} ${sources}`,
        why: `${whyOf(first, foretold)} · equal requests share one answer`,
      };
    },
  };
}

type Done = 'gone' | 'expired';

const whyDone: Readonly<Record<Done, string>> = {
  gone: 'cleared by the application: nothing that began before is served again',
  expired: 'expired by the application: kept, and validated before it is used again',
};

/** The application clears or expires. */
export function clearing(
  asks: string,
  clear: (world: World) => Promise<ClearResult>,
  count: number,
  done: Done = 'gone',
): Step {
  return {
    who: 'app',
    asks,
    back: `${count} ${done}`,
    origin: '',
    act: async world => ({back: `${(await clear(world)).count ?? 'some'} ${done}`, why: whyDone[done]}),
  };
}

/** The application fills the cache ahead of need. */
export function warming(paths: readonly string[], origin: string): Step {
  return {
    who: 'app',
    asks: `warm ${paths.length} URLs`,
    back: `${paths.length} answered`,
    origin,
    async act(world) {
      const {answered} = await world.cache.warm(paths.map(path => urlOf(world, path)));
      return {back: `${answered} answered`, why: paths.join(', ')};
    },
  };
}
