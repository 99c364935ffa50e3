import {expect, test} from 'vitest';
import {platform, platformOf} from './platform.ts';

test.each<[userAgent: string | undefined, client: string, showsRedirects: boolean, isNode: boolean]>([
  ['Node.js/24', 'fetch Node.js', true, true],
  ['Deno/2.9.1', 'fetch Deno', true, false],
  ['Bun/1.4.0', 'fetch Bun', true, false],
  ['Cloudflare-Workers', 'fetch Cloudflare-Workers', true, false],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'browser', false, false],
  ['', 'browser', false, false],
  [undefined, 'browser', false, false],
])('%s', (userAgent, client, showsRedirects, isNode) => {
  expect(platformOf(userAgent)).toEqual({
    client,
    showsRedirects,
    reloadsConditions: isNode,
    isWorkerd: client === 'fetch Cloudflare-Workers',
    showsCoding: isNode,
    readsGetters: isNode,
  });
});

test('these tests run on Node', () => {
  expect(platform.client).toBe('fetch Node.js');
});
