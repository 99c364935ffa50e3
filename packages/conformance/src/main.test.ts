import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {handMade} from '../test/hand-made.ts';

type Ended = {readonly code: number; readonly stdout: string; readonly stderr: string};

/** Runs the command with this data file. */
const conformance = (path: string, ...given: readonly string[]): Promise<Ended> =>
  new Promise(resolve => {
    const program = ['--conditions=@limpid/source', join(import.meta.dirname, 'main.ts'), ...given];
    const env = {...process.env, CACHE_TESTS: path, NO_COLOR: '1'};
    execFile(process.execPath, program, {env}, (error, stdout, stderr) => {
      resolve({code: error === null ? 0 : Number(error.code), stdout, stderr});
    });
  });

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'limpid-conformance-'));
  onTestFinished(() => rmSync(path, {recursive: true}));
  return path;
}

test('without data the command says where it looked', async () => {
  const {code, stderr} = await conformance('/nowhere/tests.json');
  expect(code).toBe(2);
  expect(stderr).toContain('/nowhere/tests.json');
  expect(stderr).toContain('CACHE_TESTS');
});

test.each([
  {name: 'a folder', content: undefined, says: 'cannot be read; allowed: the path of a file'},
  {name: 'no JSON', content: '{', says: 'is not the tests.json of http-tests/cache-tests'},
  {name: 'other data', content: '{"tests": 1}', says: 'is not the tests.json of http-tests/cache-tests'},
])('$name in place of the data is told in one line', async ({content, says}) => {
  const path = folder();
  const given = content === undefined ? path : join(path, 'tests.json');
  if (content !== undefined) writeFileSync(given, content);
  const {code, stderr} = await conformance(given);
  expect(code).toBe(2);
  expect(stderr.trimEnd()).toBe(`${given} ${says}`);
});

test('wrong arguments are refused with what is allowed', async () => {
  const {code, stderr} = await conformance('', '--client', 'curl');
  expect(code).toBe(2);
  expect(stderr).toContain('allowed: fetch, ky, axios');
});

test('a run tells scores, and fails where something is not as agreed', async () => {
  const path = join(folder(), 'tests.json');
  const json = join(folder(), 'out.json');
  const tests = handMade.filter(({id}) => ['fresh', 'stale'].includes(id));
  writeFileSync(path, JSON.stringify([{id: 'own', tests}]));
  const {code, stdout, stderr} = await conformance(path, '--id', 'stale', '--json', json);
  expect(stdout).toContain('required        1        1        0        0');
  expect(stderr).toBe('');
  // What is agreed for the real suite speaks of tests that this one does not have.
  expect(stdout).toContain('agreed on other-cookie, which is no test');
  expect(code).toBe(1);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
    client: 'fetch',
    options: {unreachable: 'reject', store: 'memory'},
    results: [{id: 'stale', outcome: 'passed'}],
  });
});

test('a test the profile does not have is named', async () => {
  const path = join(folder(), 'tests.json');
  writeFileSync(path, JSON.stringify([{id: 'own', tests: handMade}]));
  const {code, stderr} = await conformance(path, '--id', 'nonsense');
  expect(code).toBe(2);
  expect(stderr).toBe('The profile private has no test nonsense.\n');
});
