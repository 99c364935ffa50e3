import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {folder} from './place.ts';

type Told = {
  readonly isWhole: boolean;
  readonly cleared: string;
  readonly isStale: boolean;
  readonly isOfUse: boolean;
  readonly causes: readonly string[];
};

/** Root may write what is read-only; without its rights it may not. */
const asNobody = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];

async function told(
  trouble: 'full' | 'full-in-a-body' | 'filled by others' | 'read-only' | 'a read-only file',
): Promise<Told> {
  const program = join(import.meta.dirname, 'cramped.ts');
  const node = [process.execPath, '--conditions=@limpid/source', '--no-warnings', program, folder(), trouble];
  const rights = trouble === 'a read-only file' ? asNobody : [];
  const {stdout} = await promisify(execFile)('unshare', ['-Urm', ...rights, ...node], {timeout: 60_000});
  return JSON.parse(stdout) as Told;
}

test.each(['full', 'full-in-a-body', 'filled by others'] as const)(
  'a disk that is %s fails no request, serves nothing half, and a clear makes room',
  {timeout: 60_000},
  async trouble => {
    const {causes, ...rest} = await told(trouble);
    expect(rest).toEqual({isWhole: true, cleared: 'done', isStale: false, isOfUse: true});
    if (trouble !== 'filled by others') expect(causes).toContain('database or disk is full');
  },
);

test('a disk that can only be read fails no request, and the clear that did not happen is known', {
  timeout: 60_000,
}, async () => {
  const {isWhole, cleared, causes} = await told('read-only');
  expect({isWhole, cleared}).toEqual({isWhole: true, cleared: 'CLEAR_FAILED'});
  expect(causes).toEqual([expect.stringContaining('cannot be opened; allowed: a file that this process may make')]);
});

test('a file that can only be read fails no request, and the clear that did not happen is known', {
  timeout: 60_000,
}, async () => {
  const {isWhole, cleared, causes} = await told('a read-only file');
  expect({isWhole, cleared}).toEqual({isWhole: true, cleared: 'CLEAR_FAILED'});
  expect(causes).toContain('attempt to write a readonly database');
});
