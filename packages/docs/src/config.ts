// The site's configuration, by which `build.ts` builds what it has assembled.

import {defineConfig} from 'vitepress';

const pages = {
  'clear.md': 'How do I clear the cache?',
  'why.md': 'Why was this (not) cached?',
  'reasons.md': 'Reasons',
  'freshness.md': 'Freshness by rules',
  'options.md': 'Options',
  'users.md': 'Users and logout',
  'stores.md': 'Stores',
  'ky.md': "ky's retries, and its hooks by hand",
  'fetch.md': 'With fetch',
  'axios.md': 'With axios',
  'ranges.md': 'Ranges',
  'proxies.md': 'Behind proxies',
  'testing.md': 'Testing',
  'migrating.md': 'Migrating',
  'errors.md': 'Errors',
  'writing-a-store.md': 'Writing a store',
};

const items = Object.entries(pages).map(([page, text]) => ({text, link: `/${page.replace('.md', '')}`}));

export default defineConfig({
  title: 'limpid',
  description: 'A clear HTTP cache for ky, axios and fetch',
  cleanUrls: true,
  themeConfig: {
    search: {provider: 'local'},
    sidebar: [
      {text: 'Guide', items},
      {text: 'Reference', link: '/reference/'},
    ],
  },
});
