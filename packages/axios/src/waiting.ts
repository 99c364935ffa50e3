import {AxiosError, CanceledError} from 'axios';
import type {HandleOptions} from 'limpid/adapter';
import {type Call, platformRequest} from './call.ts';

/**
 * One caller's patience: its signal, its cancel token and its timeout end its own wait and nobody else's.
 *
 * Errors are those the inner adapter would have raised.
 */
export class Waiting {
  readonly #call: Call;
  readonly #controller: AbortController | undefined;
  readonly #ended: Promise<never> | undefined;
  #reject: (error: unknown) => void = () => undefined;
  readonly #timeout: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(call: Call) {
    this.#call = call;
    const {signal, cancelToken, timeout} = call.config;
    this.#timeout = Number.parseInt(String(timeout ?? 0), 10);
    if (!signal && !cancelToken && !(this.#timeout > 0)) return;
    this.#controller = new AbortController();
    this.#ended = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#ended.catch(() => undefined);
    if (this.#timeout > 0) this.#endAfterTimeout(() => timeoutError(call));
    cancelToken?.subscribe(this.#onCancel);
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener?.('abort', this.#onAbort);
  }

  /** What the cache needs to know of it. */
  get options(): HandleOptions {
    return {signal: this.#controller?.signal};
  }

  /** Settles as `awaited` does, unless the wait ends first. */
  for<T>(awaited: T | Promise<T>): Promise<T> {
    return this.#ended === undefined ? Promise.resolve(awaited) : Promise.race([this.#ended, awaited]);
  }

  /**
   * The head has come and more of the body is asked for. From here on the http adapter's timeout is one of standing
   * still; the others' goes on as it began.
   */
  expectMore(stalled: () => unknown): void {
    if (this.#stops) this.#endAfterTimeout(stalled);
  }

  /** Nothing is asked for; how slowly a caller reads is its own affair. */
  expectNothing(): void {
    if (this.#stops) clearTimeout(this.#timer);
  }

  get #stops(): boolean {
    return this.#timeout > 0 && this.#call.dialect.name === 'http';
  }

  /** The caller has all it asked for, or gave up. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#call.config.cancelToken?.unsubscribe(this.#onCancel);
    this.#call.config.signal?.removeEventListener?.('abort', this.#onAbort);
  }

  #endAfterTimeout(error: () => unknown): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp(error()), this.#timeout);
  }

  /** The error stays here: adapters write into those they meet as the reason of a signal. */
  #giveUp(error: unknown): void {
    this.#reject(error);
    this.#controller?.abort();
  }

  readonly #onCancel = (reason: unknown): void => this.#giveUp(reason);

  readonly #onAbort = (): void => this.#giveUp(canceledError(this.#call));
}

function canceledError(call: Call): CanceledError<unknown> {
  const {config, dialect} = call;
  const {reason} = config.signal as {reason?: unknown};
  const error = new CanceledError(undefined, config, platformRequest(call));
  // The fetch adapter passes the reason's own words on.
  if (dialect.name === 'fetch' && reason !== undefined)
    error.message = reason instanceof Error ? reason.message : (reason as string);
  return error;
}

function timeoutError(call: Call): AxiosError {
  const {timeout, timeoutErrorMessage, transitional} = call.config;
  const isFetch = call.dialect.name === 'fetch';
  const message = (!isFetch && timeoutErrorMessage) || `timeout of ${timeout}ms exceeded`;
  const code = isFetch || transitional?.clarifyTimeoutError ? AxiosError.ETIMEDOUT : AxiosError.ECONNABORTED;
  return new AxiosError(message, code, call.config, platformRequest(call));
}
