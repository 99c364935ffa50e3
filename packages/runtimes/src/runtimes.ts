// Where each runtime is, and how a program runs in it.

import {execFile} from 'node:child_process';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {inChromium} from './chromium.ts';
import type {Outcome} from './testing.ts';
import {inOlderWorkerd, inWorkerd} from './workerd.ts';

type Run = (origin: string) => Promise<readonly Outcome[]>;

const program = join(import.meta.dirname, 'on-server.ts');
const {resolve} = createRequire(import.meta.url);

/** A binary of a package, or the command of this name where the package is not for this machine. */
function binaryOf(path: string, command: string): string {
  try {
    return resolve(path);
  } catch {
    return command;
  }
}

/** Runs the suite by this command, its path before the program's. */
const by =
  (command: string, ...flags: readonly string[]): Run =>
  async origin => {
    const options = {maxBuffer: 64 * 1024 ** 2, timeout: 300_000};
    const {stdout} = await promisify(execFile)(command, [...flags, program, origin], options);
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1)) as readonly Outcome[];
  };

/** All of them. One that is missing fails. */
export const runtimes: Readonly<Record<string, Run>> = {
  'Node 22': by(binaryOf('node-22/bin/node', 'node22')),
  'Node 24': by(process.execPath),
  'Node 26': by(binaryOf('node-26/bin/node', 'node26')),
  Bun: by(binaryOf('@oven/bun-linux-x64/bin/bun', 'bun'), 'run'),
  Deno: by(binaryOf('@deno/linux-x64-glibc/deno', 'deno'), 'run', '--allow-all', '--quiet'),
  workerd: inWorkerd,
  'workerd as of April 2025': inOlderWorkerd,
  Chromium: inChromium,
};
