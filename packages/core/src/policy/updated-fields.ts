// What a 304 or a HEAD changes in the fields of a stored response.
import type {Fields} from '../fields/fields.ts';
import {hopByHopNames} from './stored-fields.ts';

// Choice (§3.2): what describes the kept bytes stays, not Content-Length alone, because we keep bodies decoded.
const bodyFields: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
]);

/** These speak of the one message they came in, so the stored message's never outlive it. */
const messageFields: readonly string[] = ['date', 'age'];

/**
 * The stored fields after an update: every field of the update replaces the stored lines of that name.
 *
 * What describes the kept body stays as stored. Date and Age come from the update or not at all: age starts
 * anew with it, and a stored Age would count twice.
 *
 * @see RFC 9111 §3.2
 */
export function updatedFields(stored: Fields, update: Fields): Fields {
  const news = update.without(bodyFields).without(hopByHopNames(update));
  const kept = stored.without([...messageFields, ...news.names()]);
  return kept.and(news);
}
