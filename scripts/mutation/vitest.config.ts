// The tests that a mutant has to survive: those that stand in its room.
import {defineConfig} from 'vitest/config';
import workspace from '../../vitest.workspace.ts';

const room = process.env.MUTATED_ROOM ?? '*';

export default defineConfig({
  ...workspace,
  test: {
    include: [`packages/core/src/${room}/**/*.test.ts`],
    environment: 'node',
    setupFiles: ['scripts/mutation/setup.ts'],
  },
});
