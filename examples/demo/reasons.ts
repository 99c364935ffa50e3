// Why: what `explain` foresees before a request, what Cache-Status says after it, and what events add.

import {cacheStatus, type Explanation, type HttpCache} from 'limpid';
import type {Asked, Came} from './clients.ts';

/** Where a decision is written down when the explanation itself names no section. */
const sections: Readonly<Record<string, string>> = {
  hit: 'RFC 9111 §4.2',
  'uri-miss': 'RFC 9111 §4',
  'vary-miss': 'RFC 9111 §4.1',
  method: 'RFC 9111 §4',
};

const sectionOf = ({section, because, decision}: Explanation): string | undefined =>
  section ?? sections[decision === 'reuse' ? 'hit' : (because ?? '')];

/** What was to happen to a request, before it was made. */
export type Foreseen = {
  /** `hit`, or the word with which Cache-Status says why it was sent. */
  readonly outcome: string | undefined;
  /** In words, with the section behind it. */
  readonly text: string;
};

/** What would happen to a request now. */
export async function foreseen(cache: HttpCache, {method, url, headers = {}}: Asked): Promise<Foreseen> {
  const explanation = await cache.explain(new Request(url, {method, headers}));
  const {decision, because} = explanation;
  const section = sectionOf(explanation);
  // Cache-Status says whether it was sent; what is left is why.
  const text = explanation.text.replace(/^(sent to the network|validated): /, '');
  return {
    outcome: decision === 'reuse' ? 'hit' : because,
    text: section === undefined ? text : `${text} (${section})`,
  };
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
  const section = sections[actual ?? ''];
  return section === undefined ? written(came) : `${written(came)} (${section})`;
}

/** Notes down what the cache does of its own accord, until `stop`. */
export function noteTaker(cache: HttpCache): {taken(): readonly string[]; stop(): void} {
  let notes: string[] = [];
  const stops = [
    cache.on('refuse', ({because, section}) => void notes.push(`not stored: ${because} (${section})`)),
    cache.on('clear', ({by, count}) => {
      if (by === 'response') notes.push(`cleared ${count ?? 'what it changed'} (RFC 9111 §4.4, RFC 9875)`);
      if (by === 'request') notes.push(`cleared ${count ?? 'what it named'} (limpid clears)`);
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
