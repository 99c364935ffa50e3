import type {Fields} from './fields.ts';
import {parseList} from './list.ts';

/**
 * Whether the response asks for the caches of its origin to be emptied: `"cache"` or `"*"`, quotes included.
 *
 * @see Clear Site Data, section 3.1 (https://www.w3.org/TR/clear-site-data/#header)
 */
export function clearsCache(fields: Fields): boolean {
  const value = fields.get('clear-site-data');
  return value !== undefined && parseList(value).some(type => type === '"cache"' || type === '"*"');
}
