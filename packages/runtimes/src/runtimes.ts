// How the suite runs in each runtime.

import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {inChromium} from './chromium.ts';
import {type Executable, executables} from './executables.ts';
import type {Outcome} from './testing.ts';
import {inOlderWorkerd, inWorkerd} from './workerd.ts';

type Run = (origin: string) => Promise<readonly Outcome[]>;

const program = join(import.meta.dirname, 'on-server.ts');

/** Runs the suite by this executable. */
const by =
  ({command, flags}: Executable): Run =>
  async origin => {
    const options = {maxBuffer: 64 * 1024 ** 2, timeout: 300_000};
    const {stdout} = await promisify(execFile)(command, [...flags, program, origin], options);
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1)) as readonly Outcome[];
  };

/** All of them. One that is missing fails. */
export const runtimes: Readonly<Record<string, Run>> = {
  ...Object.fromEntries(Object.entries(executables).map(([name, executable]) => [name, by(executable)])),
  workerd: inWorkerd,
  'workerd as of April 2025': inOlderWorkerd,
  Chromium: inChromium,
};
