import {formatHttpDate} from '../fields/http-date.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {EpochMs} from '../model/units.ts';

/**
 * The response with a Date field: its own, or the time of its receipt.
 *
 * @see RFC 9110 §6.6.1
 */
export function withDate(response: ResponseHead, responseTime: EpochMs): ResponseHead {
  if (response.fields.has('date')) return response;
  return {...response, fields: response.fields.with('date', formatHttpDate(responseTime))};
}
