import {parseList} from 'structured-headers';
import type {Fields} from './fields.ts';

/** RFC 9875 asks for at least 32 groups of 32 characters; these bounds keep what an origin can make us index small. */
const maxGroups = 128;
const maxLength = 128;

/**
 * The groups a response belongs to, or the groups it invalidates; each once, case kept.
 *
 * A field that is no list of strings names no group. Overlong groups, and those past the limit, are dropped.
 *
 * @see RFC 9875 §2, §3
 */
export function parseCacheGroups(fields: Fields, name: 'cache-groups' | 'cache-group-invalidation'): readonly string[] {
  const value = fields.get(name);
  if (value === undefined) return none;
  const groups = new Set<string>();
  for (const group of parseStrings(value)) {
    if (group.length <= maxLength && groups.size < maxGroups) groups.add(group);
  }
  return [...groups];
}

const none: readonly string[] = [];

function parseStrings(value: string): readonly string[] {
  try {
    const members = parseList(value).map(([member]) => member);
    return members.every(member => typeof member === 'string') ? members : [];
  } catch {
    return [];
  }
}
