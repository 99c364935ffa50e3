// Programs that tests start and that not every machine has. Where one is missing, the tests that need it are left out, and
// it is said which and why; `NOTHING_LEFT_OUT=1`, as in CI, lets them fail instead.

import {spawnSync} from 'node:child_process';

type Program = {
  readonly name: string;
  /** With which it does nothing, and ends well. */
  readonly args: readonly string[];
  /** Debian's package. */
  readonly install: string;
  /** Test files, and READMEs whose blocks are run. */
  readonly tests: readonly string[];
  /** Of which Vitest project; of all by default. */
  readonly project?: string;
  /** Test files of which only a part needs it: they ask for it in `LIMPID_LEFT_OUT`. */
  readonly partly?: readonly string[];
};

const programs: readonly Program[] = [
  {
    name: 'redis-server',
    args: ['--version'],
    install: 'redis-server',
    tests: ['packages/redis/test/**', 'packages/redis/README.md'],
    project: 'redis',
    partly: ['packages/histories/src/run.test.ts'],
  },
  {
    name: 'valkey-server',
    args: ['--version'],
    install: 'valkey-server',
    tests: ['packages/redis/test/**'],
    project: 'valkey',
  },
  {name: '/usr/bin/chromium', args: ['--version'], install: 'chromium', tests: ['packages/{app,browser}/test/**']},
  {name: 'squid', args: ['-v'], install: 'squid', tests: ['packages/fetch/test/proxies.test.ts']},
  {name: 'nginx', args: ['-v'], install: 'nginx-light', tests: ['packages/fetch/test/proxies.test.ts']},
  // In containers it may be there and be forbidden.
  {name: 'unshare', args: ['-Urm', 'true'], install: 'util-linux', tests: ['packages/sqlite/test/cramped.test.ts']},
];

// Debian keeps servers where not every PATH looks.
const env = {...process.env, PATH: `${process.env.PATH}:/usr/sbin`};

const isThere = ({name, args}: Program): boolean => spawnSync(name, args, {stdio: 'ignore', env}).status === 0;

/** Looked for once: a test run reads this file for each of its projects. */
function namesOfMissing(): readonly string[] {
  if (process.env.NOTHING_LEFT_OUT !== undefined) return [];
  const known = process.env.LIMPID_LEFT_OUT;
  if (known !== undefined) return known.split(' ');
  const left = programs.filter(program => !isThere(program));
  for (const {name, install, tests, project, partly = []} of left) {
    const where = project === undefined ? '' : ` of the project ${project}`;
    const parts = partly.map(file => `, a part of ${file}`).join('');
    console.warn(
      `${name} does not run here (Debian's package is ${install}); left out: ${tests.join(', ')}${where}${parts}`,
    );
  }
  const names = left.map(({name}) => name);
  process.env.LIMPID_LEFT_OUT = names.join(' ');
  return names;
}

const names = new Set(namesOfMissing());

export const missing: readonly Program[] = programs.filter(({name}) => names.has(name));
