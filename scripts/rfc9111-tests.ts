// Which tests of http-tests/cache-tests ask about which section: read from their data or, without it, from what
// RFC9111.md said before.

import {existsSync, readFileSync} from 'node:fs';
import type {Difference} from '../packages/conformance/src/differences.ts';
import {profiles} from '../packages/conformance/src/profiles.ts';
import {completed, suitePath} from '../packages/conformance/src/suite.ts';
import {citationsIn, keyOf} from './citations.ts';
import {code} from './markdown.ts';
import {sectionOf} from './rfc9111-anchors.ts';
import type {Section} from './rfc9111-sections.ts';

/** From `9111 4.2.1` to the ids of tests; under no section at all, those that name none. */
export type Asked = ReadonlyMap<string, readonly string[]>;

export const noSection = '';

type WrittenTest = Parameters<typeof completed>[0] & {readonly spec_anchors?: readonly string[]};

/** A group of tests as the data has it; its anchors speak for the tests that have none of their own. */
export type Group = {readonly spec_anchors?: readonly string[]; readonly tests: readonly WrittenTest[]};

/** The groups of the data; `undefined` when there is none. */
export function readGroups(path: string = suitePath()): readonly Group[] | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as readonly Group[]) : undefined;
}

const isRun = (test: WrittenTest): boolean =>
  Object.values(profiles).some(profile => profile.includes(completed(test)));

/** A test's own anchors or, when it has none, those of its group. */
const anchorsOf = (test: WrittenTest, group: Group): readonly string[] =>
  [test.spec_anchors, group.spec_anchors].find(anchors => anchors !== undefined && anchors.length > 0) ?? [];

type Named = {readonly id: string; readonly anchor: string | undefined};

/** Each test of the profiles limpid is run with, once for every anchor. */
const namedIn = (groups: readonly Group[]): readonly Named[] =>
  groups.flatMap(group =>
    group.tests.filter(isRun).flatMap((test): readonly Named[] => {
      const anchors = anchorsOf(test, group);
      return anchors.length > 0 ? anchors.map(anchor => ({id: test.id, anchor})) : [{id: test.id, anchor: undefined}];
    }),
  );

function gathered(pairs: readonly (readonly [key: string, id: string])[]): Asked {
  const asked = new Map<string, Set<string>>();
  for (const [key, id] of pairs) asked.set(key, (asked.get(key) ?? new Set()).add(id));
  return new Map([...asked].map(([key, ids]) => [key, [...ids]]));
}

/** What the data asks. */
export const askedIn = (groups: readonly Group[]): Asked =>
  gathered(
    namedIn(groups).flatMap(({id, anchor}) => {
      if (anchor === undefined) return [[noSection, id] as const];
      const section = sectionOf(anchor);
      return section ? [[keyOf(section), id] as const] : [];
    }),
  );

/** What stands against placing every test. */
export function unknownAnchors(groups: readonly Group[]): readonly string[] {
  const anchors = new Set(namedIn(groups).map(({anchor}) => anchor));
  return [...anchors]
    .filter(anchor => anchor !== undefined && !sectionOf(anchor))
    .map(anchor => `scripts/rfc9111-anchors.ts does not know the anchor ${anchor}`);
}

/** Places that RFC 9111 does not have. */
export function strayIn(asked: Asked, toc: readonly Section[]): readonly string[] {
  const known = new Set(toc.map(({number}) => keyOf({rfc: '9111', section: number})));
  return [...asked]
    .filter(([key]) => /^9111\b/.test(key) && !known.has(key))
    .map(([key, ids]) => `${ids.join(', ')}: §${key.slice(5)} is no section of RFC 9111`);
}

/** The same, and under its section each test that knowingly does not pass. */
export const withDifferences = (asked: Asked, differences: readonly Difference[]): Asked =>
  gathered([
    ...[...asked].flatMap(([key, ids]) => ids.map(id => [key, id] as const)),
    ...differences.flatMap(({id, section}) => citationsIn(section).map(cited => [keyOf(cited), id] as const)),
  ]);

const rowStart = /^\| (?:§(?<own>[\d.]+) [^|]*|RFC (?<rfc>\d+)(?: §(?<section>[\d.]+))?) \|/;

/** What a written RFC9111.md says is asked. */
export const askedBefore = (markdown: string): Asked =>
  gathered(
    markdown.split('\n').flatMap(line => {
      const ids = [...(/<details>(?<list>.*)<\/details>/.exec(line)?.groups?.list?.matchAll(/`(?<id>[^`]+)`/g) ?? [])];
      const {own, rfc = '9111', section = own ?? ''} = rowStart.exec(line)?.groups ?? {};
      const key = rowStart.test(line) ? keyOf({rfc, section}) : noSection;
      return ids.map(({groups}) => [key, groups?.id ?? ''] as const);
    }),
  );

/** The ids as Markdown, folded; `marked` are the tests that knowingly do not pass. */
export function folded(ids: readonly string[], marked: ReadonlySet<string>): string {
  if (ids.length === 0) return '';
  const bold = ids.filter(id => marked.has(id)).length;
  const list = ids.map(id => (marked.has(id) ? `**${code(id)}**` : code(id)));
  return `<details><summary>${ids.length}${bold > 0 ? `, ${bold} in bold` : ''}</summary>${list.join(' ')}</details>`;
}
