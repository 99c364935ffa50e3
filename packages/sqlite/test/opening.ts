// Opens a file at a given moment, for whoever tells it to, and answers with what went wrong.

import {SqliteStore} from '../src/index.ts';

async function open({file, at}: {readonly file: string; readonly at: number}): Promise<void> {
  // Others are to do the same within the same microseconds.
  while (Date.now() < at);
  try {
    const store = new SqliteStore({file});
    await store.size();
    await store.close();
    process.send?.('opened');
  } catch (error) {
    process.send?.(String(error));
  }
}

process.on('message', order => void open(order as Parameters<typeof open>[0]));
process.send?.('ready');
