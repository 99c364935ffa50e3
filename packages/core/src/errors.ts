// What limpid throws once it is running. Wrong options and other misuse are a `TypeError` instead.

/** The stable name of what went wrong. ERRORS.md has a section for each. */
export type LimpidErrorCode =
  | 'STORE_FAILED'
  | 'CLEAR_FAILED'
  | 'EXPIRE_FAILED'
  | 'PUT_FAILED'
  | 'NOT_STORABLE'
  | 'UNSATISFIABLE'
  | 'TOO_MANY_LISTENERS'
  | 'CLOSED';

/** What each code means: the message's default text. */
const meanings: Readonly<Record<LimpidErrorCode, string>> = {
  STORE_FAILED: 'the store failed',
  CLEAR_FAILED: 'the clear did not happen',
  EXPIRE_FAILED: 'the expiry did not happen',
  PUT_FAILED: 'the response was not stored',
  NOT_STORABLE: 'the response may not be stored',
  UNSATISFIABLE: 'nothing stored answers it, and it asked for nothing else',
  CLOSED: 'the cache is closed',
  TOO_MANY_LISTENERS: 'too many listeners',
};

/** What a `LimpidError` is made with. */
export type LimpidErrorOptions = {
  /** What failed below, kept as `cause`. */
  readonly cause?: unknown;
  /** Says more than the code does. No secrets: messages end up in logs. */
  readonly message?: string;
};

/**
 * Something the caller has to know about went wrong: a clear, an expiry or a put that did not happen, a closed cache.
 *
 * Tell failures apart by `code`; the message may change. A request never rejects with one of these merely because
 * the store failed: that is an `error` event, whose error has the code `STORE_FAILED`.
 */
export class LimpidError extends Error {
  override readonly name = 'LimpidError' as const;
  readonly code: LimpidErrorCode;
  /** Where the package tells more about this code. */
  readonly docs: string;

  constructor(code: LimpidErrorCode, options: LimpidErrorOptions = {}) {
    const docs = `ERRORS.md#${code.toLowerCase()}`;
    super(`limpid: ${options.message ?? meanings[code]} (${code}, see ${docs})`, options);
    this.code = code;
    this.docs = docs;
  }
}

/** Whether a value is a `LimpidError`, also one made by another copy of this package. */
export function isLimpidError(value: unknown): value is LimpidError {
  return Object.prototype.toString.call(value) === '[object Error]' && (value as Error).name === 'LimpidError';
}
