import {expect, test} from 'vitest';
import {Fields} from '../fields/fields.ts';
import {ArrivingAnswer, wholeBody} from './arriving-answer.ts';
import {responseFrom} from './fetch-response.ts';

const head = {status: 200, statusText: 'OK', fields: Fields.none, url: 'https://a/', redirected: false, type: 'basic'};

function answer() {
  const taken: string[] = [];
  const arriving = {
    stream: () => {
      taken.push('stream');
      return new Blob(['hello']).stream();
    },
    bytes: async () => {
      taken.push('bytes');
      return new TextEncoder().encode('hello');
    },
  };
  return {taken, given: new ArrivingAnswer(head, arriving)};
}

test('who knows it takes the body whole, and no stream is made', async () => {
  const {taken, given} = answer();
  expect(await responseFrom(given).text()).toBe('hello');
  expect(taken).toEqual(['bytes']);
});

test('to others it has one stream, also in a copy', async () => {
  const {taken, given} = answer();
  expect(given.body).toBe(given.body);
  const copy = Object.assign({}, given, {head: {...head, status: 203}});
  expect(copy.body).toBe(given.body);
  const response = responseFrom(copy);
  expect([response.status, await response.text(), taken]).toEqual([203, 'hello', ['stream']]);
});

test('a status without content lets go of it', () => {
  const {taken, given} = answer();
  const empty = new ArrivingAnswer({...head, status: 204}, given.arriving);
  expect(responseFrom(empty).body).toBeNull();
  expect(taken).toEqual(['stream']);
});

test('its whole body is taken without a stream, and fails as that would', async () => {
  const {taken, given} = answer();
  expect(new TextDecoder().decode(await wholeBody(given))).toBe('hello');
  expect(taken).toEqual(['bytes']);
  const failing = new ArrivingAnswer(head, {...given.arriving, bytes: () => Promise.reject(new Error('gone'))});
  await expect(wholeBody(failing)).rejects.toThrow('gone');
});

test('the whole body of any answer is its caller’s own', async () => {
  const stored = new TextEncoder().encode('hello');
  const body = await wholeBody({head, body: stored});
  body.fill(0);
  expect(new TextDecoder().decode(stored)).toBe('hello');
  expect(await wholeBody({head, body: null})).toEqual(new Uint8Array(0));
  expect(await wholeBody({head, body: new Blob(['hel', 'lo']).stream()})).toEqual(stored);
  const broken = new ReadableStream<Uint8Array>({pull: controller => controller.error(new Error('gone'))});
  await expect(wholeBody({head, body: broken})).rejects.toThrow('gone');
});
