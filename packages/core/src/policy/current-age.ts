// Age, with the RFC's own variable names.
import {parseAge} from '../fields/age.ts';
import type {Fields} from '../fields/fields.ts';
import {parseHttpDate} from '../fields/http-date.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Seconds} from '../model/units.ts';

/** The one place where instants become spans. */
export const secondsBetween = (earlier: EpochMs, later: EpochMs): Seconds => Math.max(0, later - earlier) / 1000;

/**
 * When the response was generated: its Date, or the time of receipt when there is no readable one.
 *
 * @see RFC 9110 §6.6.1
 */
export function dateValue(fields: Fields, responseTime: EpochMs): EpochMs {
  const text = fields.get('date');
  const date = text === undefined ? 'invalid' : parseHttpDate(text, responseTime);
  return date === 'invalid' ? responseTime : date;
}

/**
 * How old the response was when it arrived, as far as its Date, its Age and the exchange's duration tell.
 *
 * @see RFC 9111 §4.2.3
 */
export function correctedInitialAge(response: ResponseHead, requestTime: EpochMs, responseTime: EpochMs): Seconds {
  // Choice (§4.2.3): a Date has whole seconds, always rounded down, so the time of receipt is compared in whole
  // seconds too. Otherwise every answer would arrive half a second old on average.
  const apparentAge = Math.floor(secondsBetween(dateValue(response.fields, responseTime), responseTime));
  const responseDelay = secondsBetween(requestTime, responseTime);
  const correctedAgeValue = (parseAge(response.fields) ?? 0) + responseDelay;
  return Math.max(apparentAge, correctedAgeValue);
}

/**
 * How old the stored response is now. Never less than it was on arrival, even when the clock went back.
 *
 * @see RFC 9111 §4.2.3
 */
export function currentAge(stored: StoredResponse, now: EpochMs): Seconds {
  const residentTime = secondsBetween(stored.responseTime, now);
  return stored.facts.initialAge + residentTime;
}

/**
 * The clock went back since the response arrived, so nobody knows how long it has been here.
 *
 * @see RFC 9111 §4.2.3
 */
export const isClockBehind = (stored: StoredResponse, now: EpochMs): boolean => now < stored.responseTime;
