// Entity tags. Their quotes know no escapes: a backslash is a character like any other, a comma too.

/** A validator that names one state of a representation; `opaque` is what stands between the quotes. */
export type EntityTag = {readonly weak: boolean; readonly opaque: string};

const entityTag = /^(W\/)?"([!#-~\u0080-\uffff]*)"$/;

/** One member of a list and what separates it from the next; sticky, so a list is read once from left to right. */
const member = /[ \t,]*(W\/)?"([!#-~\u0080-\uffff]*)"[ \t]*(?=,|$)/y;

const onlySeparators = /^[ \t,]*$/;

/**
 * Reads one entity tag. One that is not quoted is `'invalid'`: it would equal nothing a correct peer sends.
 *
 * @see RFC 9110 §8.8.3
 */
export function parseEntityTag(text: string): EntityTag | 'invalid' {
  const parts = entityTag.exec(text);
  return parts ? {weak: parts[1] !== undefined, opaque: parts[2] ?? ''} : 'invalid';
}

/**
 * Reads a list of entity tags, as in If-None-Match and If-Match.
 *
 * One unreadable member makes the whole list `'invalid'`, as does a list of none: what it meant cannot be judged here.
 *
 * @see RFC 9110 §13.1.1, §13.1.2
 */
export function parseEntityTags(text: string): readonly EntityTag[] | '*' | 'invalid' {
  if (text === '*') return '*';
  const tags: EntityTag[] = [];
  let end = 0;
  member.lastIndex = 0;
  for (let parts = member.exec(text); parts !== null; parts = member.exec(text)) {
    tags.push({weak: parts[1] !== undefined, opaque: parts[2] ?? ''});
    end = member.lastIndex;
  }
  return tags.length > 0 && onlySeparators.test(text.slice(end)) ? tags : 'invalid';
}

/**
 * Writes one entity tag as fields carry it.
 *
 * @see RFC 9110 §8.8.3
 */
export function formatEntityTag(tag: EntityTag): string {
  return `${tag.weak ? 'W/' : ''}"${tag.opaque}"`;
}

/**
 * Whether both tags are there and name the same bytes: neither is weak.
 *
 * @see RFC 9110 §8.8.3.2
 */
export function isStrongMatch(a: EntityTag | undefined, b: EntityTag | undefined): boolean {
  return isWeakMatch(a, b) && a?.weak === false && b?.weak === false;
}

/**
 * Whether both tags are there and name equivalent states, weak or not.
 *
 * @see RFC 9110 §8.8.3.2
 */
export function isWeakMatch(a: EntityTag | undefined, b: EntityTag | undefined): boolean {
  return a !== undefined && a.opaque === b?.opaque;
}
