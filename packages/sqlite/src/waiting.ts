import type {MaybePromise} from 'limpid/store';
import {isBusy, locked} from './trouble.ts';

const longestPause = 100;

/** Tries again, until others have held the lock that is in the way for so many milliseconds. */
export async function patiently<T>(run: () => MaybePromise<T>, patience: number): Promise<T> {
  const giveUpAt = performance.now() + patience;
  for (let pause = 1; ; pause = Math.min(longestPause, 2 * pause)) {
    await new Promise(resolve => setTimeout(resolve, pause));
    try {
      return await run();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() >= giveUpAt) throw locked(error);
    }
  }
}
