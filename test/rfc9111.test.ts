import {describe, expect, test} from 'vitest';
import {citationsIn, citedIn, remarksIn, testedIn} from '../scripts/citations.ts';
import {gapsIn, placesIn, render} from '../scripts/rfc9111.ts';
import {sectionOf} from '../scripts/rfc9111-anchors.ts';
import {sections} from '../scripts/rfc9111-sections.ts';
import {
  askedBefore,
  askedIn,
  type Group,
  noSection,
  readGroups,
  strayIn,
  unknownAnchors,
  withDifferences,
} from '../scripts/rfc9111-tests.ts';
import {parseSource, type SourceFile} from '../scripts/source.ts';

const file = (path: string, text: string): SourceFile => parseSource(`packages/core/${path}`, text);
const age = '/** How old. @see RFC 9111 §5.1 */\nexport const age = 1;';
const unasked = {asked: new Map(), differing: new Set<string>()};
const toc = [
  {number: '5.1', title: 'Age', normative: true},
  {number: '5.5', title: 'Warning', normative: true, notApplicable: 'obsolete'},
];

describe('a citation', () => {
  const cases: readonly (readonly [text: string, sections: readonly string[]])[] = [
    ['RFC 9111 §4.2.1, §4.2.2', ['9111 4.2.1', '9111 4.2.2']],
    ['§3', ['9111 3']],
    ['RFC 9111 §5.2.1.1–5.2.1.3', ['9111 5.2.1.1', '9111 5.2.1.2', '9111 5.2.1.3']],
    ['RFC 9111 §4.3.4–5, RFC 9110 §13.2', ['9111 4.3.4', '9111 4.3.5', '9110 13.2']],
    ['RFC 5861, RFC 8246', ['5861 ', '8246 ']],
    ['RFC 9111 §3, 1 day', ['9111 3']],
    ['URL Standard §4.4', []],
    ['Clear Site Data §3.1', []],
    ['RFC 9111 §4.4, RFC 9875 §3, Clear Site Data §3.1', ['9111 4.4', '9875 3']],
    ['RFC 9110 §15.4, Fetch §4.4, RFC 9111 §4', ['9110 15.4', '9111 4']],
    ['nothing', []],
  ];
  test.each(cases)('in "%s" names %j', (text, named) => {
    expect(citationsIn(text).map(({rfc, section}) => `${rfc} ${section}`)).toEqual(named);
  });
  test('belongs to the export it stands at or in, else to its file', () => {
    const source = file(
      'src/a.ts',
      '// All. @see RFC 9111 §2\n\n/** @see RFC 9111 §3 */\nexport function f() {}\nexport type T = {\n  /** @see RFC 9111 §4 */\n  a: 1;\n};',
    );
    expect(citedIn(source).map(({section, names}) => [section, ...names])).toEqual([['2'], ['3', 'f'], ['4', 'T']]);
  });
});

describe('a test', () => {
  test('names sections in its rows', () => {
    const source = file('src/a.test.ts', "const rows = [{rfc: '4.2.1'}, {rfc: ['RFC 9110 §8.8.3', '3']}];");
    expect(testedIn(source)).toEqual([
      {rfc: '9111', section: '4.2.1'},
      {rfc: '9110', section: '8.8.3'},
      {rfc: '9111', section: '3'},
    ]);
  });
});

describe('a remark', () => {
  test('runs to the end of its paragraph', () => {
    const text = [
      '// Choice (§4.4, MAY): one',
      '// and a half.',
      '//',
      '// Not this.',
      'const a = 1;',
      '/**',
      ' * Something.',
      ' *',
      ' * Deviation: two.',
      ' *',
      ' * @see RFC 9111 §3',
      ' */',
    ].join('\n');
    expect(remarksIn(file('src/a.ts', text))).toEqual([
      {type: 'Choice', path: 'packages/core/src/a.ts', text: '(§4.4, MAY) one and a half.'},
      {type: 'Deviation', path: 'packages/core/src/a.ts', text: 'two.'},
    ]);
  });
});

describe('the index', () => {
  test('has a gap where a section has no file', () => {
    expect(gapsIn(placesIn([]), toc)).toEqual(['§5.1 Age has neither a file nor a stated reason']);
  });
  test('has a gap where a file has no test', () => {
    expect(gapsIn(placesIn([file('src/age.ts', age)]), toc)).toEqual(['§5.1 Age has a file but no test']);
  });
  test('has a gap where a cited section does not exist', () => {
    const sources = [file('src/age.ts', `${age}\n// @see RFC 9111 §5.9`), file('src/age.test.ts', '')];
    expect(gapsIn(placesIn(sources), toc)).toEqual([
      'packages/core/src/age.ts cites §5.9, which RFC 9111 does not have',
    ]);
  });
  test.each([
    ['beside the file', 'src/age.test.ts', ''],
    ['elsewhere by its rows', 'test/scenarios/hit.ts', "export const rows = [{rfc: '5.1'}];"],
  ])('is whole with a test %s', (_, path, text) => {
    const places = placesIn([file('src/age.ts', age), file(path, text)]);
    expect(gapsIn(places, toc)).toEqual([]);
    expect(render(places, [], unasked)).toContain(`](packages/core/${path})`);
  });
});

describe('an anchor', () => {
  test.each([
    ['field.age', {rfc: '9111', section: '5.1'}],
    ['field.date', {rfc: '9110', section: '6.6.1'}],
    ['https://www.rfc-editor.org/rfc/rfc5861.html#section-3', {rfc: '5861', section: '3'}],
    ['https://www.rfc-editor.org/rfc/rfc9213.html', {rfc: '9213', section: ''}],
    ['constructor', undefined],
    ['https://example.com/rfc5861.html', undefined],
  ])('%s names %j', (anchor, section) => {
    expect(sectionOf(anchor)).toEqual(section);
  });
});

const groups: readonly Group[] = [
  {
    spec_anchors: ['field.age'],
    tests: [
      {id: 'of-the-group', name: '', requests: []},
      {id: 'of-its-own', name: '', requests: [], spec_anchors: ['delta-seconds', 'field.expires']},
      {id: 'of-none', name: '', requests: [], spec_anchors: []},
      {id: 'not-run', name: '', requests: [], browser_skip: true},
    ],
  },
  {tests: [{id: 'of-no-section', name: '', requests: []}]},
];
const difference = {id: 'of-its-own', answer: '', reason: '', section: 'RFC 8246 §2'};

describe('a test of the conformance suite', () => {
  test('is placed by its own anchors, else by those of its group, when limpid is run with it', () => {
    expect(Object.fromEntries(askedIn(groups))).toEqual({
      '9111 5.1': ['of-the-group', 'of-none'],
      '9111 1.2.2': ['of-its-own'],
      '9111 5.3': ['of-its-own'],
      [noSection]: ['of-no-section'],
    });
  });
  test('that differs stands under the section of its reason, too', () => {
    expect(withDifferences(askedIn(groups), [difference]).get('8246 2')).toEqual(['of-its-own']);
  });
  test('with an anchor nobody knows is complained of', () => {
    expect(unknownAnchors([{tests: [{id: 'a', name: '', requests: [], spec_anchors: ['field.nonsense']}]}])).toEqual([
      'scripts/rfc9111-anchors.ts does not know the anchor field.nonsense',
    ]);
    expect(unknownAnchors(groups)).toEqual([]);
  });
  test('under a section that RFC 9111 does not have is complained of', () => {
    const asked = withDifferences(askedIn(groups), [{...difference, section: 'RFC 9111 §4.9'}]);
    expect(strayIn(asked, sections)).toEqual(['of-its-own: §4.9 is no section of RFC 9111']);
    expect(strayIn(askedIn(groups), sections)).toEqual([]);
  });
  test('is read back from the index as it was written, so that the index can do without the data', () => {
    const asked = withDifferences(askedIn(groups), [difference, {...difference, id: 'x', section: 'RFC 9213'}]);
    const text = render(placesIn([file('src/age.ts', age)]), [], {asked, differing: new Set(['of-its-own'])});
    expect(text).toContain('<details><summary>1, 1 in bold</summary>**`of-its-own`**</details>');
    expect(new Map(askedBefore(text))).toEqual(asked);
  });
  test('is absent where the data is', () => {
    expect(readGroups('/nowhere/tests.json')).toBeUndefined();
  });
});
