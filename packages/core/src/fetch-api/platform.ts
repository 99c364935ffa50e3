// What differs between the places fetch runs in. Anything unknown is taken for a browser, the most cautious guess.

/** How fetch behaves here, as far as a cache above it must know. */
export type Platform = {
  /** The kind of client: clients of one kind add the same unseen fields. `browser` also hides cookies. */
  readonly client: string;
  /** `redirect: 'manual'` shows the 3xx answer itself, not an opaque one. */
  readonly showsRedirects: boolean;
  /** Conditions added by hand make fetch ask every cache on the way to validate, as if the user had reloaded. */
  readonly reloadsConditions: boolean;
  /**
   * A worker in workerd: requests may not have every cache mode, so that fields have to say it, and what belongs to one
   * incoming request (streams, timers, promises that wait for them) is of no use to another, and ends with it.
   */
  readonly isWorkerd: boolean;
  /** Content that was decoded still has its Content-Encoding field, whoever asks. */
  readonly showsCoding: boolean;
  /** Whoever is handed a Response here reads it by its properties, not by what its constructor was given. */
  readonly readsGetters: boolean;
};

const servers = /^(Node\.js|Deno|Bun|Cloudflare-Workers)\b/;

/** Recognises the platform by `navigator.userAgent`. */
export function platformOf(userAgent: string | undefined): Platform {
  const server = servers.exec(userAgent ?? '')?.[1];
  const isNode = server === 'Node.js';
  return {
    client: server === undefined ? 'browser' : `fetch ${server}`,
    showsRedirects: server !== undefined,
    reloadsConditions: isNode,
    isWorkerd: server === 'Cloudflare-Workers',
    showsCoding: isNode,
    readsGetters: isNode,
  };
}

type Surroundings = {
  readonly navigator?: {readonly userAgent?: string};
  readonly document?: {readonly baseURI?: string};
  readonly location?: {readonly href?: string; readonly origin?: string};
  readonly origin?: string;
};

const surroundings = globalThis as Surroundings;

/** The platform this code runs on. */
export const platform: Platform = platformOf(surroundings.navigator?.userAgent);

/** What relative URLs are resolved against; `undefined` where there is no page and no location. */
export const baseUrl = (): string | undefined => surroundings.document?.baseURI ?? surroundings.location?.href;

/** In a browser, whether a URL is another origin's: of its responses little is shown. */
export function isForeign(url: string): boolean {
  const own = ownOrigin();
  return platform.client === 'browser' && own !== undefined && !url.startsWith(`${own}/`);
}

/** A page's or worker's own origin, which a frame without a URL has of its parent; `undefined` where there is none. */
export function ownOrigin(): string | undefined {
  const own = surroundings.location?.origin;
  // Any script of the page may have made another use of that name.
  return own === 'null' ? surroundings.origin : own;
}
