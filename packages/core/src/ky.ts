// Entry `limpid/ky`: the cache as hooks for ky.

import type {RequestOptions} from './options/request-options.ts';

export {type CacheHooks, cacheHooks} from './ky/cache-hooks.ts';
export {clearHook, readHook, writeHook} from './ky/composed-hooks.ts';

declare module 'ky' {
  interface Options {
    /**
     * What this request asks of the cache; `false` goes past it.
     *
     * ky merges it, member by member, with the one given to `create` or `extend`: arrays are joined, a selection's
     * conditions all hold, and an object given twice (a `RegExp`, a `URL`) becomes an empty one, which is refused.
     * So let what holds for a whole instance be the defaults of `cacheHooks`, or wrap this in ky's `replaceOption`.
     */
    limpid?: RequestOptions | false | undefined;
  }
  interface NormalizedOptions {
    readonly limpid?: RequestOptions | false | undefined;
  }
}
