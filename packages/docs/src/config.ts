// The site's configuration, by which `build.ts` builds what it has assembled.

import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {defineConfig} from 'vitepress';

type Item = {readonly text: string; readonly link: string};

/** Written with the reference, next to which this file is copied. */
const reference: Item[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'reference', 'typedoc-sidebar.json'), 'utf8'),
);

const group = (text: string, pages: Readonly<Record<string, string>>): {text: string; items: Item[]} => ({
  text,
  items: Object.entries(pages).map(([page, title]) => ({text: title, link: `/${page}`})),
});

const guide = [
  group('Start', {
    '': 'Install',
    where: 'Where to make the cache',
    fetch: 'With fetch',
    axios: 'With axios',
    ky: "ky's retries and hooks",
  }),
  group('Use', {
    clear: 'How do I clear the cache?',
    why: 'Why was this (not) cached?',
    events: 'Events and counts',
    freshness: 'Freshness by rules',
    users: 'Users and logout',
    options: 'Options',
    ranges: 'Ranges',
    proxies: 'Behind proxies',
    testing: 'Testing',
    migrating: 'Migrating',
  }),
  group('Stores', {
    stores: 'Which store',
    sqlite: 'In a file',
    redis: 'In Redis',
    browser: 'In a browser',
    'writing-a-store': 'Writing a store',
  }),
  group('Look up', {words: 'Words', reasons: 'Reasons', errors: 'Errors', 'reference/': 'Reference'}),
];

export default defineConfig({
  title: 'limpid',
  description: 'A clear HTTP cache for ky, axios and fetch',
  cleanUrls: true,
  themeConfig: {
    search: {provider: 'local'},
    outline: [2, 3],
    nav: [
      {text: 'Guide', link: '/clear'},
      {text: 'Reference', link: '/reference/'},
    ],
    sidebar: {'/reference/': [{text: 'Reference', items: reference}], '/': guide},
  },
});
