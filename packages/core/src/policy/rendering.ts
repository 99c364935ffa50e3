// The head an answer gets when it is made of what is stored.
import {type ContentRange, formatContentRange} from '../fields/content-range.ts';
import {Fields} from '../fields/fields.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {lengthOf, type Rendering} from './ranges.ts';

/** The fields a 304 carries, when the stored response has them. */
const fieldsOfNotModified: ReadonlySet<string> = new Set([
  'cache-control',
  'content-location',
  'date',
  'etag',
  'expires',
  'last-modified',
  'set-cookie',
  'vary',
]);

/** These speak of the bytes of one message, not of the representation. RFC 9530 §2 */
const fieldsOfContent: readonly string[] = ['content-digest', 'content-md5'];

/**
 * The stored head as an answer shows it: whole, a part that says which, a 304, or a 416. `fields` are those of the
 * stored ones that its caller may see.
 *
 * @see RFC 9111 §4.3.2
 * @see RFC 9110 §15.3.7, §15.4.5, §15.5.17
 */
export function renderedHead(stored: StoredResponse, fields: Fields, as: Rendering): ResponseHead {
  const {head} = stored;
  switch (as) {
    case 'whole':
      return wholeHead(stored, fields);
    case 'not-modified':
      return {...head, status: 304, statusText: 'Not Modified', fields: ofNotModified(fields)};
    case 'not-satisfiable':
      return {...head, status: 416, statusText: 'Range Not Satisfiable', fields: ofNotSatisfiable(stored)};
    default:
      return {...head, status: 206, statusText: 'Partial Content', fields: ofPart(fields, stored.facts.range, as)};
  }
}

/** Parts that are complete together are a 200. */
function wholeHead({head, facts}: StoredResponse, fields: Fields): ResponseHead {
  if (facts.range === undefined) return {...head, fields};
  const complete = fields
    .without([...fieldsOfContent, 'content-range'])
    .with('content-length', String(facts.range.complete));
  return {...head, status: 200, statusText: 'OK', fields: complete};
}

const ofNotModified = (fields: Fields): Fields =>
  fields.without(fields.names().filter(name => !fieldsOfNotModified.has(name)));

/** A 416 speaks of the representation's length alone. */
function ofNotSatisfiable({head, facts, size}: StoredResponse): Fields {
  const date = head.fields.get('date');
  const length = Fields.from([['content-range', `bytes */${facts.range?.complete ?? size}`]]);
  return date === undefined ? length : length.with('date', date);
}

/** A part of what was stored; when it is all of that, what was said of it still holds. */
function ofPart(fields: Fields, held: ContentRange | undefined, range: ContentRange): Fields {
  const isSame = held?.first === range.first && held.last === range.last;
  return (isSame ? fields : fields.without(fieldsOfContent))
    .with('content-range', formatContentRange(range))
    .with('content-length', String(lengthOf(range)));
}
