// Reading hashes of heads: the one that all requests for a resource have in common, and those of its users.

import {type Commands, listOf, type Reply, textOf, within} from './commands.ts';
import {Decoded} from './decoded.ts';
import {type Entry, type Hash, hashOf, indexField} from './envelope.ts';
import type {Keys} from './keys.ts';

/** Shared hashes are read once for all who ask in the same turn: many users may ask for one resource. */
export type HashesOfTurn = Map<string, Promise<Reply>>;

export class Hashes {
  readonly #commands: Commands;
  readonly #keys: Keys;
  readonly #decoded = new Decoded();

  constructor(commands: Commands, keys: Keys) {
    this.#commands = commands;
    this.#keys = keys;
  }

  /** Reads a hash, unless that has been sent in this turn. */
  inTurn(turn: HashesOfTurn, heads: string): Promise<Reply> {
    let reply = turn.get(heads);
    if (reply === undefined) {
      reply = this.read(heads);
      turn.set(heads, reply);
    }
    return reply;
  }

  read(heads: string): Promise<Reply> {
    return this.#commands.sent(heads, ['HGETALL', heads]);
  }

  /** What was read of a hash. */
  decoded(heads: string, reply: Reply): Hash {
    return this.#decoded.hash(heads, buffersOf(reply));
  }

  /** What a hash holds. Where Redis has lost what makes it count, it is of no incarnation: there to be removed. */
  async entries(heads: string, ms: number): Promise<readonly Entry[]> {
    const shared = this.#keys.sharedBeside(heads);
    // Not remembered: a search would drive out what requests ask for again and again.
    if (shared === undefined) return hashOf(heads, buffersOf(await within(ms, this.read(heads)))).entries;
    const index = this.#commands.sent(shared, ['HGET', shared, indexField]);
    const [own, named] = await within(ms, Promise.all([this.read(heads), index]));
    const hash = hashOf(heads, buffersOf(own));
    const counted = countedIn(hash, Buffer.isBuffer(named) ? textOf(named) : undefined);
    return counted.length === hash.entries.length ? counted : hash.entries.map(entry => ({...entry, incarnation: ''}));
  }
}

/** What counts in a user's hash, by the name of the index that the shared one has. */
export const countedIn = (own: Hash, index: string | undefined): readonly Entry[] =>
  index !== undefined && own.index === index ? own.entries : [];

const buffersOf = (reply: Reply): readonly Buffer[] => listOf(reply).filter(one => Buffer.isBuffer(one));
