import {describe, expect, test} from 'vitest';
import {citationsIn, citedIn, remarksIn, testedIn} from '../scripts/citations.ts';
import {gapsIn, placesIn, render} from '../scripts/rfc9111.ts';
import {parseSource, type SourceFile} from '../scripts/source.ts';

const file = (path: string, text: string): SourceFile => parseSource(`packages/core/${path}`, text);
const age = '/** How old. @see RFC 9111 §5.1 */\nexport const age = 1;';
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
    ['nothing', []],
  ];
  test.each(cases)('in "%s" names %j', (text, sections) => {
    expect(citationsIn(text).map(({rfc, section}) => `${rfc} ${section}`)).toEqual(sections);
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
    expect(render(places, [])).toContain(`](packages/core/${path})`);
  });
});
