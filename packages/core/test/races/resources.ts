// What the origin has, and what it says of each: one resource for each way of being cached.

/** A caller's identity. `nobody` sends no credentials. */
export type User = 'nobody' | 'alice' | 'bob' | 'carol';

export const users: readonly User[] = ['nobody', 'alice', 'bob', 'carol'];

export type Resource = {
  readonly name: string;
  readonly url: string;
  readonly cacheControl: string;
  readonly validator: boolean;
  /** What the answer depends on, besides the user. */
  readonly varies: 'nothing' | 'variant' | 'client';
  /** One answer serves every user. */
  readonly shared: boolean;
  readonly tags: readonly string[];
  readonly length: number;
};

const made = (name: string, cacheControl: string, more: Partial<Resource> = {}): Resource => ({
  name,
  url: `https://a.example/${name}`,
  cacheControl,
  validator: true,
  varies: 'nothing',
  shared: false,
  tags: [name, 'even'],
  length: 200,
  ...more,
});

/** Longest body the races' caches keep. */
export const maxBodyBytes = 2_000;

export const resources: readonly Resource[] = [
  made('fresh', 'max-age=60'),
  made('varied', 'max-age=60', {varies: 'variant'}),
  made('language', 'max-age=60', {varies: 'client', tags: ['language', 'odd']}),
  made('shared', 'public, max-age=60', {shared: true}),
  made('brief', 'max-age=1, stale-while-revalidate=600', {tags: ['brief', 'odd']}),
  made('fallback', 'max-age=1, stale-if-error=600'),
  made('checked', 'no-cache', {url: 'https://b.example/checked', tags: ['checked', 'odd']}),
  made('bare', 'max-age=60', {url: 'https://b.example/bare', validator: false}),
  made('secret', 'no-store'),
  made('long', 'max-age=60', {length: maxBodyBytes * 3}),
  made('common', 'public, max-age=1, stale-while-revalidate=600', {shared: true, varies: 'variant'}),
];

/** The origin of every resource on `a.example`, `fresh` among them. */
export const origins: readonly string[] = ['https://a.example', 'https://b.example'];
