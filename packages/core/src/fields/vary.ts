import type {Fields} from './fields.ts';
import {isToken, parseList} from './list.ts';
import {remembered} from './remembered.ts';

/**
 * The request fields a response nominates, in lower case, each once, sorted; `'*'` when no request can match.
 *
 * Choice (RFC 9110 §12.5.5): a member that cannot be a field name counts as `*`, so that whatever it meant to tell
 * apart stays apart.
 *
 * @see RFC 9110 §12.5.5, RFC 9111 §4.1
 */
export function parseVary(fields: Fields): readonly string[] | '*' {
  const value = fields.get('vary');
  return value === undefined ? none : parseNames(value);
}

const none: readonly string[] = [];

const parseNames = remembered((value): readonly string[] | '*' => {
  const names = new Set<string>();
  for (const member of parseList(value)) {
    if (member === '*' || !isToken(member)) return '*';
    names.add(member.toLowerCase());
  }
  return [...names].toSorted();
});
