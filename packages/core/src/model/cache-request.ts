import type {RequestDirectives} from '../fields/cache-control.ts';
import type {RequestHead} from './messages.ts';
import type {Partition, ResourceKey} from './stored-response.ts';

/** A request as the cache sees it: its fields parsed and its secrets replaced, once, before any decision. */
export type CacheRequest = {
  readonly head: RequestHead;
  /** From Cache-Control, or from Pragma when Cache-Control is absent. */
  readonly directives: RequestDirectives;
  readonly resource: ResourceKey;
  /** The target URI with secrets replaced. */
  readonly url: string;
  readonly partition: Partition;
  /** Somebody gave the partition its name: then there is nothing for everybody. */
  readonly named: boolean;
  /** The request carries visible credentials. */
  readonly credentialed: boolean;
  /** Stand-ins for the values of sensitive fields, by lower-case name; what keys hold in their place. */
  readonly pseudonyms: ReadonlyMap<string, string>;
  /** Stand-in for content and its metadata, as the store names it; `undefined` for requests without content. */
  readonly content: string | undefined;
  /** A clear with `through` covers this resource and no end-to-end answer has come since. */
  readonly through: boolean;
  /** Who asks cannot validate behind a stale answer. */
  readonly validatesFirst?: boolean;
};
