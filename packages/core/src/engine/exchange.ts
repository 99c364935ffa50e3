import type {ExchangeFacts} from '../decide/exchange.ts';
import type {Clears, WaitUntil} from '../options/request-options.ts';
import type {StoreIf} from '../options/rule-options.ts';

/** One request on its way to the network: hand it, with the answer, to `finish`, or with the error to `fail`. */
export type Exchange = ExchangeFacts & {
  readonly storeIf: StoreIf | undefined;
  readonly clears: Clears | undefined;
  readonly waitUntil: WaitUntil | undefined;
  /** Nobody waits for it: a validation behind a stale answer. RFC 5861 §3 */
  readonly background: boolean;
};
