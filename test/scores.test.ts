import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {argumentsOf} from '../packages/conformance/src/arguments.ts';
import type {Agreed} from '../packages/conformance/src/differences.ts';
import type {Totals} from '../packages/conformance/src/report.ts';
import {blockIn, plain, row, withBlock} from '../scripts/markdown.ts';
import {block, comparisonOf, type Shown} from '../scripts/scores/block.ts';
import {chart} from '../scripts/scores/chart.ts';
import {argumentsFor, edition, type Run, settings, type TestResult} from '../scripts/scores/runs.ts';
import {nameOf} from '../scripts/scores/systems.ts';
import {unpassedIn} from '../scripts/scores/unpassed.ts';
import {ofOtherEditions, publish} from '../scripts/scores.ts';
import {textOf} from '../scripts/source.ts';

const passed = (count: number, tests: number): Totals => ({tests, passed: count, failed: tests - count, notRun: 0});

const runWith = (required: number, changes: Partial<Run> = {}): Run => ({
  client: 'fetch',
  store: 'memory',
  profile: 'private',
  unreachable: 'reject',
  date: '2026-03-04T05:06:07.000Z',
  options: {store: 'memory', unreachable: changes.unreachable ?? 'reject'},
  suite: {digest: edition.digest},
  totals: {required: passed(required, 10), optimal: passed(5, 6), check: passed(3, 4)},
  results: [],
  ...changes,
});

const failed = (id: string, message = 'it failed'): TestResult => ({id, kind: 'optimal', outcome: 'failed', message});
const nothingAgreed: Agreed = {differences: [], answers: []};
const published = [
  {name: 'Lesser', required: 8, optimal: 6, check: 0, date: '2026-01-01'},
  {name: 'Equal', required: 9, optimal: 6, check: 1, date: '2026-01-02'},
  {name: 'Better', required: 10, optimal: 0, check: 2, date: '2026-01-03'},
];
const shown: Shown = {runs: [runWith(9)], published, agreed: nothingAgreed, date: '2026-03-04'};

const rowsOf = (text: string): readonly string[] => text.split('\n').filter(line => line.startsWith('| '));

describe('the table', () => {
  test('ranks by what is required, then by what is optimal, and dates each row', () => {
    expect(rowsOf(block(shown)).slice(0, 6)).toEqual([
      '| cache | required, of 10 | optimal, of 6 | check, of 4 | date |',
      '| --- | ---: | ---: | ---: | --- |',
      '| Better | 10 | 0 | 2 | 2026-01-03 |',
      '| Equal | 9 | 6 | 1 | 2026-01-02 |',
      '| **limpid** through fetch | 9 | 5 | 3 | 2026-03-04 |',
      '| Lesser | 8 | 6 | 0 | 2026-01-01 |',
    ]);
  });

  test('gathers clients that do equally well with the same options', () => {
    const runs = [
      runWith(9),
      runWith(9, {client: 'ky'}),
      runWith(7, {client: 'axios'}),
      runWith(9, {unreachable: 'respond'}),
    ];
    expect(rowsOf(block({...shown, runs, published: []})).slice(2, 5)).toEqual([
      '| **limpid** through fetch and ky | 9 | 5 | 3 | 2026-03-04 |',
      "| **limpid** through fetch, with `unreachable: 'respond'` | 9 | 5 | 3 | 2026-03-04 |",
      '| **limpid** through axios | 7 | 5 | 3 | 2026-03-04 |',
    ]);
  });

  test('shows a name as it is, whatever it holds', () => {
    const name = 'a|b <i>*c*</i> [d](e) `f`';
    const named = {name, required: 8, optimal: 6, check: 0, date: '2026-01-01'};
    expect(rowsOf(block({...shown, published: [named]})).at(3)).toBe(
      '| a\\|b \\<i\\>\\*c\\*\\</i\\> \\[d\\](e) \\`f\\` | 8 | 6 | 0 | 2026-01-01 |',
    );
  });

  test('keeps other profiles apart', () => {
    const shared = runWith(2, {profile: 'shared', options: {kind: 'shared', targetedFields: ['a', 'b']}});
    const text = block({...shown, runs: [runWith(9), shared]});
    expect(rowsOf(text)).toContain(
      "| `--profile shared`: what is asked of shared caches alone | `kind: 'shared'`, `targetedFields: ['a','b']` | 2 of 10 | 5 of 6 | 3 of 4 |",
    );
    expect(text.match(/\*\*limpid\*\*/g)).toHaveLength(1);
  });
});

describe('what does not pass', () => {
  const difference = {id: 'a', answer: 'something else', reason: 'Because.', section: 'RFC 9111 §4.1'};

  test('stands with its reason and its section', () => {
    const runs = [runWith(9, {results: [failed('a'), failed('b')]})];
    const differences = [difference, {...difference, id: 'b', section: 'RFC 8246 §2'}];
    expect(rowsOf(block({...shown, runs, agreed: {differences, answers: []}})).at(-1)).toBe(
      '| `a`, `b` | optimal | something else | Because. ' +
        '([RFC 9111 §4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1), ' +
        '[RFC 8246 §2](https://www.rfc-editor.org/rfc/rfc8246#section-2)) |',
    );
  });

  test('is told for what is required first, and not for questions', () => {
    const results: readonly TestResult[] = [
      failed('optimal'),
      {...failed('required'), kind: 'required'},
      {...failed('question'), kind: 'check'},
      {id: 'passed', kind: 'required', outcome: 'passed'},
    ];
    expect(unpassedIn([runWith(9, {results})], nothingAgreed).map(({ids}) => ids)).toEqual([['required'], ['optimal']]);
  });

  const both = [failed('a')];
  const fine: readonly TestResult[] = [{id: 'a', kind: 'optimal', outcome: 'passed'}];
  test.each<readonly [title: string, runs: readonly Run[], only: readonly string[]]>([
    ['in every run', [runWith(9, {results: both}), runWith(9, {client: 'ky', results: both})], []],
    ['in every run that has it', [runWith(9, {results: both}), runWith(9, {profile: 'shared'})], []],
    [
      'through one client',
      [runWith(9, {client: 'axios', results: both}), runWith(9, {results: fine})],
      ['--client axios'],
    ],
    [
      'with one option, through several clients',
      [
        runWith(9, {results: both}),
        runWith(9, {client: 'ky', results: both}),
        runWith(9, {unreachable: 'respond', results: fine}),
      ],
      ['--unreachable reject'],
    ],
    [
      'in one run that no single argument sets apart',
      [
        runWith(9, {client: 'ky', profile: 'plus', results: both}),
        runWith(9, {client: 'ky', results: fine}),
        runWith(9, {profile: 'plus', results: fine}),
      ],
      ['pnpm conformance --client ky --profile plus'],
    ],
  ])('says where: %s', (_, runs, only) => {
    expect(unpassedIn(runs, nothingAgreed)).toEqual([
      {ids: ['a'], kind: 'optimal', answer: 'it failed', reason: '', sections: [], only},
    ]);
  });

  test('for want of another test has the reason of the first one that did not pass', () => {
    const waiting = (id: string, message: string): TestResult => ({
      ...failed(id, message),
      outcome: 'not run',
      because: 'dependency',
    });
    const results = [waiting('c', 'b did not pass'), waiting('b', 'question did not pass')];
    const answers = [{ids: ['question'], answer: 'no', reason: 'We chose so.', section: 'RFC 9111 §4.2.4'}] as const;
    expect(unpassedIn([runWith(9, {results})], {differences: [], answers})).toEqual([
      {
        ids: ['c', 'b'],
        kind: 'optimal',
        answer: 'not run, because question does not pass',
        reason: 'We chose so.',
        sections: ['RFC 9111 §4.2.4'],
        only: [],
      },
    ]);
  });

  test('can be nothing', () => {
    expect(block(shown)).toContain('Every test that is required or optimal passes.');
  });
});

describe('the picture', () => {
  const {systems, totals} = comparisonOf({
    ...shown,
    runs: [runWith(9), runWith(10, {unreachable: 'respond'})],
    published: [{name: 'A <b> & c', required: 1, optimal: 2, check: 3, date: '2026-01-01'}],
  });
  const svg = chart(systems, totals);

  test('says in words what it shows', () => {
    expect(svg).toMatch(/^<svg role="img" aria-labelledby="title description" /);
    expect(svg).toContain('<title id="title">Tests of http-tests/cache-tests that pass</title>');
    expect(svg).toContain(
      "Of 10 required and 6 optimal tests. limpid, unreachable: 'respond': 10 required, 5 optimal; " +
        'limpid: 9 required, 5 optimal; A &lt;b&gt; &amp; c: 1 required, 2 optimal.</desc>',
    );
  });

  test('marks limpid by more than its colour', () => {
    expect(svg).toMatch(/font-weight:bold[^>]*>limpid</);
    expect(svg).not.toMatch(/font-weight:bold[^>]*>A /);
  });

  test('has a dark colour for each light one', () => {
    const [dark = ''] = /prefers-color-scheme: dark.*/.exec(svg) ?? [];
    const fills = new Set([...svg.matchAll(/ fill="(?<colour>#\w+)"/g)].map(({groups}) => groups?.colour));
    expect(fills.size).toBeGreaterThan(3);
    for (const colour of fills) expect(dark).toContain(`[fill="${colour}"]`);
  });

  test('is the same each time it is drawn', () => {
    expect(chart(systems, totals)).toBe(svg);
  });

  test('tells by name what options all rows of limpid share only in its note', () => {
    const options = {staleIfError: '1h'};
    const drawn = comparisonOf({...shown, runs: [runWith(9, {options}), runWith(8, {client: 'ky', options})]});
    expect(drawn.systems.map(system => nameOf(system, drawn.systems))).toEqual([
      'Better',
      'Equal',
      'limpid, fetch',
      'Lesser',
      'limpid, ky',
    ]);
    expect(chart(drawn.systems, drawn.totals)).toContain('>limpid with staleIfError: &#39;1h&#39;</text>');
  });
});

describe('publishing', () => {
  const readme = 'Before.\n\n<!-- scores -->\nold\n<!-- /scores -->\n\nAfter.\n';

  function folderWith(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'limpid-scores-test-'));
    onTestFinished(() => rmSync(folder, {recursive: true}));
    writeFileSync(join(folder, 'README.md'), text);
    return folder;
  }
  const readmeIn = (folder: string): string => readFileSync(join(folder, 'README.md'), 'utf8');

  test('writes what a check then finds current', () => {
    const folder = folderWith(readme);
    expect(publish(folder, shown, 'write')).toEqual([]);
    expect(publish(folder, shown, 'check')).toEqual([]);
    expect(readmeIn(folder)).toMatch(/^Before\.\n\n<!-- scores -->\nHow many[\s\S]*\n<!-- \/scores -->\n\nAfter\.\n$/);
  });

  test('finds equal scores current on another day', () => {
    const folder = folderWith(readme);
    publish(folder, shown, 'write');
    const later = runWith(9, {date: '2027-08-09T00:00:00.000Z'});
    expect(publish(folder, {...shown, runs: [later]}, 'check')).toEqual([]);
    publish(folder, {...shown, runs: [later]}, 'write');
    expect(readmeIn(folder)).toContain('| **limpid** through fetch | 9 | 5 | 3 | 2027-08-09 |');
  });

  test('finds other scores out of date, and writes nothing', () => {
    const folder = folderWith(readme);
    expect(publish(folder, shown, 'check')).toEqual([
      'README.md is not what the runs give: run `pnpm scores`',
      'docs/conformance.svg is not what the runs give: run `pnpm scores`',
    ]);
    expect(readmeIn(folder)).toBe(readme);
    publish(folder, shown, 'write');
    expect(publish(folder, {...shown, runs: [runWith(8)]}, 'check')).toHaveLength(2);
    expect(publish(folder, {...shown, published: published.slice(1)}, 'check')).toHaveLength(2);
  });

  test('finds a picture that somebody drew on', () => {
    const folder = folderWith(readme);
    publish(folder, shown, 'write');
    mkdirSync(join(folder, 'docs'), {recursive: true});
    writeFileSync(join(folder, 'docs/conformance.svg'), '<svg/>');
    expect(publish(folder, shown, 'check')).toEqual([
      'docs/conformance.svg is not what the runs give: run `pnpm scores`',
    ]);
  });

  test.each(['nothing', '<!-- scores -->', '<!-- /scores -->\n<!-- scores -->'])(
    'needs a place in the README: %s',
    text => {
      const folder = folderWith(text);
      for (const how of ['write', 'check'] as const) {
        expect(publish(folder, shown, how)).toEqual(['README.md lacks <!-- scores --> or <!-- /scores -->']);
      }
      expect(readmeIn(folder)).toBe(text);
    },
  );

  test('has its place in our README', () => {
    expect(blockIn(textOf('README.md'), 'scores')).toBeDefined();
  });
});

describe('a run', () => {
  test.each(settings.map(setting => [argumentsFor(setting).join(' '), setting] as const))(
    'is asked for by arguments that the runner understands: %s',
    (_, setting) => {
      expect(argumentsOf(argumentsFor(setting))).toMatchObject({type: 'run', setting});
    },
  );

  test('of another edition of the suite cannot be compared', () => {
    expect(ofOtherEditions([runWith(9)])).toEqual([]);
    expect(ofOtherEditions([runWith(9), runWith(9, {suite: {digest: 'sha256:0'}})])).toEqual([
      `the suite is sha256:0, and ${edition.digest} is commit ${edition.commit}`,
    ]);
  });
});

describe('Markdown', () => {
  test('shows words as they are, and a cell as one cell', () => {
    expect(row(plain('a\\|b'), 'c\nd')).toBe('| a\\\\\\|b | c d |');
  });
  test('is replaced between its marks alone, by text that means nothing to a pattern', () => {
    expect(withBlock('a <!-- x --> b <!-- /x --> c <!-- /x -->', 'x', '$& $1')).toBe(
      'a <!-- x -->\n$& $1\n<!-- /x --> c <!-- /x -->',
    );
  });
});
