import {cacheStatus} from 'limpid';

/** Where an answer came from, if there is one. */
export type Kind = 'hit' | 'validated' | 'network' | 'failed';

export const words: Readonly<Record<Kind, string>> = {
  hit: 'the cache',
  validated: 'the cache, validated',
  network: 'the network',
  failed: 'nobody',
};

export function kindOf(response: Response): Kind {
  const status = cacheStatus(response);
  if (status?.hit) return 'hit';
  return status?.fwdStatus === 304 ? 'validated' : 'network';
}
