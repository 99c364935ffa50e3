// Entry `limpid/store`: what it takes to write a store.

export {complaint, isPlain, noOption} from './complaint.ts';
export {type Change, type FieldLine, Fields, type FieldsSource, type Recipe} from './fields/fields.ts';
export {partOf} from './model/chunks.ts';
export type {RequestHead, ResponseHead} from './model/messages.ts';
export type {Clause, CompiledSelection, Conditions, Scope} from './model/selection.ts';
export type {
  BodySink,
  ByteRange,
  ClearHow,
  ClearOutcome,
  Lease,
  Lookup,
  PutOutcome,
  Store,
  UpdateOutcome,
} from './model/store.ts';
export {
  anonymous,
  type Facts,
  type NominatedField,
  type Partition,
  type ResourceKey,
  type StoredResponse,
  shareable,
} from './model/stored-response.ts';
export type {EpochMs, MaybePromise, Seconds, Tick} from './model/units.ts';
export {randomName} from './random-name.ts';
export {decodeClear, encodeClear, encodeCover} from './stores/clear-record.ts';
export {type Fenced, FencedStore, isSelected} from './stores/fenced-store.ts';
export {headCost, isOutdated, isYounger} from './stores/kept.ts';
export {Listeners} from './stores/listeners.ts';
export {isEscaped, scopeText, wellFormed} from './stores/names.ts';
export {Own} from './stores/own.ts';
export {OwnCovers} from './stores/own-covers.ts';
export {isDerived, Pseudonyms as RandomPseudonyms, pseudonymOf} from './stores/pseudonyms.ts';
export {type BesideRecord, decodeRecord, encodeRecord, recordVersion} from './stores/record.ts';
export {type Covers, coverage, originOf, scopeName, scopesOf} from './stores/scopes.ts';
export {selects} from './stores/selects.ts';
export {readStoreOptions} from './stores/store-options.ts';
export {throughLasts} from './stores/through-marks.ts';
