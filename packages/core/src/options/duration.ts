// Spans of time as users write them. Inside, a span is always `Seconds`.

import {complaint} from '../complaint.ts';
import type {Seconds} from '../model/units.ts';

/**
 * A span of time: milliseconds as a number, or text with a unit (`ms`, `s`, `m`, `h`, `d`, `w`).
 *
 * @example
 * 1500; '90s'; '5m'; '1.5h'; '7d'; '2w'; '500ms'
 */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`;

const text = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Reads a duration; throws a `TypeError` that names `path` for anything else, negative and infinite spans included. */
export function parseDuration(value: unknown, path: string): Seconds {
  const span = typeof value === 'string' ? parseDurationText(value) : value;
  if (typeof span !== 'number' || !Number.isFinite(span) || span < 0) {
    throw complaint(path, value, 'milliseconds or text like "90s", "5m", "7d"');
  }
  return typeof value === 'string' ? span : span / 1000;
}

/** Reads text with a unit; `undefined` when it is something else. */
export function parseDurationText(value: string): Seconds | undefined {
  const [, amount, unit] = text.exec(value) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const span = (Number(amount) * (milliseconds[unit] ?? Number.NaN)) / 1000;
  return Number.isFinite(span) ? span : undefined;
}
