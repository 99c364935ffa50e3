import {readChoice, readFlag, readRecord} from '../options/reading.ts';
import {ruleReaders} from '../options/rule-options.ts';

/** How requests are sent. */
export type SendOptions = {
  /**
   * `'no-store'` sends every request in that cache mode: the platform's own HTTP cache neither answers nor keeps
   * anything, and caches on the way are asked to validate. Default `'default'`: they work below this one.
   */
  readonly transport?: 'default' | 'no-store' | undefined;
  /**
   * Whether validating a response of another origin may cost a CORS preflight, in a browser. Default `false`: there the
   * browser validates with its own cache, in mode `no-cache`.
   */
  readonly preflight?: boolean | undefined;
};

/** All that a client may be made with, so that who misspells one is told what was meant. */
const readers = {
  ...ruleReaders,
  transport: readChoice(['default', 'no-store']),
  preflight: readFlag,
  fetch: (fetch: unknown) => fetch,
};

/** Tells how requests are sent from the rest. Throws a `TypeError` that says what is allowed. */
export function splitSends<T extends SendOptions>(
  options: T,
): {readonly sends: SendOptions; readonly defaults: Omit<T, keyof SendOptions>} {
  readRecord(options, '', readers, 'an object of options');
  const {transport, preflight, ...defaults} = options;
  return {sends: {transport, preflight}, defaults};
}
