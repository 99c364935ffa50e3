// Stores a short and a long body that hold a secret, clears, and is killed before anything is swept. Its arguments: the file,
// and the secret.

import {SqliteStore} from '../src/index.ts';
import {headFor} from './crash-bodies.ts';

const [file = '', secret = ''] = process.argv.slice(2);
const store = new SqliteStore({file});
for (const [id, copies] of [
  ['short', 1],
  ['long', 20_000],
] as const) {
  const sink = store.put(headFor(`https://a.example/${id}`, id, await store.tick()));
  await sink.write(new TextEncoder().encode(secret.repeat(copies)));
  if ((await sink.commit()) !== 'stored') throw new Error(`${id} is not stored`);
}
await store.clear([{type: 'scope', scope: {type: 'all'}}], {action: 'remove', through: false, exact: false});
process.kill(process.pid, 'SIGKILL');
