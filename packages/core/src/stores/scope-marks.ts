import type {Scope} from '../model/selection.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {Tick} from '../model/units.ts';
import {Front} from './front.ts';
import {type Kept, ScopeMark} from './kept.ts';
import {scopeName, scopesOf} from './scopes.ts';

type Instants = {clearedAt: Tick; expiredAt: Tick};

const noMaps = (): Record<Scope['type'], Map<string, ScopeMark>> => ({
  all: new Map(),
  origin: new Map(),
  resource: new Map(),
  partition: new Map(),
  tag: new Map(),
  group: new Map(),
});

/**
 * The marks of all scopes, each with its members.
 *
 * A mark with members stays, so there are no more of these than stored responses have scopes. A mark without members
 * is kept for the exchanges still under way, up to `maxIdle`; beyond that the longest unchanged is forgotten, and
 * every scope without a mark counts as cleared when the newest forgotten one was: not storing is always safe.
 */
export class ScopeMarks {
  readonly #maxIdle: number;
  #maps = noMaps();
  readonly #idle = new Set<ScopeMark>();
  readonly #oldest = new Front<ScopeMark>(
    () => this.#idle.values(),
    () => this.#idle.size,
  );
  /** When everything was last cleared and expired. The fence alone writes it. */
  readonly everything: Instants = {clearedAt: 0, expiredAt: 0};
  readonly #forgotten: Instants = {clearedAt: 0, expiredAt: 0};

  constructor(maxIdle: number) {
    this.#maxIdle = maxIdle;
  }

  find(scope: Scope): ScopeMark | undefined {
    return this.#maps[scope.type].get(scopeName(scope));
  }

  findResource(resource: string): ScopeMark | undefined {
    return this.#maps.resource.get(resource);
  }

  /** The mark of this scope, made when it is missing. */
  mark(scope: Scope): ScopeMark {
    const name = scopeName(scope);
    const marks = this.#maps[scope.type];
    const found = marks.get(name);
    if (found !== undefined) return found;
    const made = new ScopeMark(scope.type, name, this.#forgotten.clearedAt, this.#forgotten.expiredAt);
    marks.set(name, made);
    return made;
  }

  /** The marks a response will lie under, made where they are missing. */
  place(stored: StoredResponse): Pick<Kept, 'scopes' | 'resource' | 'partition'> {
    const scopes = scopesOf(stored).map(scope => this.mark(scope));
    return {scopes, resource: scopes[0] as ScopeMark, partition: scopes[1] as ScopeMark};
  }

  /** When the scopes of a response were last cleared and expired, whether or not it is stored. */
  instants(stored: StoredResponse): Readonly<Instants> {
    let {clearedAt, expiredAt} = this.everything;
    for (const scope of scopesOf(stored)) {
      const mark = this.find(scope) ?? this.#forgotten;
      clearedAt = Math.max(clearedAt, mark.clearedAt);
      expiredAt = Math.max(expiredAt, mark.expiredAt);
    }
    return {clearedAt, expiredAt};
  }

  join(kept: Kept): void {
    for (const mark of kept.scopes) {
      mark.members.add(kept);
      mark.listed = undefined;
      this.#use(mark);
      // What had to go for this response may have been the last under this mark, which was dropped then.
      this.#maps[mark.type].set(mark.name, mark);
    }
  }

  leave(kept: Kept): void {
    for (const mark of kept.scopes) {
      mark.members.delete(kept);
      mark.listed = undefined;
      this.settle(mark);
    }
  }

  /** Keeps, queues or drops a mark according to what it still tells. */
  settle(mark: ScopeMark): void {
    if (mark.members.count > 0 || this.#maps[mark.type].get(mark.name) !== mark) return;
    this.#use(mark);
    if (mark.clearedAt > this.#forgotten.clearedAt || mark.expiredAt > this.#forgotten.expiredAt) this.#idle.add(mark);
    else this.#maps[mark.type].delete(mark.name);
    if (this.#idle.size > this.#maxIdle) this.#forgetOne();
  }

  /** Forgets the marks of all scopes at once. */
  empty(): void {
    this.#maps = noMaps();
    this.#idle.clear();
  }

  #use(mark: ScopeMark): void {
    if (this.#idle.delete(mark)) this.#oldest.left(mark);
  }

  #forgetOne(): void {
    const mark = this.#oldest.first();
    if (mark === undefined) return;
    this.#use(mark);
    this.#maps[mark.type].delete(mark.name);
    const forgotten = this.#forgotten;
    forgotten.clearedAt = Math.max(forgotten.clearedAt, mark.clearedAt);
    forgotten.expiredAt = Math.max(forgotten.expiredAt, mark.expiredAt);
  }
}
