// Entry `limpid/adapter`: what it takes to put the cache behind one more client.

export {complaint} from '../complaint.ts';
export type {FinishedAnswer, HandleOptions} from '../engine/answer.ts';
export type {Begun} from '../engine/beginning.ts';
export type {Exchange} from '../engine/exchange.ts';
export {wholeBody} from '../fetch-api/arriving-answer.ts';
export {CachedResponse} from '../fetch-api/cached-response.ts';
export {type FetchCall, type FetchInput, fetchCall} from '../fetch-api/fetch-request.ts';
export {responseFrom} from '../fetch-api/fetch-response.ts';
export {fetchTransport} from '../fetch-api/fetch-transport.ts';
export {isForeign, type Platform, platform} from '../fetch-api/platform.ts';
export type {FetchFunction} from '../fetch-api/sender.ts';
export {type SendOptions, splitSends} from '../fetch-api/sends.ts';
export {type Change, type FieldLine, Fields, type FieldsSource, type Recipe} from '../fields/fields.ts';
export type {BodySource, CacheMode, RedirectMode, RequestBody, RequestHead, ResponseHead} from '../model/messages.ts';
export type {Answer, Redirects, Transport, TransportResponse} from '../model/transport.ts';
export type {MaybePromise} from '../model/units.ts';
export type {RequestOptions} from '../options/request-options.ts';
export type {Defaults} from '../options/rule-options.ts';
export {isNormalUrl} from '../policy/normal-url.ts';
export {isSameOrigin, targetUri} from '../policy/urls.ts';
export {
  type CachingFetch,
  type CachingFetchInit,
  type CachingFetchOptions,
  cachingFetch,
  type Handler,
} from './caching-fetch.ts';
