// Taking a file out of its place, all of it, while nobody begins another there.

import {existsSync, renameSync, rmSync} from 'node:fs';
import {alone} from './alone.ts';
import {companions, identityOf} from './identity.ts';

// The file first: who opens it and still finds it in its place afterwards has found its own companions, too.
const parts: readonly string[] = ['', ...companions];

/**
 * Moves a damaged file out of the way; returns where it is now, or `undefined` when another has taken its place already.
 *
 * @throws what SQLite throws for a lock, while another process moves it.
 */
export function setAside(file: string, identity: string | undefined, now: number): string | undefined {
  return alone(file, () => {
    if (identityOf(file) !== identity) return undefined;
    let aside = `${file}.damaged-${Math.trunc(now)}`;
    while (existsSync(aside)) aside += '+';
    for (const part of parts) if (existsSync(file + part)) renameSync(file + part, aside + part);
    return aside;
  });
}

/** Removes a file, unless another has taken its place. Throws as `setAside` does. */
export function removeFile(file: string, identity: string | undefined): void {
  alone(file, () => {
    if (identityOf(file) === identity) for (const part of parts) rmSync(file + part, {force: true});
  });
}

/** Removes what is left of a file that was moved or removed in part: beside a new one it would be taken for its own. */
export function removeCompanions(file: string): void {
  for (const companion of companions) rmSync(file + companion, {force: true});
}
