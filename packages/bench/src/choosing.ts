// Which rows run, and with whom.

import type {Contender, Row} from './row.ts';

/** Floors and limpid stay: without them there is nothing to compare. */
const stays = (contender: Contender): boolean => /^(?:floor|limpid)-/.test(contender);

/** The rows of these names, with only these subjects beside floors and limpid; no names mean all. */
export function chosen(rows: readonly Row[], names: readonly string[], subjects: readonly string[]): readonly Row[] {
  const isWanted = (contender: Contender): boolean =>
    subjects.length === 0 || stays(contender) || subjects.includes(contender.split(' ')[0] ?? '');
  return rows
    .filter(({name}) => names.length === 0 || names.includes(name))
    .map(row => ({...row, contenders: row.contenders.filter(isWanted)}));
}

/**
 * The same rows where it is only to be seen that everything works: of those that are not limpid, each does each task in
 * one row of each runtime alone.
 */
export function spared(all: readonly Row[]): readonly Row[] {
  const seen = new Set<string>();
  return all.map(row => {
    const isNew = (contender: Contender): boolean => {
      const key = `${row.runtime} ${row.task} ${contender}`;
      const isFirst = !seen.has(key);
      seen.add(key);
      return isFirst || contender.startsWith('limpid-');
    };
    return {...row, contenders: row.contenders.filter(isNew)};
  });
}
