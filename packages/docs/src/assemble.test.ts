import {expect, test} from 'vitest';
import {assembled, sectionOf} from './assemble.ts';

const text = '# A\n\na\n\n## B\n\nb\n\n```sh\n# no heading\n```\n\n### C\n\nc\n\n## D\n\nd';

test.each([
  ['B', '## B\n\nb\n\n```sh\n# no heading\n```\n\n### C\n\nc\n'],
  ['C', '### C\n\nc\n'],
  ['D', '## D\n\nd'],
  ['A', text],
])('the section %s goes on until a heading that is as high', (title, section) => {
  expect(sectionOf(text, title)).toBe(section);
});

test('a heading that is gone is noticed', () => {
  expect(() => assembled('<!-- section README.md: Nothing of the kind -->')).toThrow('"Nothing of the kind"');
});

test('links to files of the repository lead to their page; of files without one the words stay', () => {
  const page = assembled('before\n<!-- section README.md: Stores -->\nafter');
  expect(page).toMatch(/^before\n## Stores\n/);
  expect(page).toMatch(/after$/);
  expect(page).toContain('[`SqliteStore`](./sqlite)');
  expect(page).toContain('is\nsearched for counterexamples every time');
  expect(page).not.toMatch(/\((?:packages|examples)\//);
});

test('headings rise with that of the page, and code does not', () => {
  expect(assembled('### A\n\n#### B\n\n```sh\n### no heading\n```\n')).toBe(
    '# A\n\n## B\n\n```sh\n### no heading\n```\n',
  );
  expect(assembled('a\n\n## B\n')).toBe('a\n\n## B\n');
});

test('code comes as it is', () => {
  expect(assembled('<!-- code examples/own-store.ts -->')).toMatch(/^```ts\n\/\/ A store of your own/);
});
