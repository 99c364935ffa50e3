import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {folder} from './place.ts';

const rounds = 100;

async function opener(): Promise<ChildProcess> {
  const program = join(import.meta.dirname, 'opening.ts');
  const child = fork(program, {execArgv: ['--conditions=@limpid/source', '--no-warnings']});
  onTestFinished(() => void child.kill());
  await once(child, 'message');
  return child;
}

async function opened(child: ChildProcess, file: string, at: number): Promise<unknown> {
  const answer = once(child, 'message');
  child.send({file, at});
  const [said] = await answer;
  return said;
}

test('processes that make the file at the same moment share it', {timeout: 60_000}, async () => {
  const children = await Promise.all([opener(), opener(), opener(), opener()]);
  const place = folder();
  const said = new Set<unknown>();
  for (let round = 0; round < rounds; round++) {
    const at = Date.now() + 3;
    const all = await Promise.all(children.map(child => opened(child, join(place, `${round}.db`), at)));
    for (const one of all) said.add(one);
  }
  expect([...said]).toEqual(['opened']);
});
