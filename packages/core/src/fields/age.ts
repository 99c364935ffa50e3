import type {Seconds} from '../model/units.ts';
import {parseDeltaSeconds} from './delta-seconds.ts';
import type {Fields} from './fields.ts';
import {parseList} from './list.ts';

/**
 * How long ago, by the caches on the way, the response was generated or validated at the origin.
 *
 * Of several members the first counts; an invalid one is ignored, like an absent field.
 *
 * @see RFC 9111 §5.1
 */
export function parseAge(fields: Fields): Seconds | undefined {
  const value = fields.get('age');
  if (value === undefined) return undefined;
  const age = parseDeltaSeconds(parseList(value)[0] ?? '');
  return age === 'invalid' ? undefined : age;
}
