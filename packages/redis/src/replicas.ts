// Replication is asynchronous: what a master acknowledged is lost when it fails before its replicas have it.

import {setTimeout as sleep} from 'node:timers/promises';
import {numberOf, type Reply, textOf} from './commands.ts';
import type {Redis} from './redis.ts';
import {failure} from './trouble.ts';

/** A connection that waits answers nothing else meanwhile, hits among it: it takes turns of so many milliseconds. */
const turn = 10;

type Send = (...args: readonly string[]) => Promise<Reply>;

/**
 * Resolves when all replicas that are there have what was written: those of the marks, or of every master.
 *
 * @throws LimpidError when one of them does not acknowledge it within half of `ms` milliseconds.
 */
export async function acknowledged({commands, keys}: Redis, ms: number, everywhere: boolean): Promise<void> {
  await byReplicas((...args) => commands.send(ms, keys.control, ...args), ms / 2);
  if (!everywhere) return;
  for (const node of await commands.masters()) await byReplicas((...args) => node.send(ms, ...args), ms / 2);
}

async function byReplicas(send: Send, ms: number): Promise<void> {
  const told = textOf(await send('INFO', 'replication'));
  const replicas = Number(/connected_slaves:(\d+)/.exec(told)?.[1] ?? 0);
  if (replicas === 0) return;
  const deadline = performance.now() + ms;
  for (;;) {
    const count = numberOf(await send('WAIT', String(replicas), String(turn)));
    if (count >= replicas) return;
    if (performance.now() >= deadline) throw failure(`only ${count} of ${replicas} replicas acknowledged the clear`);
    await sleep(turn);
  }
}
