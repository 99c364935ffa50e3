import type {Fields} from './fields.ts';
import {parseList} from './list.ts';

/**
 * Whether `Pragma: no-cache` is there. Only requests without Cache-Control give it a meaning.
 *
 * @see RFC 9111 §5.4
 */
export function hasPragmaNoCache(fields: Fields): boolean {
  const value = fields.get('pragma');
  return value !== undefined && parseList(value).some(directive => directive.toLowerCase() === 'no-cache');
}
