import {LimpidError} from 'limpid';

/** A failure of the store, with what failed below as its cause. */
export const failure = (message: string, cause?: unknown): LimpidError =>
  new LimpidError('STORE_FAILED', cause === undefined ? {message} : {message, cause});

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

const isQuotaError = (error: unknown): boolean => isNamed(error, 'QuotaExceededError');

/** The same failure, in words where the browser gives only its name. */
export const explained = (error: unknown): unknown =>
  isQuotaError(error) ? failure('the browser gives this origin no more room', error) : error;

/** The browser gives the origin no more room, as `explained` says it. */
export const isOverQuota = (error: unknown): boolean => error instanceof LimpidError && isQuotaError(error.cause);

/** The connection to the database is closed, and not by us. */
export const isConnectionClosed = (error: unknown): boolean => isNamed(error, 'InvalidStateError');

/** The database was made by a later version of this package. */
export const isLaterVersion = (error: unknown): boolean => isNamed(error, 'VersionError');
