import type {Scope} from '../model/selection.ts';
import {type Partition, type StoredResponse, shareable} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import {Members} from './members.ts';
import {isDerived} from './pseudonyms.ts';

/** A stored response in memory, with its bytes and the scopes it lies in. */
export type Kept = {
  /** As `list` shows it: `expired` and `lastUsed` are brought up to date on reading. */
  stored: StoredResponse;
  readonly bytes: Uint8Array;
  /** The body's bytes, beside `stored.size`: a search that sums them up touches one object for each. */
  readonly size: number;
  /** Body and head, in bytes. */
  readonly cost: number;
  readonly scopes: readonly ScopeMark[];
  readonly resource: ScopeMark;
  readonly partition: ScopeMark;
  /** The partition was derived from credentials: nobody gave it a name. */
  readonly derived: boolean;
  /** Cleared by a search, and waiting to be freed. */
  gone: boolean;
  /** When an expiry that is not of a whole scope last selected it. */
  expiredAt: Tick;
  lastUsed: EpochMs;
  /** Its place in the order of use. */
  usedAt: number;
};

/** In one literal: of all objects, this one is made for every response that is stored. */
export function keptOf(
  stored: StoredResponse,
  bytes: Uint8Array,
  expiredAt: Tick,
  {scopes, resource, partition}: Pick<Kept, 'scopes' | 'resource' | 'partition'>,
): Kept {
  return {
    stored,
    bytes,
    size: bytes.byteLength,
    cost: bytes.byteLength + headCost(stored),
    scopes,
    resource,
    partition,
    derived: isDerived(stored.partition),
    gone: false,
    expiredAt,
    lastUsed: stored.lastUsed,
    usedAt: 0,
  };
}

/** One scope: when it was last cleared and expired, and who lies in it. */
export class ScopeMark {
  readonly type: Scope['type'];
  readonly name: string;
  clearedAt: Tick;
  expiredAt: Tick;
  members: Members<Kept> = new Members<Kept>();
  /** What `list` answered last for a resource, whom, and the tick it holds for. */
  listed:
    | {readonly tick: Tick; readonly partition: Partition | undefined; readonly responses: readonly StoredResponse[]}
    | undefined;

  constructor(type: Scope['type'], name: string, clearedAt: Tick, expiredAt: Tick) {
    this.type = type;
    this.name = name;
    this.clearedAt = clearedAt;
    this.expiredAt = expiredAt;
  }

  /** Empties it at once; the former members are the caller's to clear away. */
  emptied(): Members<Kept> {
    const {members} = this;
    this.members = new Members();
    return members;
  }
}

/**
 * Whether `one` answers a later request than `other`: by the clear it came after, and only within one tick by the clock.
 *
 * A request from after `now` was timed by a clock that has since been set back: it proves nothing.
 */
export function isYounger(one: StoredResponse, other: StoredResponse, now: EpochMs): boolean {
  if (one.began !== other.began) return one.began > other.began;
  return one.requestTime > other.requestTime && one.requestTime <= now;
}

/**
 * Whether an update comes too late: what is there answers a later request, or has become one user's since the look that
 * the update was made of, and would be given to others again. Two 304s may cross.
 *
 * One that makes it one user's never does: clocks may differ, and nobody else may have it from now on.
 */
export const isOutdated = (current: StoredResponse, update: StoredResponse, now: EpochMs): boolean =>
  current.partition === shareable
    ? update.partition === shareable && isYounger(current, update, now)
    : current.partition !== update.partition || isYounger(current, update, now);

/** What the objects around one stored response come to: head, facts, index entries. Measured, then rounded up. */
const fixedCost = 1024;
const costPerFieldLine = 40;
const costPerName = 128;

/** A fair estimate of what a head takes in memory, in bytes. */
export function headCost(stored: StoredResponse): number {
  let cost = fixedCost + stored.url.length + stored.resource.length + stored.key.length + stored.head.url.length;
  cost += stored.partition.length + stored.variant.length + (stored.content?.length ?? 0);
  stored.head.fields.forEach((name, value) => {
    cost += costPerFieldLine + name.length + value.length;
  });
  for (const [name, value] of stored.nominated) cost += costPerFieldLine + name.length + (value?.length ?? 0);
  if (stored.url !== stored.resource) cost += costPerName;
  for (const name of [...stored.tags, ...stored.groups]) cost += costPerName + name.length;
  return cost;
}
