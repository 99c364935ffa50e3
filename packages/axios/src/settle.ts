import axios, {AxiosError, type AxiosResponse} from 'axios';
import {type Call, platformRequest} from './call.ts';

/** The response, unless this caller's own `validateStatus` says it is an error. */
export function settled(response: AxiosResponse): AxiosResponse {
  const {config, request, status} = response;
  if (!status || !config.validateStatus || config.validateStatus(status)) return response;
  const code = status >= 400 && status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
  throw new AxiosError(`Request failed with status code ${status}`, code, config, request, response);
}

/**
 * The error as this caller's own.
 *
 * A flight that fails gives one error to all who wait for it, made for a config that is none of theirs. Each gets a
 * copy with its own config, of the same class and with whatever else the error carries.
 */
export function ownError(error: unknown, call: Call): unknown {
  const {config, dialect} = call;
  if (isUnsatisfiable(error)) return networkError(call, error);
  if (!axios.isAxiosError(error) || error.config === config) return error;
  // A cancelled token hands out one and the same error; only the fetch adapter adds to it.
  if (axios.isCancel(error) && error.config === undefined && dialect.name !== 'fetch') return error;
  const copy = Reflect.construct(Error, [error.message], error.constructor) as AxiosError;
  const {stack: _stack, ...properties} = Object.getOwnPropertyDescriptors(error);
  Object.defineProperties(copy, properties);
  copy.config = config;
  if (axios.isCancel(error)) copy.request ??= platformRequest(call);
  if (error.response) copy.response = {...error.response, config};
  if (error.stack) copy.stack = error.stack;
  return copy;
}

/** The cache was asked not to use the network, and has nothing; fetch, asked the same, fails like this. */
const isUnsatisfiable = (error: unknown): boolean => (error as {code?: unknown} | undefined)?.code === 'UNSATISFIABLE';

/** What axios makes of a failed fetch. */
export function networkError(call: Call, cause: unknown): AxiosError {
  const error = new AxiosError('Network Error', AxiosError.ERR_NETWORK, call.config, platformRequest(call));
  return Object.defineProperty(error, 'cause', {value: cause, writable: true, configurable: true});
}
