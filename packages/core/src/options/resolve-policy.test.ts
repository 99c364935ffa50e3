import {describe, expect, test} from 'vitest';
import {resolveOptions} from './options.ts';
import {compileRequestOptions, type RequestOptions} from './request-options.ts';
import {type ResolvedPolicy, resolvePolicy} from './resolve-policy.ts';
import {compileDefaults, type Defaults} from './rule-options.ts';
import type {Rule} from './rules.ts';

const request = {method: 'GET', url: 'https://api.example/users'};

const storeIf = (): boolean => true;
const waitUntil = (): void => {};

type Layers = {readonly rules?: readonly Rule[]; readonly defaults?: Defaults; readonly options?: RequestOptions};

const resolve = ({rules = [], defaults, options}: Layers): ResolvedPolicy =>
  resolvePolicy(
    resolveOptions({rules, staleIfError: '1h'}),
    request,
    defaults && compileDefaults(defaults),
    compileRequestOptions(options) || undefined,
  );

describe('resolvePolicy', () => {
  test('without rules and options the cache decides, with one object for all requests', () => {
    const settings = resolveOptions();
    expect(resolvePolicy(settings, request)).toBe(settings.base);
  });

  test('rules that are for other requests change nothing', () => {
    const settings = resolveOptions({rules: [{for: /posts/, ttl: '1m'}]});
    expect(resolvePolicy(settings, request)).toBe(settings.base);
  });

  test('for each option the first rule that sets it wins', () => {
    const {policy} = resolve({
      rules: [
        {for: /users/, tags: ['users']},
        {for: /posts/, ttl: '9s'},
        {for: {origin: 'https://api.example'}, ttl: '1m', tags: ['api']},
        {ttl: '1h', staleIfError: '1d'},
      ],
    });
    expect(policy).toMatchObject({tags: ['users'], ttl: 60, staleIfError: 86_400, defaultStaleIfError: 3600});
  });

  test.each<[string, Layers, number | undefined]>([
    ['the request', {rules: [{ttl: 1000}], defaults: {ttl: 2000}, options: {ttl: 3000}}, 3],
    ["the adapter's defaults", {rules: [{ttl: 1000}], defaults: {ttl: 2000}, options: {tags: ['a']}}, 2],
    ['rules', {rules: [{ttl: 1000}], defaults: {tags: ['a']}}, 1],
    ['nothing', {options: {tags: ['a']}}, undefined],
    ['a lifetime of zero, which is set too', {rules: [{ttl: 1000}], options: {ttl: 0}}, 0],
  ])('the lifetime comes from %s', (_, layers, ttl) => {
    expect(resolve(layers).policy.ttl).toBe(ttl);
  });

  test('the same rules and defaults come to the same object', () => {
    const settings = resolveOptions({rules: [{ttl: 1}, {tags: ['a']}]});
    const defaults = compileDefaults({ttl: 2});
    expect(resolvePolicy(settings, request, defaults)).toBe(resolvePolicy(settings, request, defaults));
  });

  test('what is not laid over stays: ignored parameters, partition, storeIf', () => {
    const resolved = resolve({rules: [{ignoreSearch: true, partition: 'ann', storeIf}], options: {ttl: 1}});
    expect(resolved).toMatchObject({ignoreSearch: true, partition: 'ann', storeIf});
    expect(resolved.policy.partitioned).toBe(true);
  });

  test('a rule that ignores no parameters ends the search', () => {
    expect(resolve({rules: [{ignoreSearch: false}, {ignoreSearch: true}]}).ignoreSearch).toBeUndefined();
  });

  test('a cache mode is the first that is set, from the request on', () => {
    const rules: readonly Rule[] = [{cache: 'no-store'}, {cache: 'reload'}];
    expect(resolve({rules}).mode).toBe('no-store');
    expect(resolve({rules, defaults: {cache: 'no-cache'}}).mode).toBe('no-cache');
    expect(resolve({rules, defaults: {cache: 'no-cache'}, options: {cache: 'default'}}).mode).toBe('default');
    expect(resolve({}).mode).toBeUndefined();
  });

  test('an empty list of tags or of fields is set too', () => {
    expect(
      resolve({
        rules: [
          {tags: [], vary: []},
          {tags: ['a'], vary: ['accept']},
        ],
      }).policy,
    ).toMatchObject({
      tags: [],
      vary: [],
    });
  });

  test('key, mode, clears and waitUntil are the request’s, waitUntil else the cache’s', () => {
    const clears = {tag: 'users'};
    const options = compileRequestOptions({key: 'de', cache: 'reload', clears});
    const resolved = resolvePolicy(resolveOptions({waitUntil}), request, undefined, options || undefined);
    expect(resolved).toMatchObject({key: 'de', mode: 'reload', clears, waitUntil});
  });
});
