// Requests that reach the origin.

import type {Contender, Goal, Row} from '../row.ts';

const clients = ['limpid-fetch', 'limpid-ky', 'limpid-axios'] as const;

const others = ['undici-request', 'undici-fetch', 'axios-shared', 'got', 'make-fetch-happen'] as const;

const goalsOf = (contender: (typeof clients)[number]): readonly Goal[] => {
  const without: Contender = `${contender} without`;
  return [
    {contender, measure: 'miss', type: 'added', limit: 25, of: {contender: without}},
    {contender, measure: '304', type: 'added', limit: 20, of: {contender: without}},
    {contender, measure: 'miss', type: 'ratio', limit: 1.1, of: {contender: without}},
    {contender, measure: '304', type: 'ratio', limit: 1.1, of: {contender: without}},
  ];
};

export const networkRows: readonly Row[] = [
  {
    name: 'network',
    title: 'A miss and a 304, one at a time, beside the same client without a cache',
    task: 'misses',
    points: [{options: {size: 1024}}],
    contenders: [...clients, ...others].flatMap((contender): Contender[] => [contender, `${contender} without`]),
    units: {miss: 'µs', 304: 'µs'},
    goals: clients.flatMap(goalsOf),
  },
  {
    name: 'together',
    title: '100 equal requests at once for what is not stored',
    task: 'together',
    points: [{options: {size: 16_384}}],
    contenders: [
      ...clients.flatMap((contender): Contender[] => [contender, `${contender} without`]),
      ...others,
      'node-fetch-cache',
      'by-hand',
    ],
    units: {origin: 'requests', all: 'ms', 'first byte': 'ms', one: 'ms', 'first byte of one': 'ms'},
    rounds: 8,
    goals: [
      ...clients.flatMap((contender): Goal[] => [
        {contender, measure: 'origin', type: 'value', limit: 1},
        {contender, measure: 'all', type: 'ratio', limit: 1.1, of: {measure: 'one'}},
      ]),
      {
        contender: 'limpid-fetch',
        measure: 'first byte',
        type: 'ratio',
        limit: 1,
        of: {contender: 'limpid-fetch without'},
      },
    ],
  },
];
