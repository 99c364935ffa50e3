import type {Answer} from 'limpid/adapter';
import {Fields} from 'limpid/adapter';
import {expect, test} from 'vitest';
import {transportFrom} from './http-message.ts';

const head: Answer['head'] = {
  status: 200,
  statusText: 'OK',
  fields: Fields.none,
  url: 'https://a.example/',
  redirected: false,
  type: 'default',
};

test.each([
  ['stream', 0, []],
  ['stream', 150_000, [65_536, 65_536, 18_928]],
  ['text', 150_000, [150_000]],
] as const)('for %s, %i stored bytes come in pieces of %j', async (responseType, length, expected) => {
  const pieces = await new Promise<number[]>((resolve, reject) => {
    const transport = transportFrom(async () => ({head, body: new Uint8Array(length)}), {responseType});
    const request = transport.request({}, message => {
      const lengths: number[] = [];
      message
        .on('data', (piece: Buffer) => lengths.push(piece.length))
        .on('end', () => resolve(lengths))
        .on('error', reject);
    });
    (request as {readonly end: () => void}).end();
  });
  expect(pieces).toEqual(expected);
});
