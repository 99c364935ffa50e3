import {LimpidError} from 'limpid';

/** A failure of the store, with what failed below as its cause. */
export const failure = (message: string, cause?: unknown): LimpidError =>
  new LimpidError('STORE_FAILED', cause === undefined ? {message} : {message, cause});

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** The browser gives the origin no more room. */
export const isOverQuota = (error: unknown): boolean => isNamed(error, 'QuotaExceededError');

/** The database was made by a later version of this package. */
export const isLaterVersion = (error: unknown): boolean => isNamed(error, 'VersionError');
