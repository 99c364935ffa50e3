import {describe, expect, test} from 'vitest';
import {argumentsOf} from './arguments.ts';

const defaults = {client: 'fetch', store: 'memory', profile: 'private', unreachable: 'reject'};

describe('the command line', () => {
  test('needs to say nothing', () => {
    expect(argumentsOf([])).toEqual({type: 'run', setting: defaults, ids: [], json: undefined});
  });

  test('says what to run', () => {
    const given =
      '-- --client axios --store tiered --profile shared --unreachable respond --id a --id b --json out.json';
    expect(argumentsOf(given.split(' '))).toEqual({
      type: 'run',
      setting: {client: 'axios', store: 'tiered', profile: 'shared', unreachable: 'respond'},
      ids: ['a', 'b'],
      json: 'out.json',
    });
  });

  test.each([
    [['--client', 'curl'], '--client is "curl"; allowed: fetch, ky, axios'],
    [['--store', 'disk'], '--store is "disk"; allowed: memory, tiered'],
    [['--profile', 'all'], '--profile is "all"; allowed: private, plus, shared'],
    [['--unreachable', ''], '--unreachable is ""; allowed: reject, respond'],
    [['--colour'], "Unknown option '--colour'"],
    [['fetch'], "Unexpected argument 'fetch'"],
  ])('is refused by name: %j', (given, message) => {
    expect(argumentsOf(given)).toMatchObject({type: 'wrong', message: expect.stringContaining(message) as string});
  });

  test.each(['--help', '-h'])('asks for help by %s', word => {
    expect(argumentsOf([word])).toEqual({type: 'help'});
  });
});
