// For laws about functions that only compute: what they are given is frozen, and looked at again afterwards.
import {Fields} from '../src/fields/fields.ts';

/** All that can be seen of a value, fields and maps included. */
function seen(value: unknown): unknown {
  if (value instanceof Fields || value instanceof Map) return [...value];
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, seen(member)]));
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
}

/** What `compute` makes of frozen arguments. Throws when it changes what freezing cannot protect. */
export function unchanging<Given extends readonly unknown[], Result>(
  compute: (...given: Given) => Result,
  ...given: Given
): Result {
  freeze(given);
  const before = JSON.stringify(seen(given));
  const result = compute(...given);
  if (JSON.stringify(seen(given)) !== before) throw new Error('an argument was changed');
  return result;
}
