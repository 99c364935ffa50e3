// Writes RFC9111.md: where each section of the standard lives, which tests hold it there, and which tests of
// http-tests/cache-tests ask about it. Without their data, the file's own word for these is kept.
// `node scripts/rfc9111.ts --check` writes nothing and fails when the file is not current.

import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {readAgreed} from '../packages/conformance/src/differences.ts';
import {suitePath} from '../packages/conformance/src/suite.ts';
import {type Cited, citedIn, keyOf, type Remark, remarksIn, testedIn} from './citations.ts';
import {row} from './markdown.ts';
import {type Section, sections} from './rfc9111-sections.ts';
import {
  type Asked,
  askedBefore,
  askedIn,
  folded,
  noSection,
  readGroups,
  strayIn,
  unknownAnchors,
  withDifferences,
} from './rfc9111-tests.ts';
import {isTest, packageSources, type SourceFile, textOf, workspaceRoot} from './source.ts';

/** Where a section is answered: files with the exports that cite it, and the test files that name it or stand beside. */
export type Place = {readonly files: ReadonlyMap<string, readonly string[]>; readonly tests: readonly string[]};

/** From `9111 4.2.1` to its place. */
export type Places = ReadonlyMap<string, Place>;

const nowhere: Place = {files: new Map(), tests: []};

const ownKey = (section: string): string => keyOf({rfc: '9111', section});

function grouped<T>(pairs: readonly (readonly [key: string, value: T])[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();

function placeOf(cited: readonly Cited[], named: readonly string[], testFiles: ReadonlySet<string>): Place {
  const files = new Map<string, readonly string[]>();
  for (const {path, names} of cited) files.set(path, unique([...(files.get(path) ?? []), ...names]));
  const beside = [...files.keys()].map(path => path.replace(/\.ts$/, '.test.ts')).filter(path => testFiles.has(path));
  return {files, tests: unique([...beside, ...named])};
}

/** Every cited section with its place. */
export function placesIn(sources: readonly SourceFile[]): Places {
  const tests = sources.filter(({path}) => isTest(path));
  const testFiles = new Set(tests.map(({path}) => path));
  const cited = sources.filter(({path}) => !isTest(path)).flatMap(citedIn);
  const named = grouped(tests.flatMap(source => testedIn(source).map(of => [keyOf(of), source.path] as const)));
  const citedBy = grouped(cited.map(of => [keyOf(of), of] as const));
  return new Map([...citedBy].map(([key, of]) => [key, placeOf(of, named.get(key) ?? [], testFiles)]));
}

/** The tests of http-tests/cache-tests per section, and those that knowingly do not pass. */
export type Conformance = {readonly asked: Asked; readonly differing: ReadonlySet<string>};

/** What stands against calling the index complete. */
export function gapsIn(places: Places, toc: readonly Section[] = sections): readonly string[] {
  const known = new Set(toc.map(({number}) => ownKey(number)));
  const missing = toc.flatMap(({number, title, normative, notApplicable}) => {
    const place = places.get(ownKey(number));
    if (place) return place.tests.length > 0 ? [] : [`§${number} ${title} has a file but no test`];
    return normative && !notApplicable ? [`§${number} ${title} has neither a file nor a stated reason`] : [];
  });
  const unknown = [...places]
    .filter(([key]) => key.startsWith('9111 ') && !known.has(key))
    .map(([key, {files}]) => `${[...files.keys()].join(', ')} cites §${key.slice(5)}, which RFC 9111 does not have`);
  return [...missing, ...unknown];
}

const link = (path: string): string => `[${path.replace(/^packages\/([^/]+)\/(?:src\/)?/, '$1: ')}](${path})`;

const filesOf = ({files}: Place): string =>
  [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([path, names]) => `${link(path)}${names.length > 0 ? ` (${names.map(name => `\`${name}\``).join(', ')})` : ''}`,
    )
    .join('<br>');

const testsOf = ({tests}: Place): string => tests.map(link).join('<br>');

const askedOf = ({asked, differing}: Conformance, key: string): string => folded(asked.get(key) ?? [], differing);

const sectionRow = (places: Places, conformance: Conformance, {number, title, notApplicable}: Section): string => {
  const place = places.get(ownKey(number));
  return row(
    `§${number} ${title}`,
    place ? filesOf(place) : '',
    place ? testsOf(place) : (notApplicable ?? '**missing**'),
    askedOf(conformance, ownKey(number)),
  );
};

function otherRows(places: Places, conformance: Conformance): readonly string[] {
  const keys = [...places.keys(), ...conformance.asked.keys()].filter(
    key => key !== noSection && !key.startsWith('9111'),
  );
  return unique(keys)
    .toSorted((a, b) => a.localeCompare(b, 'en', {numeric: true}))
    .map(key => {
      const place = places.get(key) ?? nowhere;
      return row(`RFC ${key.replace(' ', ' §')}`, filesOf(place), testsOf(place), askedOf(conformance, key));
    });
}

function remarkList(remarks: readonly Remark[], type: Remark['type']): readonly string[] {
  const lines = remarks.filter(remark => remark.type === type).map(({path, text}) => `- ${link(path)}: ${text}`);
  return lines.length > 0 ? lines : ['None.'];
}

/** The whole of RFC9111.md. */
export function render(places: Places, remarks: readonly Remark[], conformance: Conformance): string {
  return [
    '# RFC 9111 in limpid',
    '',
    'Where each section of [RFC 9111](https://www.rfc-editor.org/rfc/rfc9111) is answered, and by which tests it is held.',
    'Written by `pnpm rfc` from the comments in the code; do not edit. Sections without a file say why they need none.',
    'The last column folds away the tests of [cache-tests](https://github.com/http-tests/cache-tests) that ask about a section',
    'and that limpid is run with; those in bold differ on purpose, [for these reasons](README.md#conformance).',
    '',
    '| Section | Code | Tests, or why there is nothing to do | cache-tests |',
    '| --- | --- | --- | --- |',
    ...sections.map(section => sectionRow(places, conformance, section)),
    '',
    '## Other standards',
    '',
    '| Section | Code | Tests | cache-tests |',
    '| --- | --- | --- | --- |',
    ...otherRows(places, conformance),
    '',
    `Tests of cache-tests that name no section: ${askedOf(conformance, noSection) || 'none.'}`,
    '',
    '## Choices',
    '',
    'Where the standard leaves the decision to a cache.',
    '',
    ...remarkList(remarks, 'Choice'),
    '',
    '## Deviations',
    '',
    'Where limpid knowingly differs.',
    '',
    ...remarkList(remarks, 'Deviation'),
    '',
  ].join('\n');
}

/** What is asked, from the data if it is there. */
function conformanceNow(written: string): Conformance & {readonly complaints: readonly string[]} {
  const groups = readGroups();
  if (!groups) console.log(`There are no tests at ${suitePath()}: those that RFC9111.md names are kept, unchecked.`);
  const {differences} = readAgreed();
  const asked = withDifferences(groups ? askedIn(groups) : askedBefore(written), differences);
  const differing = new Set(differences.map(({id}) => id));
  return {asked, differing, complaints: [...unknownAnchors(groups ?? []), ...strayIn(asked, sections)]};
}

function main(): void {
  const sources = packageSources();
  const places = placesIn(sources);
  const remarks = sources.filter(({path}) => !isTest(path)).flatMap(remarksIn);
  const file = join(workspaceRoot, 'RFC9111.md');
  const written = existsSync(file) ? textOf('RFC9111.md') : '';
  const conformance = conformanceNow(written);
  const text = render(places, remarks, conformance);
  const complaints = [...gapsIn(places), ...conformance.complaints];
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (written !== text) complaints.push('RFC9111.md is not current: run `pnpm rfc`');
  for (const complaint of complaints) console.error(complaint);
  console.log(`RFC 9111: ${places.size} sections cited, ${remarks.length} remarks, ${complaints.length} complaints`);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}

if (import.meta.main) main();
