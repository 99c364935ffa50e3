import fc from 'fast-check';
import {expect, test} from 'vitest';
import {at, clear, put} from '../../test/memory-store.ts';
import type {CompiledSelection} from '../model/selection.ts';
import {compileSelection, type Selection} from '../options/selection.ts';
import {inScope} from './contract-support.ts';
import {MemoryStore} from './memory.ts';

const compile = (selection: Selection): CompiledSelection =>
  compileSelection(selection, {
    now: 0,
    resources: url => [url],
    ofRequest: () => inScope({type: 'all'}),
  }) as CompiledSelection;

const origins = ['https://a.example', 'https://b.a.example', 'https://a.example:8443'];
const hosts = ['a.example', 'a.example:8443'];
const tags = ['t', 'u'];
const segments = fc.array(fc.constantFrom('a', 'ab', 'b?q=/', ''), {maxLength: 3});
const url = fc.tuple(fc.constantFrom(...origins), segments).map(([origin, path]) => `${origin}/${path.join('/')}`);

interface Held {
  readonly url: string;
  readonly tags: readonly string[];
}

const held: fc.Arbitrary<readonly Held[]> = fc.uniqueArray(fc.record({url, tags: fc.subarray(tags)}), {
  maxLength: 12,
  selector: one => one.url,
});

interface Conditions {
  readonly prefix?: string;
  readonly origin?: string;
  readonly host?: string;
  readonly tag?: string;
  readonly where?: () => boolean;
}

const conditions: fc.Arbitrary<Conditions> = fc
  .record(
    {
      // Normalising takes an empty port away, and then the prefix is another.
      prefix: fc
        .tuple(url, fc.integer({min: 9, max: 30}))
        .map(([whole, length]) => whole.slice(0, length).replace(/:$/, '')),
      origin: fc.constantFrom(...origins),
      host: fc.constantFrom(...hosts),
      tag: fc.constantFrom(...tags),
      where: fc.constant(() => true),
    },
    {requiredKeys: []},
  )
  .filter(chosen => Object.keys(chosen).length > 0);

/** The conditions read once more, as their documentation says. */
function isSelected(given: Conditions, one: Held): boolean {
  const {origin, host, hostname} = new URL(one.url);
  return (
    one.url.startsWith(given.prefix ?? '') &&
    (given.origin ?? origin) === origin &&
    [undefined, host, hostname].includes(given.host) &&
    (given.tag === undefined || one.tags.includes(given.tag))
  );
}

test('a clear takes and counts what its clauses are true of, whatever stands beside a prefix', () => {
  fc.assert(
    fc.property(held, fc.array(conditions, {minLength: 1, maxLength: 2}), (responses, selection) => {
      const store = new MemoryStore();
      const stored = responses.map(one => put(store, {...one, resource: one.url}, 1));
      const remaining = stored.filter(one => !selection.some(clause => isSelected(clause, one)));
      const count = stored.length - remaining.length;
      const what = compile(selection);
      expect(clear(store, what, {action: 'count', exact: true})).toMatchObject({count, bytes: count});
      expect(clear(store, what).count).toBe(count);
      expect(store.size().count).toBe(remaining.length);
      expect(remaining.every(one => store.list(one.resource).length === 1)).toBe(true);
    }),
    {numRuns: 500},
  );
});

test('a search counts nothing that an earlier clear took and nobody has freed yet', () => {
  const store = new MemoryStore();
  for (let index = 0; index < 3000; index++) put(store, {...at(index), tags: ['t']});
  put(store, at('kept'));
  clear(store, [inScope({type: 'tag', tag: 't'})]);
  expect(clear(store, compile({prefix: 'https://a.example/'})).count).toBe(1);
});
