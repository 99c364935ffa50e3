// The public names of `limpid`.

export {type CacheStatusSource, cacheStatus} from './cache-status.ts';
export type {ClearOptions, ClearResult} from './engine/clearing.ts';
export type {
  CacheEvent,
  CacheEventType,
  ClearEvent,
  ErrorEvent,
  EvictEvent,
  HitEvent,
  Listener,
  MissEvent,
  RefuseEvent,
  RevalidateEvent,
  StoreEvent,
  Undo,
} from './engine/events.ts';
export type {ExplainedResponse, Explanation} from './engine/explaining.ts';
export {HttpCache} from './engine/http-cache.ts';
export type {NamedOptions} from './engine/naming.ts';
export type {Stats} from './engine/stats.ts';
export type {WarmOptions, WarmProgress, WarmResult} from './engine/warming.ts';
export {isLimpidError, LimpidError, type LimpidErrorCode} from './errors.ts';
export type {FetchInput} from './fetch-api/fetch-request.ts';
export type {CacheStatusMember} from './fields/cache-status.ts';
export type {FieldsSource} from './fields/fields.ts';
export type {CacheMode} from './model/messages.ts';
export type {Ignorable} from './model/policy.ts';
export type {Store} from './model/store.ts';
export type {Duration} from './options/duration.ts';
export type {HeuristicOptions, HttpCacheOptions, Timers} from './options/options.ts';
export type {Clears, RequestOptions, WaitUntil} from './options/request-options.ts';
export type {Defaults, PartitionOption, SharedOptions, StoreIf} from './options/rule-options.ts';
export type {Rule, RuleConditions, RuleFor} from './options/rules.ts';
export type {Selection, SelectionConditions} from './options/selection.ts';
export type {Pattern, Target} from './options/target.ts';
export type {CompleteResponseView, HeadersView, RequestView, ResponseView, StoredView} from './options/views.ts';
export {
  type Explained,
  type ForwardDetail,
  type ForwardReason,
  forwardDetails,
  forwardReasons,
  type NotReusedReason,
  type NotStoredReason,
  notReusedReasons,
  notStoredReasons,
  type StandInDetail,
  standInReasons,
} from './policy/reasons.ts';
export {MemoryStore, type MemoryStoreOptions} from './stores/memory.ts';
export {tiered} from './stores/tiered.ts';
export type {TieredOptions} from './stores/tiered-options.ts';
