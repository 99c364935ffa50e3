import {LimpidError} from 'limpid';

/** A failure of the store, with what failed below as its cause. */
export const failure = (message: string, cause?: unknown): LimpidError =>
  new LimpidError('STORE_FAILED', cause === undefined ? {message} : {message, cause});

/** What has just been written is not there. */
export const forgetful = (): LimpidError => failure('Redis loses what it is told');
