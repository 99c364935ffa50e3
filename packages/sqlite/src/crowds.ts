// What a resource takes, and what of it goes first. Of a resource that many have, neither may take a look at all of it.

import {type ResourceKey, type StoredResponse, wellFormed} from 'limpid/store';
import type {Connection} from './connection.ts';
import {columns, type Row} from './rows.ts';

/** A row and what it costs. */
export type Weighed = Row & {readonly cost: number};

/** With more responses than this a resource is a crowd: no longer are all of them looked at. */
const few = 64;
/** So many of a crowd are looked at instead, and so many of these may go before others are. */
const sample = 16;
const worst = 2;

export class Crowds {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** What a resource takes, without what `incoming` replaces. */
  costBeside({resource, key}: StoredResponse): number {
    const sql = 'SELECT cost FROM responses WHERE resource = ? AND key = ?';
    const replaced = this.#connection.prepare(sql).get(wellFormed(resource), wellFormed(key));
    return this.#costOf(wellFormed(resource)) - Number(replaced?.cost ?? 0);
  }

  /**
   * What goes first of a resource, but for what `incoming` replaces: what was used least recently. Of a crowd that is
   * told among some, each time among the next: the order of use has those of all resources, and may have this one's last.
   */
  first({resource, key}: StoredResponse): readonly Weighed[] {
    const [name, except] = [wellFormed(resource), wellFormed(key)];
    const crowd = this.#connection.prepare('SELECT hand FROM crowds WHERE resource = ?').get(name);
    if (crowd === undefined) return inOrder(this.#some('>=', name, '', except, few));
    const hand = String(crowd.hand);
    const ahead = this.#some('>', name, hand, except, sample);
    const some = [...ahead, ...this.#some('<=', name, hand, except, sample - ahead.length)];
    const next = some.at(-1)?.key ?? '';
    this.#connection.prepare('UPDATE crowds SET hand = ? WHERE resource = ?').run(next, name);
    return inOrder(some).slice(0, worst);
  }

  /** By key, as no two have the same: so each has its turn. */
  #some(side: '>' | '>=' | '<=', resource: string, hand: string, except: string, most: number): readonly Keyed[] {
    const sql = `
      SELECT ${columns}, cost, key FROM responses
      WHERE resource = ? AND key ${side} ? AND key <> ? ORDER BY key LIMIT ?`;
    return this.#connection.prepare(sql).all(resource, hand, except, most) as unknown as readonly Keyed[];
  }

  /** Adding up many takes long: it is done once, and kept from then on. */
  #costOf(resource: ResourceKey): number {
    const crowd = this.#connection.prepare('SELECT cost FROM crowds WHERE resource = ?').get(resource);
    if (crowd !== undefined) return Number(crowd.cost);
    const sql = `
      SELECT count(*) AS count, sum(cost) AS cost FROM (SELECT cost FROM responses WHERE resource = ? LIMIT ${few + 1})`;
    const found = this.#connection.prepare(sql).get(resource);
    if (Number(found?.count) <= few) return Number(found?.cost ?? 0);
    const added = `
      INSERT INTO crowds (resource, cost) SELECT ?, sum(cost) FROM responses WHERE resource = ? RETURNING cost`;
    return Number(this.#connection.prepare(added).get(resource, resource)?.cost);
  }
}

type Keyed = Weighed & {readonly key: string};

const inOrder = (rows: readonly Keyed[]): readonly Keyed[] => rows.toSorted((one, other) => one.used - other.used);
