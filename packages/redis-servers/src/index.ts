// Servers of Redis or, with `LIMPID_REDIS=valkey`, of Valkey: on loopback, without persistence, for as long as a test file runs.

import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import type {AddressInfo} from 'node:net';
import {createServer} from 'node:net';
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  // A cluster talks on a port that is higher by 10 000.
  return port < 50_000 ? port : freePort();
}

/** Starts a server, on a free port by default; rejects when the program is not there. */
export async function startServer(more: readonly string[] = [], at?: number): Promise<Server> {
  const port = at ?? (await freePort());
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
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, {recursive: true, force: true});
  };
  for (let attempt = 0; attempt < 200; attempt++) {
    if ((await tell('PING').catch(() => '')) === 'PONG') return {port, url: `redis://127.0.0.1:${port}`, tell, stop};
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error(`${program} did not start`);
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
