import axios, {type AxiosRequestConfig, type AxiosStatic} from 'axios';
import {HttpCache} from 'limpid';
import {expectTypeOf, test} from 'vitest';
import {type CachedAxios, cached} from '../src/index.ts';

test('cached keeps the type of its instance and adds eject', () => {
  expectTypeOf(cached(axios.create(), new HttpCache())).toEqualTypeOf<CachedAxios>();
  expectTypeOf(cached(axios, new HttpCache())).toExtend<AxiosStatic>();
  expectTypeOf(cached(axios, new HttpCache())).toExtend<{eject(): void}>();
});

test('the option limpid is known to every config', () => {
  const config: AxiosRequestConfig = {limpid: {ttl: '5m', tags: ['users'], clears: {tag: 'users'}}};
  expectTypeOf(config.limpid).not.toBeAny();
  void axios.get('https://a.example/', {limpid: false});
  axios.defaults.limpid = {staleIfError: '1h'};
  // @ts-expect-error an option that does not exist
  void axios.get('https://a.example/', {limpid: {tll: '5m'}});
});
