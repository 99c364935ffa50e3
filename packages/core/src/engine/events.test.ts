import {describe, expect, test} from 'vitest';
import {isLimpidError} from '../errors.ts';
import {type CacheEvent, Events, type MissEvent, undo} from './events.ts';

const miss: MissEvent = {
  type: 'miss',
  method: 'GET',
  url: 'https://a.example/',
  because: 'uri-miss',
  detail: undefined,
};

describe('events', () => {
  test('reach those who listen to their type, and no others', () => {
    const events = new Events();
    const heard: CacheEvent[] = [];
    events.on('miss', event => void heard.push(event));
    events.on('hit', event => void heard.push(event));
    events.emit(miss);
    expect(heard).toEqual([miss]);
    expect([events.has('miss'), events.has('hit'), events.has('store')]).toEqual([true, true, false]);
  });

  test('reach a listener once for each time it was added', () => {
    const events = new Events();
    const heard: CacheEvent[] = [];
    const listener = (event: CacheEvent): void => void heard.push(event);
    const first = events.on('miss', listener);
    events.on('miss', listener);
    first();
    first();
    events.emit(miss);
    expect(heard).toEqual([miss]);
  });

  test('stop at the end of a scope', () => {
    const events = new Events();
    {
      using listening = events.on('miss', () => undefined);
      expect(listening).toBeTypeOf('function');
      expect(events.has('miss')).toBe(true);
    }
    expect(events.has('miss')).toBe(false);
  });

  test('reach the other listeners when one throws, which is an error event', () => {
    const events = new Events();
    const heard: string[] = [];
    events.on('miss', () => {
      throw new Error('mine');
    });
    events.on('miss', () => void heard.push('other'));
    events.on('error', ({error, during}) => void heard.push(`${String(error)} during ${during}`));
    events.emit(miss);
    expect(heard).toEqual(['Error: mine during miss listener', 'other']);
  });

  test('of a listener that rejects are an error event, too, and never an unhandled rejection', async () => {
    const events = new Events();
    const heard: string[] = [];
    const rejecting = (error: Error): never => Promise.reject(error) as never;
    events.on('miss', () => rejecting(new Error('mine')));
    events.on('error', ({error, during}) => void heard.push(`${String(error)} during ${during}`));
    events.on('error', () => rejecting(new Error('even here')));
    events.emit(miss);
    await new Promise(resolve => setImmediate(resolve));
    expect(heard).toEqual(['Error: mine during miss listener']);
  });

  test('nobody listens to never throw, errors least of all', () => {
    const events = new Events();
    events.emit({type: 'error', error: new Error('unheard'), during: 'list'});
    events.on('error', () => {
      throw new Error('even here');
    });
    events.emit({type: 'error', error: new Error('heard'), during: 'list'});
  });

  test('may be listened to, and no longer, from within a listener', () => {
    const events = new Events();
    const stop = events.on('miss', () => {
      stop();
      events.on('hit', () => undefined);
    });
    events.emit(miss);
    events.emit(miss);
    expect([events.has('miss'), events.has('hit')]).toEqual([false, true]);
  });

  test('take a hundred listeners of one type, no more', () => {
    const events = new Events();
    for (let index = 0; index < 100; index += 1) events.on('hit', () => undefined);
    const oneMore = (): unknown => events.on('hit', () => undefined);
    expect(oneMore).toThrow(/more than 100 listeners for "hit"/);
    try {
      oneMore();
    } catch (error) {
      expect(isLimpidError(error) && error.code).toBe('TOO_MANY_LISTENERS');
    }
    events.on('miss', () => undefined);
  });

  test.each([
    ['an unknown type', 'hits', () => undefined],
    ['a member of every object', 'constructor', () => undefined],
    ['no listener', 'hit', undefined],
  ])('refuse %s at once', (_, type, listener) => {
    expect(() => new Events().on(type as 'hit', listener as never)).toThrow(TypeError);
  });
});

test('what undoes is called or disposed of', () => {
  const undone: string[] = [];
  const action = undo(() => void undone.push('undone'));
  action();
  action[Symbol.dispose]();
  expect(undone).toEqual(['undone', 'undone']);
});
