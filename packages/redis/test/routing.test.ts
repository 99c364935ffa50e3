// A cluster's client sends what names no key to any server: its time is another's, and so are its replicas.

import {type Server, startCluster} from '@limpid/redis-servers';
import {type Clause, shareable} from 'limpid/store';
import {createCluster} from 'redis';
import {expect, onTestFinished, test} from 'vitest';
import {RedisStore} from '../src/index.ts';
import {keep, url} from './stored.ts';

const stop = (servers: readonly Server[]): Promise<unknown> => Promise.all(servers.map(server => server.stop()));

test('what is asked of a cluster is asked of the server that holds the key', {timeout: 60_000}, async () => {
  const servers = await startCluster();
  onTestFinished(async () => void (await stop(servers)));
  const client = await createCluster({rootNodes: servers.map(server => ({url: server.url}))}).connect();
  onTestFinished(() => client.destroy());
  const send = client.sendCommand.bind(client);
  const keyless = new Set<string>();
  client.sendCommand = async (key, isReadonly, args, options) => {
    const [name = '', ...rest] = args.map(String);
    if (!rest.includes(String(key))) keyless.add(name);
    return send(key, isReadonly, args, options);
  };
  const store = new RedisStore({client});
  const stored = await keep(store, {partition: shareable}, 'x'.repeat(20_000));
  expect(await store.update({...stored, requestTime: stored.requestTime + 1, partition: 'one'})).toBe('stored');
  expect(await store.list(stored.resource, await store.tick(), 'one')).toHaveLength(1);
  expect(await store.body(stored)).toBeDefined();
  await (await store.lease(stored.resource, 100))?.release();
  const how = {action: 'remove', through: true, exact: true} as const;
  await store.clear([{type: 'scope', scope: {type: 'tag', tag: 't'}}], how);
  await store.clear([{type: 'scope', scope: {type: 'all'}}], how);
  const within = {type: 'all'} as const;
  const anything: Clause = {type: 'match', within, conditions: {}, test: () => true, covers: undefined};
  await store.clear([anything], how);
  expect(await store.size()).toEqual({count: 0, bytes: 0});
  expect([...keyless]).toEqual([]);
});

test('a search that servers leave things out of finds what lies at each of them', {timeout: 60_000}, async () => {
  const servers = await startCluster();
  onTestFinished(async () => void (await stop(servers)));
  const client = await createCluster({rootNodes: servers.map(server => ({url: server.url}))}).connect();
  onTestFinished(() => client.destroy());
  const store = new RedisStore({client, timeout: 2_000});
  for (let page = 0; page < 60; page++)
    for (const name of ['mine', 'other'])
      await keep(store, {resource: `${url}${name}/${page}`, url: `${url}${name}/${page}`});
  const prefix = `${url}mine/`;
  const clause: Clause = {
    type: 'match',
    within: {type: 'all'},
    conditions: {prefix},
    test: stored => stored.url.startsWith(prefix),
    covers: undefined,
  };
  const how = {action: 'remove', through: false, exact: false} as const;
  expect(await store.clear([clause], how)).toMatchObject({count: 60});
  expect((await store.size()).count).toBe(60);
});
