// Fresh hits: one, one of many, and large ones.

import type {Goal, Row, Runtime} from '../row.ts';

const peers = [
  'undici-request',
  'undici-fetch',
  'axios-shared',
  'axios-cloned',
  'got',
  'make-fetch-happen',
  'node-fetch-cache',
  'cacheable-request',
  'by-hand',
] as const;

const microseconds = {bytes: 'µs', json: 'µs', stream: 'µs'};

const limpids = ['limpid-fetch', 'limpid-ky', 'limpid-axios'] as const;

/** Below each peer, whatever the client. */
const ahead = (measures: readonly string[]): readonly Goal[] =>
  measures.map(measure => ({contender: 'limpid-fetch', measure, type: 'ahead', limit: 1}));

const large = (name: string, title: string, size: number, quick: number): Row => ({
  name,
  title,
  task: 'hits',
  points: [{options: {size, reads: ['bytes', 'stream']}, quick: {size: quick}}],
  contenders: [
    'floor-copy',
    'floor-ky',
    'floor-axios',
    'floor-http',
    ...limpids,
    'undici-request',
    'axios-cloned',
    'by-hand',
  ],
  units: microseconds,
  goals: limpids.map(contender => ({
    contender,
    measure: 'bytes',
    type: 'ratio',
    limit: 1.15,
    of: {contender: 'floor-copy'},
  })),
});

/** Where Responses are the runtime's own: lazy ones are for Node. */
const elsewhere = (runtime: Runtime): Row => ({
  name: `hit-${runtime.toLowerCase()}`,
  runtime,
  title: `A fresh hit of 1 KiB through fetch, on ${runtime}`,
  task: 'hits',
  points: [{options: {size: 1024}}],
  contenders: ['floor-map', 'floor-http', 'limpid-fetch', 'by-hand'],
  units: microseconds,
  goals: (['bytes', 'json'] as const).map(measure => ({
    contender: 'limpid-fetch',
    measure,
    type: 'ratio',
    limit: 1.1,
    of: {contender: 'floor-http'},
  })),
});

export const hitRows: readonly Row[] = [
  {
    name: 'hit-fetch',
    title: 'A fresh hit of 1 KiB through fetch',
    task: 'hits',
    points: [{options: {size: 1024}}],
    contenders: ['floor-map', 'floor-http', 'floor-subclass', 'limpid-fetch', ...peers],
    units: microseconds,
    goals: [
      {contender: 'limpid-fetch', measure: 'bytes', type: 'ratio', limit: 0.45, of: {contender: 'floor-http'}},
      {contender: 'limpid-fetch', measure: 'json', type: 'ratio', limit: 0.6, of: {contender: 'floor-http'}},
      ...ahead(['bytes', 'json']),
    ],
  },
  {
    name: 'hit-clients',
    title: 'A fresh hit of 1 KiB through ky and axios',
    task: 'hits',
    points: [{options: {size: 1024}}],
    contenders: ['floor-ky', 'limpid-ky', 'undici-ky', 'floor-axios', 'limpid-axios', 'axios-shared', 'axios-cloned'],
    units: microseconds,
    goals: [
      {contender: 'limpid-ky', measure: 'bytes', type: 'ratio', limit: 1.2, of: {contender: 'floor-ky'}},
      {contender: 'limpid-ky', measure: 'json', type: 'ratio', limit: 1.2, of: {contender: 'floor-ky'}},
      {contender: 'limpid-axios', measure: 'bytes', type: 'ratio', limit: 1.25, of: {contender: 'floor-axios'}},
      {contender: 'limpid-axios', measure: 'json', type: 'ratio', limit: 1.25, of: {contender: 'floor-axios'}},
      ...(['bytes', 'json'] as const).flatMap((measure): Goal[] => [
        {contender: 'limpid-ky', measure, type: 'ratio', limit: 1, of: {contender: 'undici-ky'}},
        {contender: 'limpid-axios', measure, type: 'ratio', limit: 1, of: {contender: 'axios-cloned'}},
      ]),
    ],
  },
  {
    name: 'keys',
    title: 'Hits among 10 000 stored responses of 1 KiB, some asked for far more often than others (zipf)',
    task: 'hits',
    points: [{options: {size: 1024, count: 10_000, picks: 'zipf', reads: ['bytes']}, quick: {count: 300}}],
    contenders: ['floor-map', 'floor-http', 'floor-subclass', ...limpids, 'undici-request', 'axios-cloned', 'by-hand'],
    units: microseconds,
    goals: [
      {contender: 'limpid-fetch', measure: 'bytes', type: 'ratio', limit: 0.5, of: {contender: 'floor-http'}},
      ...ahead(['bytes']),
    ],
  },
  elsewhere('Bun'),
  elsewhere('Deno'),
  large('body-100k', 'A fresh hit of 100 KiB', 100 * 1024, 100 * 1024),
  large('body-10m', 'A fresh hit of 10 MiB', 10 * 1024 ** 2, 1024 ** 2),
  {
    name: 'stream-memory',
    title: 'What a reader half-way through a stored body of 10 MiB holds',
    task: 'streams',
    points: [{options: {size: 10 * 1024 ** 2}}],
    contenders: ['floor-http', ...limpids, 'undici-request', 'by-hand'],
    units: {held: 'KiB'},
    rounds: 3,
    goals: limpids.map(contender => ({contender, measure: 'held', type: 'value', limit: 256})),
  },
];
