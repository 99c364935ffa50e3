import type {AxiosResponse, InternalAxiosRequestConfig} from 'axios';
import type {RequestHead} from 'limpid/adapter';
import type {Dialect} from './dialect.ts';

export type Config = InternalAxiosRequestConfig;

/** One request of one caller, from its config to its answer. */
export type Call = {
  readonly config: Config;
  readonly dialect: Dialect;
  readonly head: RequestHead;
  /** What the inner adapter last gave to this very call; `undefined` for hits and for those who joined a flight. */
  sent: AxiosResponse | undefined;
  /** The inner adapter has reported the progress of the download. */
  progressed: boolean;
  /** The caller has its answer: what still goes on is the cache's own business. */
  ended: boolean;
};

/** What `response.request` and `error.request` hold: the platform's own object, or where there is none what code reads of it. */
export function platformRequest(call: Call, url: string = call.head.url): unknown {
  return call.sent?.request ?? Object.freeze({responseURL: url, res: Object.freeze({responseUrl: url})});
}
