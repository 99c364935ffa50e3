import {type CacheStatusSource, cacheStatus} from 'limpid';

/** What the cache did for a response, in the words of its Cache-Status field: `hit`, `fwd=uri-miss`, `fwd=stale 304`. */
export function how(response: CacheStatusSource): string {
  const status = cacheStatus(response);
  if (status === undefined) return 'no cache';
  if (status.hit) return 'hit';
  const notes = [status.fwdStatus ?? '', status.collapsed ? 'collapsed' : ''];
  return [`fwd=${status.fwd}`, ...notes].filter(note => note !== '').join(' ');
}
