// The marks of a clear, some at a time: a script holds up everybody who asks Redis.

import {
  type ClearHow,
  type CompiledSelection,
  coverage,
  encodeClear,
  encodeCover,
  scopeText,
  type Tick,
  throughLasts,
  wellFormed,
} from 'limpid/store';
import {listOf, numberOf, textOf} from './commands.ts';
import type {Redis} from './redis.ts';
import {maxFields, raise} from './scripts.ts';
import {forgetful} from './trouble.ts';

/** So many scopes, and so many resources to get through to, are marked by one script: some milliseconds. */
const maxMarks = 500;

/** Clears that are no scopes, and what they cover, are remembered up to so many. */
const limits = {maxLog: 256, maxCovers: 256, maxFields};

/** What one script marks. */
type Part = {
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly records: readonly string[];
  readonly covers: readonly string[];
};

/** The tick a clear was given, what the counter said before, and for how many milliseconds others may still rely on that. */
type Raised = {readonly tick: Tick; readonly before: Tick; readonly wait: number};

/**
 * Marks what is cleared, and `resources` to get through to. Where that takes several scripts, the tick is that of the last.
 *
 * @throws LimpidError or the client's error when one of them fails. What has been marked until then stays marked.
 */
export async function raised(
  redis: Redis,
  what: CompiledSelection,
  {action, through}: ClearHow,
  resources: readonly string[],
): Promise<Raised> {
  const now = Math.trunc(redis.settings.now());
  const records = what.flatMap(clause => (clause.type === 'match' ? encodeClear(clause) : []));
  const covers = through ? what.filter(clause => coverage(clause) !== undefined).map(encodeCover) : [];
  const parts = partsOf({
    scopes: what.flatMap(clause => (clause.type === 'scope' ? scopeText(clause.scope) : [])),
    resources: resources.map(wellFormed),
    // More than the log holds are one that selects everything: what began before them is refused.
    records: records.length > limits.maxLog ? ['{}'] : records,
    covers: covers.slice(-limits.maxCovers),
  });
  let last: Raised = {tick: 0, before: 0, wait: 0};
  for (const part of parts)
    last = following(last, await raisedOnce(redis, {...limits, ...part, action, now, oldest: now - throughLasts}));
  return last;
}

/** What others know by its tick, records and covers, comes with the last. */
function partsOf({scopes, resources, records, covers}: Part): readonly Part[] {
  const count = Math.max(1, Math.ceil(Math.max(scopes.length, resources.length) / maxMarks));
  return Array.from({length: count}, (_, index) => {
    const [from, to] = [index * maxMarks, (index + 1) * maxMarks];
    const isLast = index === count - 1;
    return {
      scopes: scopes.slice(from, to),
      resources: resources.slice(from, to),
      records: isLast ? records : [],
      covers: isLast ? covers : [],
    };
  });
}

/** Where somebody else has cleared in between, the counter before is that of the other: what began earlier is fenced. */
const following = (last: Raised, next: Raised): Raised => ({
  tick: next.tick,
  before: next.before === last.tick ? last.before : next.before,
  wait: Math.max(last.wait, next.wait),
});

async function raisedOnce(redis: Redis, part: object): Promise<Raised> {
  const {commands, keys, settings} = redis;
  for (let attempt = 0; attempt < 3; attempt++) {
    const order = JSON.stringify({...part, trusted: redis.trusted, known: redis.newest});
    const reply = listOf(await commands.run(settings.clearTimeout, raise, [keys.control], [order]));
    if (reply.length > 0) {
      const [tick, incarnation, run, wait, before] = reply;
      redis.reached({tick: numberOf(tick), incarnation: textOf(incarnation), run: textOf(run)});
      return {tick: numberOf(tick), before: numberOf(before), wait: numberOf(wait)};
    }
    await redis.marks([], settings.clearTimeout);
  }
  throw forgetful();
}
