// Redirects followed in fetch's stead: its own limit, and the errors undici gives.

import type {Redirects} from '../model/transport.ts';

/** How fetch fails, whatever the cause. */
export const networkError = (cause: Error): TypeError => new TypeError('fetch failed', {cause});

export const redirects: Redirects = {
  max: 20,
  tooMany: () => networkError(new Error('redirect count exceeded')),
  invalid: location => networkError(new Error(`invalid redirect to ${location}`)),
};
