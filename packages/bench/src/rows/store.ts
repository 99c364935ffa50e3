// Clearing, evicting, and what is kept.

import type {Goal, Row} from '../row.ts';

const limits = {one: 3, prefix: 15_000, tag: 5000, all: 100};

const clearGoals: readonly Goal[] = Object.entries(limits).flatMap(([measure, limit]): Goal[] => [
  {contender: 'limpid-fetch', measure, type: 'value', limit},
  ...(measure === 'one'
    ? []
    : [{contender: 'limpid-fetch', measure: `stall: ${measure}`, type: 'value', limit: 5} as const]),
]);

export const storeRows: readonly Row[] = [
  {
    name: 'clear',
    title: 'Clearing among 100 000: one, 10 % by prefix, 10 % by tag, all; and the longest request meanwhile',
    task: 'clears',
    points: [{options: {count: 100_000, size: 64}, quick: {count: 2000}}],
    contenders: ['floor-map', 'limpid-fetch', 'undici-request', 'axios-shared'],
    units: {'stall: prefix': 'ms', 'stall: tag': 'ms', 'stall: all': 'ms'},
    rounds: 3,
    goals: clearGoals,
  },
  {
    name: 'evict',
    title: 'An insert that evicts, beside one that has room, at 10 000 stored',
    task: 'evicting',
    points: [{options: {count: 10_000, size: 1024}, quick: {count: 500}}],
    contenders: ['limpid-fetch', 'axios-shared', 'undici-request'],
    units: {},
    rounds: 7,
    goals: [{contender: 'limpid-fetch', measure: 'evicting', type: 'ratio', limit: 2, of: {measure: 'with room'}}],
  },
  {
    name: 'memory',
    title: 'What a stored response of 1 KiB keeps among 100 000, and what a hit keeps',
    task: 'memory',
    points: [{options: {count: 100_000, size: 1024}, quick: {count: 1000}}],
    contenders: ['limpid-fetch', 'limpid-axios', 'undici-request', 'axios-shared', 'got', 'by-hand'],
    units: {stored: 'bytes', 'per hit': 'bytes'},
    rounds: 1,
    once: true,
    goals: [
      {contender: 'limpid-fetch', measure: 'stored', type: 'value', limit: 1900},
      {contender: 'limpid-axios', measure: 'stored', type: 'value', limit: 1900},
      // What the collector itself moves between two looks is a few bytes per hit.
      {contender: 'limpid-fetch', measure: 'per hit', type: 'value', limit: 16},
      {contender: 'limpid-axios', measure: 'per hit', type: 'value', limit: 16},
    ],
  },
];
