// A process of ours, and the next thing it says.

import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {executables} from '@limpid/runtimes/executables';
import type {Order, Report} from './messages.ts';
import type {Runtime} from './row.ts';

/** Longer than any order takes. */
const patience = 15 * 60_000;

export type Child = {
  /** Gives an order, if any, and waits for what is said next. Rejects when it failed or the process ended. */
  readonly ask: (order?: Order) => Promise<Report>;
  readonly stop: () => Promise<void>;
};

/** Our own Node, which alone is asked to force collection. */
const node = {command: process.execPath, flags: ['--expose-gc']};

/** Starts a module of this folder in a process of its own. */
export function start(module: 'worker.ts' | 'origin.ts', flags: readonly string[] = [], runtime?: Runtime): Child {
  const executable = runtime === undefined ? node : executables[runtime];
  const child = fork(join(import.meta.dirname, module), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execPath: executable.command,
    execArgv: [...executable.flags, '--conditions=@limpid/source', ...flags],
  });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    complaints = (complaints + chunk).slice(-2000);
  });
  return {
    async ask(order) {
      if (order !== undefined) child.send(order);
      return nextOf(child, () => complaints);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}

async function nextOf(child: ChildProcess, complaints: () => string): Promise<Report> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(patience)]);
  const gone = once(child, 'exit', {signal}).then(([code]) => {
    throw new Error(`its process ended with ${code}: ${complaints().trim()}`);
  });
  try {
    const [report] = (await Promise.race([once(child, 'message', {signal}), gone])) as [Report];
    if (report.type === 'failed') throw new Error(report.message);
    return report;
  } finally {
    gone.catch(() => undefined);
    over.abort();
  }
}
