import {complaint, isPlain} from '../complaint.ts';
import {readChoice, readFlag} from '../options/reading.ts';

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

const readTransport = readChoice(['default', 'no-store']);

/** Tells how requests are sent from the rest. Throws a `TypeError` that says what is allowed. */
export function splitSends<T extends SendOptions>(
  options: T,
): {readonly sends: SendOptions; readonly defaults: Omit<T, keyof SendOptions>} {
  if (!isPlain(options)) throw complaint('options', options, 'an object of options');
  const {transport = 'default', preflight = false, ...defaults} = options;
  return {
    sends: {transport: readTransport(transport, 'transport'), preflight: readFlag(preflight, 'preflight')},
    defaults,
  };
}
