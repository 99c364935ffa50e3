// The validators a response carries. An unreadable validator is none.
import {type EntityTag, parseEntityTag} from '../fields/entity-tag.ts';
import type {Fields} from '../fields/fields.ts';
import {parseHttpDate} from '../fields/http-date.ts';
import type {EpochMs} from '../model/units.ts';

/**
 * The response's entity tag; an ETag that cannot be read is never compared nor sent.
 *
 * @see RFC 9110 §8.8.3
 */
export function entityTagOf(fields: Fields): EntityTag | undefined {
  const text = fields.get('etag');
  if (text === undefined) return undefined;
  const tag = parseEntityTag(text);
  return tag === 'invalid' ? undefined : tag;
}

/**
 * The Last-Modified field to the letter, when it is a valid date.
 *
 * @see RFC 9110 §8.8.2
 */
export function lastModifiedOf(fields: Fields, now: EpochMs): string | undefined {
  const text = fields.get('last-modified');
  return text !== undefined && parseHttpDate(text, now) !== 'invalid' ? text : undefined;
}

/**
 * The response can be validated: with an entity tag or a modification date.
 *
 * @see RFC 9111 §4.3.1
 */
export const hasValidator = (fields: Fields): boolean =>
  // Validity of a date does not depend on the time it is read at, only the century of a two-digit year does.
  entityTagOf(fields) !== undefined || lastModifiedOf(fields, 0) !== undefined;
