// Stores that last and stores that are shared, beside the least that such a place costs.

import type {Row} from '../row.ts';

const together = 100;
const units = {bytes: 'µs', json: 'µs', [`${together} at once`]: 'µs'};

/** Each with a server of its own: the server works while nobody else does. */
const overRedis = (name: string, title: string, place: 'redis' | 'redis-cluster', limit: number): Row => ({
  name,
  title,
  task: 'hits',
  points: [{options: {size: 1024, reads: ['bytes'], together}}],
  contenders:
    place === 'redis'
      ? ['floor-redis', 'limpid-redis', 'limpid-tiered-redis', 'limpid-leased-redis']
      : ['floor-redis-cluster', 'limpid-redis-cluster'],
  units,
  goals: ['bytes', `${together} at once`].map(measure => ({
    contender: `limpid-${place}`,
    measure,
    type: 'ratio',
    limit,
    of: {contender: `floor-${place}`},
  })),
});

export const lastingRows: readonly Row[] = [
  {
    name: 'hit-sqlite',
    title: 'A fresh hit of 1 KiB from a file',
    task: 'hits',
    points: [{options: {size: 1024}}],
    contenders: ['floor-sqlite', 'limpid-sqlite', 'limpid-tiered-sqlite', 'undici-sqlite'],
    units,
    goals: [
      {contender: 'limpid-sqlite', measure: 'bytes', type: 'ratio', limit: 1.5, of: {contender: 'floor-sqlite'}},
      {contender: 'limpid-sqlite', measure: 'bytes', type: 'ahead', limit: 1},
      {contender: 'limpid-sqlite', measure: 'json', type: 'ahead', limit: 1},
    ],
  },
  {
    name: 'evict-sqlite',
    title: 'An insert into a file that evicts, beside one that has room',
    task: 'evicting',
    points: [{options: {count: 10_000, size: 1024}, quick: {count: 500}}],
    contenders: ['limpid-sqlite'],
    units: {},
    rounds: 7,
    goals: [{contender: 'limpid-sqlite', measure: 'evicting', type: 'ratio', limit: 2, of: {measure: 'with room'}}],
  },
  overRedis('hit-redis', 'A fresh hit of 1 KiB from Redis', 'redis', 1.2),
  overRedis('hit-redis-cluster', 'A fresh hit of 1 KiB from a Redis Cluster', 'redis-cluster', 2),
  {
    name: 'million',
    title: 'Opening, hitting and clearing a tag of 1000 among a million stored responses of 64 bytes',
    task: 'million',
    points: [{options: {count: 1_000_000, size: 64}, quick: {count: 2000}}],
    contenders: ['limpid-sqlite', 'limpid-redis'],
    units: {open: 'ms', hit: 'µs', 'clear of a tag': 'ms', process: 'MiB', 'file or server': 'MiB'},
    rounds: 3,
    once: true,
    goals: [],
  },
];
