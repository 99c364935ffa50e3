import {complaint, isPlain, noOption} from '../complaint.ts';

/** What a store may be made with, as defaults say: numbers above 0, names, and clocks. */
type Defaults = Readonly<Record<string, number | string | (() => number)>>;

const allowed: Readonly<Record<string, string>> = {
  number: 'a whole number above 0',
  string: 'a text that is not empty',
  function: 'a function that returns milliseconds since the epoch',
};

const isAllowed = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isSafeInteger(value) && value > 0 : value !== '';

/** A store's options with its defaults filled in; throws a `TypeError` that says what is allowed. */
export function readStoreOptions<T extends Defaults>(store: string, options: unknown, defaults: T): T {
  const names = Object.keys(defaults);
  if (!isPlain(options)) throw complaint(`${store} options`, options, `an object with ${names.join(', ')}`);
  const read: Record<string, unknown> = {...defaults};
  for (const [name, value] of Object.entries(options)) {
    const path = `${store} ${name}`;
    if (!Object.hasOwn(defaults, name)) throw noOption(path, name, names);
    if (value === undefined) continue;
    const kind = typeof defaults[name];
    if (typeof value !== kind || !isAllowed(value)) throw complaint(path, value, allowed[kind] ?? '');
    read[name] = value;
  }
  return read as T;
}
