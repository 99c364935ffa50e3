// Where each runtime of servers is, and what stands before a program's path.

import {createRequire} from 'node:module';

export type Executable = {readonly command: string; readonly flags: readonly string[]};

const {resolve} = createRequire(import.meta.url);

/** A binary of a package, or the command of this name where the package is not for this machine. */
function binaryOf(path: string, command: string): string {
  try {
    return resolve(path);
  } catch {
    return command;
  }
}

export const executables = {
  // The oldest there may be.
  'Node 22': {command: binaryOf('node-22/bin/node', 'node22'), flags: []},
  'Node 24': {command: process.execPath, flags: []},
  'Node 26': {command: binaryOf('node-26/bin/node', 'node26'), flags: []},
  Bun: {command: binaryOf('@oven/bun-linux-x64/bin/bun', 'bun'), flags: ['run']},
  Deno: {command: binaryOf('@deno/linux-x64-glibc/deno', 'deno'), flags: ['run', '--allow-all', '--quiet']},
} as const satisfies Readonly<Record<string, Executable>>;
