// The subjects by name. Each is loaded only in its own process, so that none pays for what another brings along.

import type {Subject} from './subject.ts';

type Load = () => Promise<{readonly subject: Subject}>;

const loads = {
  'floor-map': () => import('./subjects/floor-map.ts'),
  'floor-copy': () => import('./subjects/floor-copy.ts'),
  'floor-http': () => import('./subjects/floor-http.ts'),
  'floor-subclass': () => import('./subjects/floor-subclass.ts'),
  'floor-sqlite': () => import('./subjects/floor-sqlite.ts'),
  'floor-redis': () => import('./subjects/floor-redis.ts'),
  'floor-redis-cluster': () => import('./subjects/floor-redis-cluster.ts'),
  'floor-ky': () => import('./subjects/floor-ky.ts'),
  'floor-axios': () => import('./subjects/floor-axios.ts'),
  'limpid-fetch': () => import('./subjects/limpid-fetch.ts'),
  'limpid-ky': () => import('./subjects/limpid-ky.ts'),
  'limpid-axios': () => import('./subjects/limpid-axios.ts'),
  'limpid-sqlite': () => import('./subjects/limpid-sqlite.ts'),
  'limpid-tiered-sqlite': () => import('./subjects/limpid-tiered-sqlite.ts'),
  'limpid-redis': () => import('./subjects/limpid-redis.ts'),
  'limpid-redis-cluster': () => import('./subjects/limpid-redis-cluster.ts'),
  'limpid-tiered-redis': () => import('./subjects/limpid-tiered-redis.ts'),
  'limpid-leased-redis': () => import('./subjects/limpid-leased-redis.ts'),
  'undici-request': () => import('./subjects/undici-request.ts'),
  'undici-fetch': () => import('./subjects/undici-fetch.ts'),
  'undici-ky': () => import('./subjects/undici-ky.ts'),
  'undici-sqlite': () => import('./subjects/undici-sqlite.ts'),
  'axios-shared': () => import('./subjects/axios-shared.ts'),
  'axios-cloned': () => import('./subjects/axios-cloned.ts'),
  got: () => import('./subjects/got.ts'),
  'make-fetch-happen': () => import('./subjects/make-fetch-happen.ts'),
  'node-fetch-cache': () => import('./subjects/node-fetch-cache.ts'),
  'cacheable-request': () => import('./subjects/cacheable-request.ts'),
  'by-hand': () => import('./subjects/by-hand.ts'),
} as const satisfies Readonly<Record<string, Load>>;

export type SubjectName = keyof typeof loads;

export const subjectNames: readonly SubjectName[] = Object.keys(loads) as SubjectName[];

export const loadSubject = async (name: SubjectName): Promise<Subject> => (await loads[name]()).subject;
