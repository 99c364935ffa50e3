// The origin's process as the demo sees it.

import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import type {OriginMessage} from './origin.ts';

/** A running origin in a process of its own. */
export type OriginProcess = {
  /** The API, like `http://127.0.0.1:8080`. */
  readonly api: string;
  /** Another host of the same origin server. */
  readonly assets: string;
  /** What has reached it since the last call, like `GET /users 200`. */
  seen(): Promise<readonly string[]>;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
};

const patience = 10_000;

/** The next message of this type; rejects when the process ends before, or says nothing for too long. */
async function next<Type extends OriginMessage['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<OriginMessage, {type: Type}>> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(patience)]);
  const gone = once(child, 'exit', {signal}).then(([code]) => {
    throw new Error(`the origin ended with exit code ${code}`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', {signal}), gone])) as [OriginMessage];
    if (message.type !== type) throw new Error(`the origin said ${message.type}, not ${type}`);
    return message as Extract<OriginMessage, {type: Type}>;
  } finally {
    gone.catch(() => undefined);
    over.abort();
  }
}

/** Starts the origin and waits until it listens. */
export async function startOrigin(): Promise<OriginProcess> {
  const child = fork(join(import.meta.dirname, 'origin.ts'), {stdio: ['ignore', 'inherit', 'inherit', 'ipc']});
  const {ports} = await next(child, 'listening');
  const [api, assets] = ports.map(port => `http://127.0.0.1:${port}`) as [string, string];
  return {
    api,
    assets,
    async seen() {
      child.send('seen');
      return (await next(child, 'seen')).seen;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
