import {configDefaults, defineConfig} from 'vitest/config';
import {missing} from './scripts/programs.ts';

// Tests run from the TypeScript sources: the condition makes `limpid` resolve to packages/core/src.
const conditions = ['@limpid/source'];
const fromSource = {resolve: {conditions}, ssr: {resolve: {conditions, externalConditions: conditions}}};

const leftOut = (name: string) => missing.filter(({project = name}) => project === name).flatMap(({tests}) => tests);

const project = (
  name: string,
  include: readonly string[],
  testTimeout = 5_000,
  env: Readonly<Record<string, string>> = {},
) => ({
  ...fromSource,
  test: {
    name,
    include: [...include],
    exclude: [...configDefaults.exclude, ...leftOut(name)],
    environment: 'node' as const,
    execArgv: ['--expose-gc'],
    testTimeout,
    env,
  },
});

/** Browsers, servers of their own and a disk take longer on a busy machine. */
const patient = 30_000;

export default defineConfig({
  ...fromSource,
  test: {
    projects: [
      project('core', ['packages/core/{src,test}/**/*.test.ts']),
      project('fetch', ['packages/fetch/{src,test}/**/*.test.ts']),
      project('axios', ['packages/axios/{src,test}/**/*.test.ts']),
      project('sqlite', ['packages/sqlite/{src,test}/**/*.test.ts'], patient),
      project('redis', ['packages/redis/{src,test}/**/*.test.ts'], patient),
      project('valkey', ['packages/redis/test/**/*.test.ts'], patient, {LIMPID_REDIS: 'valkey'}),
      project('app', ['packages/app/test/**/*.test.ts'], patient),
      project('browser', ['packages/browser/{src,test}/**/*.test.ts'], patient),
      project('docs', ['packages/docs/src/**/*.test.ts']),
      project('bench', ['packages/bench/src/**/*.test.ts']),
      project('histories', ['packages/histories/src/**/*.test.ts']),
      project('conformance', ['packages/conformance/{src,test}/**/*.test.ts']),
      project('workspace', ['test/**/*.test.ts']),
      {
        ...fromSource,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/test/**/*.test-d.ts'],
            tsconfig: './tsconfig.test.json',
          },
        },
      },
    ],
    coverage: {include: ['packages/*/src/**/*.ts'], exclude: ['**/*.test.ts']},
  },
});
