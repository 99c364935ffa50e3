// Where things lie. All of a resource lies in one slot, and all that decides what counts in another.

import {createHash} from 'node:crypto';
import slotOf from 'cluster-key-slot';
import {anonymous, type Partition, type ResourceKey, shareable, wellFormed} from 'limpid/store';
import QuickLRU from 'quick-lru';

/** Only finds the place: resources and partitions are compared by name. */
const digestOf = (name: string): string =>
  createHash('sha256').update(wellFormed(name)).digest('base64url').slice(0, 22);

/** What comes between the digests of a resource and of a user. */
const between = '}:{';

export class Keys {
  readonly #prefix: string;
  /** The counter, the marks and the log of clears, in one hash: who loses one loses all, and it shows. */
  readonly control: string;

  readonly #lately = new QuickLRU<ResourceKey, string>({maxSize: 1000});
  readonly #users = new QuickLRU<Partition, string>({maxSize: 1000});

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.control = `${prefix}:{${prefix}}`;
  }

  /** The heads of a resource that are nobody's or anybody's, in a hash. What the first braces hold decides the slot. */
  heads(resource: ResourceKey): string {
    return remembered(this.#lately, resource, () => `${this.#prefix}:{${digestOf(resource)}}`);
  }

  /** The heads of a resource that are a partition's: a user has a hash for them, beside those of `heads`. */
  headsOf(resource: ResourceKey, partition: Partition, shared: string = this.heads(resource)): string {
    if (partition === anonymous || partition === shareable) return shared;
    return shared + remembered(this.#users, partition, () => `:{${digestOf(partition)}}`);
  }

  /** Of a user's heads, those that are nobody's or anybody's; `undefined` for these themselves. */
  sharedBeside(heads: string): string | undefined {
    const at = heads.indexOf(between);
    return at < 0 ? undefined : heads.slice(0, at + 1);
  }

  /** A hash of heads, with what scripts change beside it: of a user's, the shared heads and the index of the users. */
  around(heads: string): readonly string[] {
    const shared = this.sharedBeside(heads);
    return shared === undefined ? [heads] : [heads, shared, this.users(shared)];
  }

  /** The index of a resource's users: what their hashes are called beyond the name of the shared one, by when they end. */
  users(shared: string): string {
    return `${shared}:users`;
  }

  /** All hashes, users' too: no other name ends with a brace. */
  get everyHead(): string {
    return `${this.#prefix}:{*}`;
  }

  /** A long body, in the slot of its resource. */
  body(resource: ResourceKey, id: string): string {
    return `${this.heads(resource)}:${wellFormed(id)}`;
  }

  /** A name in a slot that nothing is called by: a user of Redis may have no right to ask for other keys. */
  inSlot(slot: number): string {
    let name = 0;
    while (slotOf(String(name)) !== slot) name++;
    return `${this.#prefix}:{${name}}`;
  }

  /** Whose turn it is at the origin. It is named once per request that is sent, so nothing of it is remembered. */
  lease(name: string): string {
    return `${this.#prefix}:{${digestOf(name)}}:lease`;
  }
}

function remembered(known: QuickLRU<string, string>, name: string, make: () => string): string {
  let value = known.get(name);
  if (value === undefined) {
    value = make();
    known.set(name, value);
  }
  return value;
}
