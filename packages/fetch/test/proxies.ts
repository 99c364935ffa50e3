// Real caches between client and origin, on loopback, each with a folder of its own.

import {spawn} from 'node:child_process';
import {randomInt} from 'node:crypto';
import {once} from 'node:events';
import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export type ProxyServer = {readonly url: string; readonly stop: () => Promise<void>};

/** What the system gives to outgoing connections begins higher. */
const anyPort = (): number => randomInt(22_000, 32_000);

type Configure = (place: {readonly folder: string; readonly port: number; readonly origin: number}) => string;

async function start(command: string, args: (file: string) => string[], configure: Configure, origin: number) {
  const folder = mkdtempSync(join(tmpdir(), 'limpid-proxy-'));
  // Squid gives up being root.
  chmodSync(folder, 0o777);
  const port = anyPort();
  const file = join(folder, 'proxy.conf');
  writeFileSync(file, configure({folder, port, origin}));
  // Debian keeps servers where not every PATH looks.
  const env = {...process.env, PATH: `${process.env.PATH}:/usr/sbin`};
  const child = spawn(command, args(file), {stdio: ['ignore', 'pipe', 'pipe'], env});
  let said = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', chunk => (said += String(chunk)));
  await once(child, 'spawn');
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, {recursive: true, force: true});
  };
  for (let attempt = 0; attempt < 200; attempt++) {
    const isUp = await fetch(`${url}/up`).then(
      response => response.text().then(() => true),
      () => false,
    );
    if (isUp) return {url, stop};
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  await stop();
  throw new Error(`${command} did not start: ${said}`);
}

/** nginx as a reverse proxy with a cache, and further directives of its location. */
export const startNginx = (origin: number, more = ''): Promise<ProxyServer> =>
  start(
    'nginx',
    file => ['-c', file, '-g', 'daemon off;'],
    ({folder, port}) => `
      pid ${folder}/nginx.pid;
      error_log stderr;
      events {}
      http {
        access_log off;
        client_body_temp_path ${folder}/body;
        proxy_temp_path ${folder}/temp;
        fastcgi_temp_path ${folder}/fastcgi;
        uwsgi_temp_path ${folder}/uwsgi;
        scgi_temp_path ${folder}/scgi;
        proxy_cache_path ${folder}/cache keys_zone=one:1m;
        server {
          listen 127.0.0.1:${port};
          location / {
            proxy_pass http://127.0.0.1:${origin};
            proxy_cache one;
            ${more}
          }
        }
      }`,
    origin,
  );

/** Squid as a reverse proxy, with a cache in memory and its own defaults. */
export const startSquid = (origin: number): Promise<ProxyServer> =>
  start(
    'squid',
    file => ['-N', '-f', file],
    ({folder, port}) => `
      http_port 127.0.0.1:${port} accel defaultsite=127.0.0.1
      cache_peer 127.0.0.1 parent ${origin} 0 no-query originserver
      http_access allow all
      pid_filename ${folder}/squid.pid
      cache_log stdio:/dev/stderr
      access_log none
      cache_mem 16 MB
      shutdown_lifetime 0 seconds
      coredump_dir ${folder}`,
    origin,
  );
