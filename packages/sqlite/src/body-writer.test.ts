import {DatabaseSync} from 'node:sqlite';
import type {PutOutcome} from 'limpid/store';
import {expect, test, vi} from 'vitest';
import {BodyWriter} from './body-writer.ts';
import {Connection} from './connection.ts';
import {inlineBytes} from './schema.ts';
import type {Writer} from './writer.ts';

const tables = `
  CREATE TABLE responses (id TEXT);
  CREATE TABLE chunks (body TEXT, place INTEGER, size INTEGER, bytes BLOB);
  CREATE TABLE unfinished (body TEXT PRIMARY KEY, written INTEGER);
  CREATE TABLE doomed (body TEXT PRIMARY KEY);
`;

/** A long body that is given up while its commit waits for a lock; the bodies whose chunks are to be swept then. */
async function doomed(comesThrough: boolean): Promise<unknown> {
  const connection = new Connection(new DatabaseSync(':memory:'));
  connection.exec(tables);
  let last: Promise<unknown> = Promise.resolve();
  // One job after another, as in the writer.
  const run = <T>(job: (connection: Connection) => T): Promise<Awaited<T>> => {
    const done = last.then(() => job(connection)) as Promise<Awaited<T>>;
    last = done;
    return done;
  };
  const locked = Promise.withResolvers<void>();
  const commit = vi.fn(() =>
    run(async (): Promise<PutOutcome> => {
      await locked.promise;
      if (comesThrough) connection.exec("INSERT INTO responses VALUES ('one')");
      return comesThrough ? 'stored' : 'fenced';
    }),
  );
  const writer = {hold: () => () => undefined, run} as unknown as Writer;
  const body = new BodyWriter({
    id: 'one',
    writer,
    compress: false,
    now: Date.now,
    fits: () => true,
    commit,
    left: () => undefined,
  });
  await body.write(new Uint8Array(inlineBytes + 1));
  const outcome = body.commit();
  await vi.waitUntil(() => commit.mock.calls.length === 1);
  body.abort();
  locked.resolve();
  await outcome;
  await last;
  return connection
    .prepare('SELECT body FROM doomed')
    .all()
    .map(({body: id}) => id);
}

test('chunks of a body given up are swept, unless its commit comes through after all', async () => {
  expect(await doomed(false)).toEqual(['one']);
  expect(await doomed(true)).toEqual([]);
});
