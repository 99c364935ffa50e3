// Commands and checks run one after the other, each reported on one line, none hiding the next.

import {spawnSync} from 'node:child_process';

/** What a command came to, with all it wrote. */
export type Ran = {readonly ok: boolean; readonly output: string};

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], cwd: string): Ran {
  const {status, stdout, stderr, error} = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  return {ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}`};
}

/** Runs this very Node on a script. */
export const runNode = (args: readonly string[], cwd: string): Ran => run(process.execPath, args, cwd);

/** Counts what went well and what did not. */
export class Report {
  #passed = 0;
  #failed = 0;

  /** Says what was done; when it failed, with the reasons. */
  add(title: string, problems: readonly string[]): void {
    if (problems.length === 0) this.#passed += 1;
    else this.#failed += 1;
    console.log(`${problems.length === 0 ? 'ok' : 'FAILED'}  ${title}`);
    for (const problem of problems) console.log(problem.trimEnd().replaceAll(/^/gm, '        '));
  }

  /** A command that must succeed. */
  ran(title: string, {ok, output}: Ran): boolean {
    this.add(title, ok ? [] : [output || 'it failed and said nothing']);
    return ok;
  }

  /** The closing line; leaves a failing exit code when anything failed or nothing was done. */
  close(what: string): void {
    console.log(`${what}: ${this.#passed} ok, ${this.#failed} failed`);
    if (this.#failed > 0 || this.#passed === 0) process.exitCode = 1;
  }
}
