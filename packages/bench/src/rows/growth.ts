// How costs grow: flat or logarithmic is what they may be.

import type {Row} from '../row.ts';

/** Growth like `x^0.15` is 1.4 × for ten times as much: what a logarithm, and the processor's caches, amount to. */
const limit = 0.15;

const tenfold = [1000, 10_000, 100_000, 1_000_000];

export const growthRows: readonly Row[] = [
  {
    name: 'sizes',
    title: 'A fresh hit by the size of its body',
    task: 'hits',
    points: [1024, 4096, 16_384, 65_536, 262_144, 1_048_576].map(size => ({
      x: size,
      options: {size, reads: ['bytes']},
    })),
    contenders: ['floor-copy', 'floor-http', 'limpid-fetch', 'undici-request', 'axios-cloned', 'by-hand'],
    units: {},
    rounds: 5,
    goals: [],
    plot: {measure: 'bytes', axis: 'bytes of a body'},
  },
  {
    name: 'growth-stored',
    title: 'A fresh hit by how many responses are stored',
    task: 'growth',
    points: tenfold.map(count => ({x: count, options: {size: 64, count}})),
    contenders: ['floor-http', 'limpid-fetch', 'undici-request', 'axios-cloned', 'by-hand'],
    units: {},
    rounds: 5,
    once: true,
    goals: [
      {contender: 'limpid-fetch', measure: 'hit', type: 'growth', limit},
      {contender: 'limpid-fetch', measure: 'insert', type: 'growth', limit},
      {contender: 'limpid-fetch', measure: 'clear', type: 'growth', limit},
    ],
    plot: {measure: 'hit', axis: 'stored responses'},
  },
  {
    name: 'growth-variants',
    title: 'A fresh hit by how many variants its resource has',
    task: 'variants',
    points: [1, 3, 10, 30, 64].map(variants => ({x: variants, options: {size: 1024, variants}})),
    contenders: ['limpid-fetch', 'undici-request'],
    units: {},
    rounds: 5,
    goals: [{contender: 'limpid-fetch', measure: 'bytes', type: 'growth', limit}],
    plot: {measure: 'bytes', axis: 'variants'},
  },
  {
    name: 'growth-users',
    title: 'A fresh hit by how many users have its resource, each their own',
    task: 'variants',
    points: [1, 10, 100, 1000, 5000].map(users => ({x: users, options: {size: 64, users}})),
    contenders: ['limpid-fetch'],
    units: {},
    rounds: 5,
    goals: [{contender: 'limpid-fetch', measure: 'bytes', type: 'growth', limit}],
    plot: {measure: 'bytes', axis: 'users'},
  },
  {
    name: 'growth-tags',
    title: 'A fresh hit by how many tags it has',
    task: 'growth',
    points: [1, 5, 10, 25, 50].map(tags => ({x: tags, options: {size: 1024, count: 1000, tags}})),
    contenders: ['limpid-fetch'],
    units: {},
    rounds: 5,
    once: true,
    goals: [{contender: 'limpid-fetch', measure: 'hit', type: 'growth', limit}],
    plot: {measure: 'hit', axis: 'tags'},
  },
];
