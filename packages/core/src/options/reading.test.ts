import {runInNewContext} from 'node:vm';
import {describe, expect, test} from 'vitest';
import {isPlain, shown} from '../complaint.ts';
import {readArray, readConditions, readFieldName, readMethod, readRecord, readText} from './reading.ts';

class Options {
  readonly ttl = 5;
}

describe('readRecord', () => {
  const readers = {staleIfError: readText, ttl: readText, tags: readText};
  const read = (value: unknown, path = 'options'): unknown => readRecord(value, path, readers, 'an object');

  test.each([
    [{tll: 1}, 'limpid: options.tll is not an option; did you mean "ttl"?'],
    [{TTL: 1}, 'limpid: options.TTL is not an option; did you mean "ttl"?'],
    [{tag: 1}, 'limpid: options.tag is not an option; did you mean "tags"?'],
    [{'stale-if-error': 1}, 'limpid: options.stale-if-error is not an option; did you mean "staleIfError"?'],
    [{tll: undefined}, 'limpid: options.tll is not an option; did you mean "ttl"?'],
    [{maxAge: 1}, 'limpid: options.maxAge is not an option; known: staleIfError, ttl, tags'],
    [{constructor: 1}, 'limpid: options.constructor is not an option; known: staleIfError, ttl, tags'],
    [JSON.parse('{"__proto__": 1}'), 'limpid: options.__proto__ is not an option; known: staleIfError, ttl, tags'],
    [{ttl: 5}, 'limpid: options.ttl is 5; allowed: text that is not empty'],
    [new Options(), 'limpid: options is a class instance; allowed: an object'],
    [Object.create({ttl: 'x'}), 'limpid: options is a class instance; allowed: an object'],
    [['ttl'], 'limpid: options is an array; allowed: an object'],
    [null, 'limpid: options is null; allowed: an object'],
    ['ttl', 'limpid: options is "ttl"; allowed: an object'],
  ])('refuses %j', (value, message) => {
    expect(() => read(value)).toThrow(new TypeError(message));
  });

  test('options of the cache itself are named without a path', () => {
    expect(() => read({tll: 1}, '')).toThrow('limpid: tll is not an option');
    expect(() => read(5, '')).toThrow('limpid: options is 5');
  });

  test('an undefined value counts as absent', () => {
    expect(read({ttl: undefined, tags: 'a'})).toEqual({tags: 'a'});
  });

  test('conditions may be neither absent nor undefined', () => {
    const narrow = (value: unknown): unknown => readConditions(value, 'for', readers, 'conditions');
    expect(() => narrow({})).toThrow(new TypeError('limpid: for is {}; allowed: conditions'));
    expect(() => narrow({ttl: undefined, tags: 'a'})).toThrow(
      new TypeError('limpid: for.ttl is undefined; allowed: a value; leave the key out for any'),
    );
    expect(narrow({tags: 'a'})).toEqual({tags: 'a'});
  });
});

describe('readers', () => {
  test('objects of another realm are plain too', () => {
    expect(isPlain(runInNewContext('({})'))).toBe(true);
    expect(isPlain(Object.create(null))).toBe(true);
    expect(isPlain(new Map())).toBe(false);
  });

  test('a long text is shown in part', () => {
    expect(shown('redis://:hunter2@a.example')).toBe('"redis://…@a.example"');
    expect(shown('/x?access_token=hunter2')).toBe('"/x?…"');
    expect(shown('x'.repeat(100))).toBe(`"${'x'.repeat(80)}…"`);
  });

  test('an array is read member by member, each once', () => {
    const read = readArray(readFieldName, 'an array of field names');
    expect(read(['Accept', 'accept', 'X-A'], 'vary')).toEqual(['accept', 'x-a']);
    expect(() => read(['ok', 'not ok'], 'vary')).toThrow(
      new TypeError('limpid: vary[1] is "not ok"; allowed: a field name like "accept-language"'),
    );
    expect(() => read('accept', 'vary')).toThrow('limpid: vary is "accept"; allowed: an array of field names');
    expect(() => read(['*'], 'vary')).toThrow('limpid: vary[0] is "*"');
  });

  test.each([
    ['get', 'GET'],
    ['Query', 'QUERY'],
    ['patch', 'patch'],
    ['PATCH', 'PATCH'],
  ])('the method %s is %s', (given, method) => {
    expect(readMethod(given, 'method')).toBe(method);
  });

  test('what is no token is no method', () => {
    expect(() => readMethod('GET /', 'method')).toThrow(
      new TypeError('limpid: method is "GET /"; allowed: a method like "GET"'),
    );
  });
});
