import {fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Server, startCluster, startServer} from '@limpid/redis-servers';
import type {Operation} from './history.ts';
import {type Violation, violations} from './judge.ts';
import {startOrigin} from './origin.ts';
import type {Sabotage, StoreKind} from './stores.ts';
import type {WorkerOrder} from './worker.ts';

export type Run = {
  readonly kind: StoreKind;
  readonly sabotage?: Sabotage;
  /** Of all processes together. */
  readonly operations: number;
  readonly processes: number;
  readonly seed: number;
};

export type Outcome = {
  readonly operations: number;
  readonly hits: number;
  readonly clears: number;
  readonly expiries: number;
  readonly generated: number;
  readonly violations: readonly Violation[];
  readonly seconds: number;
};

/** A run that takes longer hangs, in milliseconds. */
const deadline = 600_000;

async function worked(order: WorkerOrder): Promise<readonly Operation[]> {
  const child = fork(join(import.meta.dirname, 'worker.ts'), {
    execArgv: ['--conditions=@limpid/source', '--no-warnings'],
    serialization: 'advanced',
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), deadline);
  let history: readonly Operation[] | undefined;
  child.once('message', message => {
    history = message as readonly Operation[];
  });
  child.send(order);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(timer);
  if (history === undefined) throw new Error(`a process ended with ${code ?? signal} and told nothing`);
  return history;
}

const serversFor = async (kind: StoreKind): Promise<readonly Server[]> => {
  if (kind === 'redis-cluster') return startCluster();
  return kind.endsWith('redis') ? [await startServer()] : [];
};

/** Lets processes do what the seed says over one store, and judges what happened. */
export async function run({kind, sabotage, operations, processes, seed}: Run): Promise<Outcome> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'limpid-history-'));
  const origin = await startOrigin(seed);
  const servers = await serversFor(kind);
  try {
    const spec = {kind, folder, redis: servers.map(({url}) => url), ...(sabotage && {sabotage})};
    const each = Math.ceil(operations / processes);
    const orders = Array.from({length: processes}, (_, index) => ({
      spec,
      origin: origin.url,
      operations: each,
      seed: seed + index,
    }));
    const history = (await Promise.all(orders.map(worked))).flat();
    const count = (type: Operation['type']): number => history.filter(one => one.type === type).length;
    return {
      operations: history.length,
      hits: history.filter(one => one.type === 'request' && one.isHit).length,
      clears: count('clear'),
      expiries: count('expire'),
      generated: origin.generated.size,
      violations: violations(history, origin.generated),
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    origin.close();
    await Promise.all(servers.map(({stop}) => stop()));
    rmSync(folder, {recursive: true, force: true});
  }
}
