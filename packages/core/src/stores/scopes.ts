import type {Clause, Scope} from '../model/selection.ts';
import type {ResourceKey, StoredResponse} from '../model/stored-response.ts';

/** The origin of an absolute, normalised URL, without building a `URL`. */
export function originOf(url: string): string {
  const authority = url.indexOf('//') + 2;
  const path = url.indexOf('/', authority);
  const end = path === -1 ? url.length : path;
  const userinfo = url.lastIndexOf('@', end - 1);
  return userinfo < authority ? url.slice(0, end) : url.slice(0, authority) + url.slice(userinfo + 1, end);
}

/** What tells scopes of one type apart. */
export function scopeName(scope: Scope): string {
  switch (scope.type) {
    case 'all':
      return '';
    case 'origin':
      return scope.origin;
    case 'resource':
      return scope.resource;
    case 'partition':
      return scope.partition;
    case 'tag':
      return scope.tag;
    case 'group':
      // No origin contains a space, so no two groups share a name.
      return `${scope.origin} ${scope.group}`;
    default:
      return scope satisfies never;
  }
}

/**
 * Every scope a stored response lies in, everything aside: its resource, its partition, then the others.
 *
 * A response whose resource ignores parameters lies in that of its URL too, by which others know it who have no rule
 * that ignores them.
 */
export function scopesOf(stored: StoredResponse): readonly [resource: Scope, partition: Scope, ...others: Scope[]] {
  const origin = originOf(stored.url);
  const scopes: [Scope, Scope, ...Scope[]] = [
    {type: 'resource', resource: stored.resource},
    {type: 'partition', partition: stored.partition},
    {type: 'origin', origin},
  ];
  if (stored.url !== stored.resource) scopes.push({type: 'resource', resource: stored.url});
  for (const tag of stored.tags) scopes.push({type: 'tag', tag});
  for (const group of stored.groups) scopes.push({type: 'group', origin, group});
  return scopes;
}

/** Whether a request is covered by a clear that spoke of URIs alone. */
export type Covers = (url: string, resource: ResourceKey) => boolean;

/** Which URIs a clause covers; `undefined` when only the responses it selects can tell. */
export function coverage(clause: Clause): Covers | undefined {
  if (clause.type === 'match') return clause.covers;
  const {scope} = clause;
  if (scope.type === 'all') return () => true;
  if (scope.type === 'origin') return url => originOf(url) === scope.origin;
  return undefined;
}
