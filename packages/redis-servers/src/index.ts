// Servers of Redis or, with `LIMPID_REDIS=valkey`, of Valkey: on loopback, without persistence, for as long as a test file runs.

import {execFile, spawn} from 'node:child_process';
import {randomInt} from 'node:crypto';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';

export type Server = {
  readonly port: number;
  readonly url: string;
  /** Sends a command by `redis-cli` or `valkey-cli`, past every client. */
  readonly tell: (...args: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
};

const name = process.env.LIMPID_REDIS ?? 'redis';
const program = `${name}-server`;
/** Which speaks to it, and makes clusters. */
export const cli = `${name}-cli`;

/** What the system gives to outgoing connections begins higher, also where a cluster talks: at a port more by 10 000. */
const anyPort = (): number => randomInt(10_000, 22_000);

/** Starts a server, at a port that nobody has by default; rejects when the program is not there or cannot have the port. */
export async function startServer(more: readonly string[] = [], at?: number): Promise<Server> {
  const attempts = at === undefined ? 10 : 1;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const server = await startAt(at ?? anyPort(), more);
    if (server !== undefined) return server;
  }
  throw new Error(`${program} did not start`);
}

/** `undefined` where it ends at once, as it does when another has the port. */
async function startAt(port: number, more: readonly string[]): Promise<Server | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'limpid-redis-'));
  const args = [
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
    '--repl-diskless-sync-delay',
    '0',
    ...more,
  ];
  const child = spawn(program, args, {stdio: 'ignore'});
  await once(child, 'spawn');
  const tell = async (...said: readonly string[]): Promise<string> => {
    const {stdout} = await promisify(execFile)(cli, ['-p', String(port), ...said]);
    return stdout.trim();
  };
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const stop = async (): Promise<void> => {
    if (isRunning()) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, {recursive: true, force: true});
  };
  for (let attempt = 0; attempt < 200 && isRunning(); attempt++) {
    // Another may answer at this port.
    const told = await tell('INFO', 'server').catch(() => '');
    if (new RegExp(`process_id:${child.pid}\\s`).test(told)) {
      return {port, url: `redis://127.0.0.1:${port}`, tell, stop};
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  await stop();
  return undefined;
}

/** Starts a cluster of three masters with a replica each. */
export async function startCluster(): Promise<readonly Server[]> {
  const servers = await Promise.all(
    Array.from({length: 6}, () =>
      startServer([
        '--cluster-enabled',
        'yes',
        '--cluster-node-timeout',
        '1000',
        '--cluster-replica-validity-factor',
        '0',
      ]),
    ),
  );
  const nodes = servers.map(({port}) => `127.0.0.1:${port}`);
  await promisify(execFile)(cli, ['--cluster', 'create', ...nodes, '--cluster-replicas', '1', '--cluster-yes']);
  for (const {tell} of servers) {
    while (!(await tell('CLUSTER', 'INFO')).includes('cluster_state:ok'))
      await new Promise(resolve => setTimeout(resolve, 50));
  }
  // A master sends nothing to a new replica before its first acknowledgement, up to a second later.
  for (let key = 0; key < 64; key++) await Promise.all(servers.map(({tell}) => tell('SET', `ready:${key}`, '')));
  for (const {tell} of servers) {
    while (!/role:slave|slave0:.*offset=[1-9]/.test(await tell('INFO', 'replication')))
      await new Promise(resolve => setTimeout(resolve, 50));
  }
  await Promise.all(servers.map(({tell}) => tell('FLUSHALL')));
  return servers;
}
