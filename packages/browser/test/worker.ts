// A dedicated worker that does what its page asks for.

import {opened} from './program.ts';

/** What a worker may be asked to do, with what. */
export type Wish = readonly [what: 'text' | 'clear' | 'expire', by: string];

const {text, cache} = opened();

const done = ([what, by]: Wish): Promise<unknown> =>
  what === 'text' ? text(by) : cache[what](JSON.parse(by), {through: true});

addEventListener('message', ({data}: MessageEvent<Wish>) => void done(data).then(answer => postMessage(answer)));
