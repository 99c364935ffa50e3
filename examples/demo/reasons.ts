// Why: what `explain` foresees before a request, what Cache-Status says after it, and what events add.

import {cacheStatus, forwardReasons, type HttpCache} from 'limpid';
import type {Asked, Came} from './clients.ts';

/** What was to happen to a request, before it was made. */
export type Foreseen = {
  /** `hit`, or the word with which Cache-Status says why it was sent. */
  readonly outcome: string | undefined;
  /** In words, with the section behind it. */
  readonly text: string;
};

/** RFC 9111 is what most of it is about, as the head of the table says. */
const brief = (section: string): string => section.replace('RFC 9111 ', '');

/** What would happen to a request now. */
export async function foreseen(cache: HttpCache, {method, url, headers = {}}: Asked): Promise<Foreseen> {
  const {decision, because, section, text} = await cache.explain(new Request(url, {method, headers}));
  // Cache-Status says whether it was sent; what is left is why.
  const reason = text.replace(/^(sent to the network|validated): /, '');
  return {outcome: decision === 'reuse' ? 'hit' : because, text: `${reason} (${brief(section)})`};
}

/** What limpid wrote about an answer, without its own name. */
function written({headers}: Came): string {
  const all = 'get' in headers && typeof headers.get === 'function' ? String(headers.get('cache-status')) : '';
  return all.slice(all.lastIndexOf('limpid')).replace(/^limpid(; )?/, '');
}

/** Where an answer came from, in one word. */
export function sourceOf(came: Came): string {
  const status = cacheStatus(came);
  if (status === undefined) return 'uncached';
  if (status.hit) return 'hit';
  if (status.collapsed) return 'joined';
  if (status.fwdStatus === 304) return 'validated';
  return status.fwd === 'method' ? 'sent' : 'miss';
}

/**
 * The whole reason for an answer.
 *
 * A client may send fields that the request asked about did not have, and a redirect is answered by another URL: what
 * was foreseen is then left out.
 */
export function whyOf(came: Came, {outcome, text}: Foreseen): string {
  const status = cacheStatus(came);
  const actual = status?.hit ? 'hit' : status?.fwd;
  if (actual === outcome) return `${written(came)} · ${text}`;
  if (status?.fwd === undefined) return written(came);
  const {section, text: reason} = forwardReasons[status.fwd];
  return `${written(came)} · ${reason} (${brief(section)})`;
}

/** Notes down what the cache does of its own accord, until `stop`. */
export function noteTaker(cache: HttpCache): {taken(): readonly string[]; stop(): void} {
  let notes: string[] = [];
  const stops = [
    cache.on('refuse', ({because, section}) => void notes.push(`not stored: ${because} (${brief(section)})`)),
    cache.on('clear', ({by, count = 'what it selects', sections}) => {
      if (by !== 'application') notes.push(`cleared ${count} (${sections.map(brief).join(', ')})`);
    }),
    cache.on('error', ({error, during}) => void notes.push(`error during ${during}: ${String(error)}`)),
  ];
  return {
    taken: () => {
      const taken = notes;
      notes = [];
      return taken;
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
