// Runs what the READMEs show, each block in a process of its own against an origin that answers like this:
// GET and HEAD: 200, `Cache-Control: max-age=60`, an ETag (304 when it matches), JSON `{"path": "/users", "count": 1}` where
// `count` says how often the path was asked for since the block began. Others: 201 for POST, else 204.

import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {startServer} from '@limpid/redis-servers';
import {describe, expect, test} from 'vitest';
import {missing} from '../scripts/programs.ts';
import {filesUnder, textOf, workspaceRoot} from '../scripts/source.ts';
import {type Block, blocksOf, documentedOrigin, isPartial, programOf, syntaxError} from './readme-blocks.ts';

const deadline = 20_000;
const readmes = [
  ...['README.md'].filter(path => existsSync(join(workspaceRoot, path))),
  ...filesUnder('packages', /^packages\/[^/]+\/README\.md$/),
  ...filesUnder('packages/docs/pages', /\.md$/),
];
const blocks = readmes.flatMap(path => blocksOf(path, textOf(path)));
const named = (block: Block): readonly [string, Block] => [`${block.path}:${block.line}`, block];

function answering(): (request: IncomingMessage, response: ServerResponse) => void {
  const counts = new Map<string, number>();
  return ({method = 'GET', url = '/', headers}, response) => {
    if (method !== 'GET' && method !== 'HEAD') return response.writeHead(method === 'POST' ? 201 : 204).end();
    const etag = `"${url.length}"`;
    const fields = {'cache-control': 'max-age=60', etag};
    if (headers['if-none-match']?.includes(etag)) return response.writeHead(304, fields).end();
    const count = (counts.get(url) ?? 0) + 1;
    counts.set(url, count);
    response.writeHead(200, {...fields, 'content-type': 'application/json'});
    return response.end(JSON.stringify({path: url, count}));
  };
}

async function startOrigin(): Promise<{readonly server: Server; readonly url: string}> {
  const server = createServer(answering()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`};
}

/** A folder of its own for what a program writes; below the workspace, so that it finds the packages. */
function makeFolder(): string {
  const place = join(workspaceRoot, 'node_modules', '.readme');
  mkdirSync(place, {recursive: true});
  return mkdtempSync(join(place, 'block-'));
}

/** What the program wrote to stderr when it failed; `undefined` when it ended well. */
async function failureOf(program: string, more: readonly string[] = []): Promise<string | undefined> {
  const folder = makeFolder();
  const flags = ['--conditions=@limpid/source', '--no-warnings', '--input-type=module-typescript', ...more];
  const child = spawn(process.execPath, flags, {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: deadline,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', chunk => {
    errors += String(chunk);
  });
  child.stdin.end(program);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  rmSync(folder, {recursive: true, force: true});
  return code === 0 ? undefined : `${errors}ended with ${code ?? signal}`;
}

/** What browsers have and Node has not. */
const inBrowser = ['--import=fake-indexeddb/auto'];

const documentedRedis = 'redis://127.0.0.1:6379';

async function failureOfBlock(block: Block): Promise<string | undefined> {
  const {server, url} = await startOrigin();
  const redis = block.code.includes(documentedRedis) ? await startServer() : undefined;
  try {
    const program = programOf(block, url).replaceAll(documentedRedis, redis?.url ?? '');
    return await failureOf(program, block.path.includes('browser') ? inBrowser : []);
  } finally {
    await redis?.stop();
    server.closeAllConnections();
    server.close();
  }
}

describe('the READMEs', () => {
  test('show TypeScript, in whole or in part', () => {
    expect(blocks.filter(syntaxError).map(({path, line}) => `${path}:${line}`)).toEqual([]);
  });
  const isLeftOut = (block: Block): boolean => missing.some(({tests}) => tests.includes(block.path));
  test.each(blocks.filter(block => !isPartial(block) && !isLeftOut(block)).map(named))(
    'tell the truth at %s',
    async (_, block) => {
      expect(await failureOfBlock(block)).toBeUndefined();
    },
    deadline + 1000,
  );
});

describe('a block', () => {
  const block = (code: string): Block => ({path: 'README.md', line: 1, words: [], code});
  const told = async (code: string): Promise<string | undefined> => failureOfBlock(block(code));

  test('is found with its line and words, and with what it continues', () => {
    const text = '# A\n```js\na;\n```\n```ts continues\nb;\n```\n```js partial\nc\n```\n```sh\nls\n```\n';
    expect(blocksOf('README.md', text).map(({line, code, words}) => [line, code, words])).toEqual([
      [3, 'a;\n', []],
      [6, 'a;\nb;\n', ['continues']],
      [9, 'c\n', ['partial']],
    ]);
  });
  test('that does not parse is noticed', () => {
    expect(syntaxError(block('const = 1;'))).toBeDefined();
  });
  test('whose comment shows nothing is noticed', () => {
    expect(() => programOf(block('import "a"; //=> 1'), '')).toThrow(SyntaxError);
  });
  test('tells the truth about values, logs and declarations', async () => {
    const code = [
      `const response = await fetch('${documentedOrigin}/users');`,
      'const data = await response.json(); //=> {count: 1, path: "/users"}',
      'console.log(data.path);',
      '//=> /users',
      'response.status; //=> 200',
      "response.headers.get('cache-control') //=> max-age=…",
      'const counted: number = data.count; //=> 1',
      'if (counted) {',
      '  data.count + 1; //=> 2',
      '}',
    ].join('\n');
    expect(await told(code)).toBeUndefined();
  });
  test.each([
    ['const a = 1; //=> 2', 'is not true, it is 1'],
    ["console.log('a');\n//=> b", "is not true, it is 'a'"],
    ["throw new Error('lost');", 'lost'],
  ])('that is wrong is noticed: %s', async (code, says) => {
    expect(await told(code)).toContain(says);
  });
});
