// Dates as HTTP writes them: three forms, always GMT. Anything else is invalid, however readable it looks.

import type {EpochMs} from '../model/units.ts';
import {remembered} from './remembered.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const imfFixdate = /^(?:mon|tue|wed|thu|fri|sat|sun), (\d\d) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) gmt$/i;
const rfc850 = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day, (\d\d)-([a-z]{3})-(\d\d) (\d\d):(\d\d):(\d\d) gmt$/i;
const asctime = /^(?:mon|tue|wed|thu|fri|sat|sun) ([a-z]{3}) (\d\d| \d) (\d\d):(\d\d):(\d\d) (\d{4})$/i;

/** The instant these parts name; `'invalid'` when the calendar has none. Second 60 (a leap second) is the next one's 0. */
function instant(year: number, monthName = '', day = '', hour = '', minute = '', second = ''): EpochMs | 'invalid' {
  const month = months.indexOf(monthName.toLowerCase());
  const dayOfMonth = Number(day);
  if (month === -1 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return 'invalid';
  const date = new Date(0);
  // Not `Date.UTC`, which reads year 94 as 1994.
  const midnight = date.setUTCFullYear(year, month, dayOfMonth);
  if (date.getUTCDate() !== dayOfMonth) return 'invalid';
  return midnight + (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
}

/** The latest year that ends in these two digits and does not lie more than 50 years after `now`. */
function instantOfShortYear(
  now: EpochMs,
  shortYear: string,
  ...rest: readonly (string | undefined)[]
): EpochMs | 'invalid' {
  const today = new Date(now);
  const latest = today.setUTCFullYear(today.getUTCFullYear() + 50);
  const century = Math.floor(today.getUTCFullYear() / 100) * 100;
  const time = instant(century + Number(shortYear), ...rest);
  return time !== 'invalid' && time <= latest ? time : instant(century - 100 + Number(shortYear), ...rest);
}

/** The form in use, `'other'` for any other text. */
const parseFixdate = remembered((text): EpochMs | 'invalid' | 'other' => {
  const parts = imfFixdate.exec(text);
  return parts ? instant(Number(parts[3]), parts[2], parts[1], parts[4], parts[5], parts[6]) : 'other';
});

/**
 * The instant an HTTP date names.
 *
 * `now` only serves the RFC 850 form, whose two-digit years lie at most 50 years ahead. Letters may be in either
 * case; the weekday need not fit the date, as nothing depends on it.
 *
 * @see RFC 9110 §5.6.7, RFC 9111 §4.2
 */
export function parseHttpDate(text: string, now: EpochMs): EpochMs | 'invalid' {
  const fixed = parseFixdate(text);
  if (fixed !== 'other') return fixed;
  const ansi = asctime.exec(text);
  if (ansi) return instant(Number(ansi[6]), ansi[1], ansi[2], ansi[3], ansi[4], ansi[5]);
  const old = rfc850.exec(text);
  if (old) return instantOfShortYear(now, old[3] ?? '', old[2], old[1], old[4], old[5], old[6]);
  return 'invalid';
}

/**
 * An instant as an IMF-fixdate, the only form to be sent; parts of a second are dropped.
 *
 * @see RFC 9110 §5.6.7
 */
export function formatHttpDate(time: EpochMs): string {
  return new Date(time).toUTCString();
}
