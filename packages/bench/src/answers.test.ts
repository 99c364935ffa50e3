import {describe, expect, test} from 'vitest';
import {answeringFetch, answerTo, bodyOfSize} from './answers.ts';

describe('a body', () => {
  test.each([25, 64, 100, 1024, 102_400])('of %d bytes is JSON of that size', size => {
    const body = bodyOfSize(size);
    expect(body).toHaveLength(size);
    expect(() => JSON.parse(new TextDecoder().decode(body))).not.toThrow();
  });
});

describe('an answer', () => {
  test('is fresh for long or never, as the path says', () => {
    expect(answerTo('http://127.0.0.1:1/fresh/64/a').headers['cache-control']).toBe('max-age=3600');
    expect(answerTo('/validate/64/a').headers['cache-control']).toBe('no-cache');
    expect(answerTo('/slow/64/a').isSlow).toBe(true);
  });

  test('is a 304 to its own entity tag alone', () => {
    expect(answerTo('/validate/64/a', '"a"')).toMatchObject({status: 304, body: new Uint8Array(0)});
    expect(answerTo('/validate/64/a', '"b"').status).toBe(200);
  });

  test('has the tags and the Vary that the query names', () => {
    expect(answerTo('/fresh/64/a?tags=t1,t2&vary=x-a').headers).toMatchObject({'cache-tag': 't1,t2', vary: 'x-a'});
    expect(answerTo('/fresh/64/a').headers).not.toHaveProperty('cache-tag');
  });

  test('is the same without a network', async () => {
    const response = await answeringFetch(new Request('http://127.0.0.1:1/fresh/64/a'));
    expect(response.headers.get('etag')).toBe('"a"');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bodyOfSize(64));
  });
});
