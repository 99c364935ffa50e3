// Stores bodies as fast as it can, until somebody kills it. Its arguments: a file, and a number that tells it from others.

import {SqliteStore} from '../src/index.ts';
import {bodyFor, headFor} from './crash-bodies.ts';

const [file = '', run = ''] = process.argv.slice(2);
const store = new SqliteStore({file, maxBytes: 12_000_000, compress: Number(run) % 2 === 1 ? 'brotli' : false});

async function write(index: number): Promise<void> {
  const url = `https://a.example/${run}/${index % 50}`;
  const stored = headFor(url, `${run}-${index}`, await store.tick());
  const sink = store.put(stored);
  const body = bodyFor(stored.id);
  for (let at = 0; at < body.length; at += 50_000) await sink.write(body.slice(at, at + 50_000));
  await sink.commit();
  if (index % 20 === 19) {
    await store.clear([{type: 'scope', scope: {type: 'tag', tag: 'even'}}], {
      action: 'remove',
      through: false,
      exact: false,
    });
    process.stdout.write(`cleared ${await store.tick()}\n`);
  }
}

process.stdout.write('ready\n');
for (let index = 0; ; index += 4) await Promise.all([0, 1, 2, 3].map(more => write(index + more)));
