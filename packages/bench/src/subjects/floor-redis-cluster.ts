import {startCluster} from '@limpid/redis-servers';
import {createCluster} from 'redis';
import type {Subject} from '../subject.ts';
import {redisFloor} from './over-redis.ts';

/** As floor-redis, over a cluster. */
export const subject: Subject = {
  configuration: 'As floor-redis, over a cluster of its own, of 3 masters and 3 replicas.',
  async open(environment) {
    const servers = await startCluster();
    const client = createCluster({rootNodes: servers.map(({url}) => ({url}))});
    await client.connect();
    const send = (...args: readonly [string, string, ...(readonly (string | Buffer)[])]): Promise<unknown> =>
      client.sendCommand(args[1], false, [...args], {typeMapping: {36: Buffer}});
    return redisFloor(environment, send, async () => {
      client.destroy();
      await Promise.all(servers.map(({stop}) => stop()));
    });
  },
};
