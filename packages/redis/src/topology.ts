// Which server of a cluster has which slots: by the servers themselves, for a client learns of changes only when it is sent
// away.

import {type Node, textOf} from './commands.ts';
import type {Redis} from './redis.ts';
import {failure} from './trouble.ts';

const slotCount = 16_384;

/** The slots that these servers have, by their own word. */
type Layout = {
  /** What each has, to be compared with what it has later. */
  readonly text: string;
  /** A slot that none of them has; `undefined` when they have all. */
  readonly missing: number | undefined;
};

/** Where everything lies. */
export type Everywhere = {readonly nodes: readonly Node[]; readonly layout: string};

/** The servers that have all keys between them, and what each has. Throws as `layoutOf` does. */
export async function everywhere({commands, keys}: Redis, ms: number): Promise<Everywhere> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const nodes = await commands.masters();
    if (!commands.isOfCluster) return {nodes, layout: ''};
    const {text, missing} = await layoutOf(nodes, ms);
    if (missing === undefined) return {nodes, layout: text};
    // A client that is sent away learns which servers there are.
    const key = keys.inSlot(missing);
    await commands.send(ms, key, 'EXISTS', key);
  }
  throw failure('the client does not know all servers of the cluster');
}

/** @throws LimpidError when they do not have any more what they had: what lies in slots that moved may have been missed. */
export async function checkUnmoved({nodes, layout}: Everywhere, ms: number): Promise<void> {
  if (layout === '' || (await layoutOf(nodes, ms)).text === layout) return;
  throw failure('slots of the cluster have moved during the search');
}

/** @throws LimpidError when a slot is on its way from one server to another: it may be missed at both. */
async function layoutOf(nodes: readonly Node[], ms: number): Promise<Layout> {
  const lines = await Promise.all(
    nodes.map(async node => {
      const told = textOf(await node.send(ms, 'CLUSTER', 'NODES'));
      const own = told.split('\n').find(line => line.includes('myself')) ?? '';
      // id, address, flags, master, three times, state; then slots.
      const [id = '', , flags = '', , , , , , ...slots] = own.trim().split(' ');
      return {id, isMaster: flags.includes('master'), slots};
    }),
  );
  const has = new Uint8Array(slotCount);
  for (const {slots, isMaster} of lines) {
    if (slots.some(slot => slot.startsWith('['))) throw failure('slots of the cluster are on their way');
    for (const slot of isMaster ? slots : []) {
      const [from = 0, to = from] = slot.split('-').map(Number);
      has.fill(1, from, to + 1);
    }
  }
  const missing = has.indexOf(0);
  return {
    text: lines.map(({id, slots}) => `${id} ${slots.join(' ')}`).join('\n'),
    missing: missing < 0 ? undefined : missing,
  };
}
