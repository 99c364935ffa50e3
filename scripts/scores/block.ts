// The README's part about conformance.

import type {Agreed} from '../../packages/conformance/src/differences.ts';
import {type Kind, kinds} from '../../packages/conformance/src/suite.ts';
import {code, folded, plain, row} from '../markdown.ts';
import {argumentsFor, edition, optionsOf, type Run} from './runs.ts';
import {limpidIn, type Published, ranked, type Scores, type System, totalsIn} from './systems.ts';
import {type Unpassed, unpassedIn} from './unpassed.ts';

export const chartPath = 'docs/conformance.svg';

/** All that is shown. */
export type Shown = {
  readonly runs: readonly Run[];
  readonly published: readonly Published[];
  readonly agreed: Agreed;
  /** The day limpid's scores are from. */
  readonly date: string;
};

/** What is compared: everyone, ranked, by the tests that all were asked. */
export function comparisonOf({runs, published, date}: Shown): {readonly systems: readonly System[]; totals: Scores} {
  const compared = runs.filter(({profile}) => profile === 'private');
  return {systems: ranked([...limpidIn(compared, date), ...published]), totals: totalsIn(compared)};
}

const listed = (words: readonly string[]): string => new Intl.ListFormat('en-GB').format(words);

function systemName({name, ours}: System): string {
  if (ours === undefined) return plain(name);
  const options = ours.options.length > 0 ? `, with ${listed(ours.options.map(code))}` : '';
  return `**${plain(name)}** through ${listed(ours.clients)}${options}`;
}

function systemTable(shown: Shown): readonly string[] {
  const {systems, totals} = comparisonOf(shown);
  return [
    row('cache', ...kinds.map(kind => `${kind}, of ${totals[kind]}`), 'date'),
    row('---', ...kinds.map(() => '---:'), '---'),
    ...systems.map(system => row(systemName(system), ...kinds.map(kind => String(system[kind])), plain(system.date))),
  ];
}

/** What the profiles beyond the compared one ask. */
const furtherProfiles: Readonly<Record<string, string>> = {
  plus: 'the same, and what browsers hide from scripts',
  shared: 'what is asked of shared caches alone',
};

function furtherRow(run: Run): string {
  const score = (kind: Kind): string => `${run.totals[kind].passed} of ${run.totals[kind].tests}`;
  const asked = `${code(argumentsFor(run).join(' '))}: ${furtherProfiles[run.profile] ?? run.profile}`;
  return row(asked, optionsOf(run).map(code).join(', '), ...kinds.map(score));
}

const furtherTable = ({runs}: Shown): readonly string[] => [
  row('limpid beyond that', 'options', ...kinds),
  row('---', '---', ...kinds.map(() => '---:')),
  ...runs.filter(({profile}) => profile !== 'private').map(furtherRow),
];

/** A section with its address. */
const linked = (section: string): string =>
  plain(section).replaceAll(
    /RFC (?<rfc>\d+) §(?<section>[\d.]*\d)/g,
    '[$&](https://www.rfc-editor.org/rfc/rfc$<rfc>#section-$<section>)',
  );

function unpassedRow({ids, kind, answer, only, reason, sections}: Unpassed): string {
  const where = only.length > 0 ? `; only with ${listed(only.map(code))}` : '';
  const why = plain(reason) || 'Nothing was agreed about it.';
  const cited = sections.length > 0 ? ` (${sections.map(linked).join(', ')})` : '';
  return row(ids.map(code).join(', '), kind, `${plain(answer)}${where}`, `${why}${cited}`);
}

function unpassedTable({runs, agreed}: Shown): readonly string[] {
  const rows = unpassedIn(runs, agreed).map(unpassedRow);
  if (rows.length === 0) return ['Every test that is required or optimal passes.'];
  const table = [row('does not pass', 'kind', 'what limpid does', 'why'), row('---', '---', '---', '---'), ...rows];
  return folded('What does not pass, and why', table);
}

/** The part as Markdown. */
export const block = (shown: Shown): string =>
  [
    'How many tests of [http-tests/cache-tests](https://github.com/http-tests/cache-tests) (commit',
    `${code(edition.commit)}) a private cache passes. \`required\` is what a cache must do, \`optimal\` what makes it a better one. A`,
    '`check` is a question: its number counts the answers yes, and more of them are not better.',
    '',
    `![How many required and optimal tests each cache passes: the numbers of the table below](${chartPath})`,
    '',
    ...systemTable(shown),
    '',
    ...furtherTable(shown),
    '',
    'The rows of limpid come from runs of its [own runner](packages/conformance). Those of others are',
    '[figures](packages/conformance/published-scores.json) collected on the day given, and not measured by that runner, which',
    'is stricter than the original in two points. Where the tests are at hand, this runs them through each client and compares:',
    '',
    '```sh',
    'CACHE_TESTS=path/to/tests.json pnpm scores --check',
    '```',
    '',
    ...unpassedTable(shown),
  ].join('\n');
