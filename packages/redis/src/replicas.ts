// Replication is asynchronous: what a master acknowledged is lost when it fails before its replicas have it.

import {setTimeout as sleep} from 'node:timers/promises';
import {type Node, numberOf, textOf} from './commands.ts';
import type {Redis} from './redis.ts';
import {everywhere} from './topology.ts';
import {failure} from './trouble.ts';

/** A connection that waits answers nothing else meanwhile, hits among it: it takes turns of so many milliseconds. */
const turn = 10;

/** A master: the name of its run, by which no other server goes, and how many replicas it has. */
type Master = {readonly node: Node; readonly run: string; readonly replicas: number};

/** The masters that a clear writes to: that of the marks, or, where it searches, all there are. */
export async function mastersOf(redis: Redis, ms: number, written: 'marks' | 'all'): Promise<readonly Master[]> {
  const {commands, keys} = redis;
  const nodes = written === 'all' ? (await everywhere(redis, ms)).nodes : [await commands.masterOf(keys.control)];
  return Promise.all(
    nodes.map(async node => {
      const told = textOf(await node.send(ms, 'INFO', 'server', 'replication'));
      const [, run = ''] = /run_id:(\w+)/.exec(told) ?? [];
      return {node, run, replicas: Number(/connected_slaves:(\d+)/.exec(told)?.[1] ?? 0)};
    }),
  );
}

/**
 * Resolves when the replicas have what was written since the masters were those of `before`.
 *
 * @throws LimpidError when a replica does not acknowledge it within half of `ms` milliseconds, and when another server is a
 * master now, which may never have had it.
 */
export async function acknowledged(before: readonly Master[], now: readonly Master[], ms: number): Promise<void> {
  for (const {node, run, replicas} of now) {
    const same = before.find(master => master.run === run);
    if (same === undefined) throw failure('another server became a master during the clear');
    // A replica that is there no more may be the next master all the same.
    await byReplicas(node, Math.max(replicas, same.replicas), ms / 2);
  }
}

async function byReplicas(node: Node, replicas: number, ms: number): Promise<void> {
  if (replicas === 0) return;
  const deadline = performance.now() + ms;
  for (;;) {
    const count = numberOf(await node.send(ms, 'WAIT', String(replicas), String(turn)));
    if (count >= replicas) return;
    if (performance.now() >= deadline) throw failure(`only ${count} of ${replicas} replicas acknowledged the clear`);
    await sleep(turn);
  }
}
