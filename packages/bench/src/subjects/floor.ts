// What the floors have in common: responses in a Map, loaded once, and nothing a cache would have to know beyond that.

import {answeringFetch} from '../answers.ts';
import type {Environment} from '../subject.ts';

export type Stored = {
  readonly url: string;
  readonly status: number;
  readonly fields: Record<string, string>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly freshUntil: number;
  readonly nominated: ReadonlyArray<readonly [name: string, value: string | null]>;
};

/** Reads a request field; `null` when it is absent. */
export type FieldOf = (name: string) => string | null;

export const noFields: FieldOf = () => null;

async function load(url: string, {inProcess}: Environment, fieldOf: FieldOf): Promise<Stored> {
  const response = await (inProcess ? answeringFetch(url) : fetch(url));
  const fields = Object.fromEntries(response.headers);
  const lifetime = Number(/max-age=(\d+)/.exec(fields['cache-control'] ?? '')?.[1] ?? 0);
  const names = (fields.vary ?? '').split(',').filter(name => name !== '');
  return {
    url,
    status: response.status,
    fields,
    bytes: new Uint8Array(await response.arrayBuffer()),
    freshUntil: Date.now() + lifetime * 1000,
    nominated: names.map(name => [name, fieldOf(name)]),
  };
}

/** The two checks without which a hit is not HTTP: fresh, and made for such a request. */
export function mayReuse(stored: Stored, fieldOf: FieldOf): boolean {
  if (stored.freshUntil <= Date.now()) return false;
  for (const [name, value] of stored.nominated) if (fieldOf(name) !== value) return false;
  return true;
}

/** A Map with responses in it, loaded where they are missing. */
export class Shelf {
  readonly map: Map<string, Stored> = new Map();

  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  async load(url: string, fieldOf: FieldOf = noFields): Promise<Stored> {
    const stored = await load(url, this.#environment, fieldOf);
    this.map.set(url, stored);
    return stored;
  }

  /** A stored response that may be reused, at once when there is one. */
  find(url: string, fieldOf: FieldOf): Stored | Promise<Stored> {
    const stored = this.map.get(url);
    return stored !== undefined && mayReuse(stored, fieldOf) ? stored : this.load(url, fieldOf);
  }
}
