import {expect} from 'vitest';
import {everywhere, story} from './driver.ts';
import {streamOf, text} from './scripted-origin.ts';

const reset = new Error('reset');

story('a body', [
  {
    name: 'that breaks off fails its caller and is not stored',
    steps: [
      {ask: '/a', origin: {body: ['hel'], breaks: reset}, expect: {fails: true}},
      {ask: '/a', origin: {body: 'whole'}, expect: {body: 'whole', was: 'fwd=uri-miss; stored'}},
    ],
  },
  {
    name: 'that is too long to keep passes through whole',
    options: {maxBodyBytes: 8},
    steps: [
      {ask: '/a', origin: {body: ['12345', '67890']}, expect: {body: '1234567890'}},
      {ask: '/a', origin: {body: '1234567890'}, expect: {body: '1234567890'}},
      {ask: '/a', origin: {body: '12345678'}},
      {ask: '/a', expect: {body: '12345678', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'that only a GET would get is not too long for what a HEAD gets',
    options: {maxBodyBytes: 8},
    steps: [
      {
        ask: {url: '/a', method: 'HEAD'},
        origin: {fields: {'cache-control': 'max-age=60', 'content-length': '5000'}, body: null},
        expect: {was: 'fwd=uri-miss; stored'},
      },
      {ask: {url: '/a', method: 'HEAD'}, expect: {was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'with Content-Range that is no 206 is not stored',
    steps: [
      {
        ask: '/a',
        origin: {fields: {'cache-control': 'max-age=60', 'content-range': 'bytes 0-4/10'}},
        expect: {was: 'fwd=uri-miss; detail=content-range'},
      },
      {ask: '/a', origin: {}},
    ],
  },
  {
    name: 'shorter or longer than announced is not stored',
    steps: [
      ...['4', '6', '4, 6', 'five'].flatMap(length => [
        {
          ask: '/a',
          origin: {fields: {'cache-control': 'max-age=60', 'content-length': length}},
          expect: {body: 'hello'},
        },
        {ask: '/a', origin: {body: 'again', fields: {'cache-control': 'no-store'}}, expect: {body: 'again'}},
      ]),
      {ask: '/b', origin: {fields: {'cache-control': 'max-age=60', 'content-length': '5'}}},
      {ask: '/b', expect: {was: 'hit; ttl=60'}},
    ],
    over: 'handle',
  },
  {
    name: 'whose encoding hides its length is stored',
    steps: [
      {
        ask: '/a',
        origin: {fields: {'cache-control': 'max-age=60', 'content-length': '3', 'content-encoding': 'x-short'}},
      },
      {ask: '/a', expect: {body: 'hello', was: 'hit; ttl=60'}},
    ],
    over: 'handle',
  },
  {
    name: 'of an opaque answer is not stored',
    steps: ['opaque', 'opaqueredirect', 'error'].map(type => ({
      ask: '/a',
      origin: {type, status: type === 'error' ? 0 : 200, body: null},
      expect: {was: 'fwd=uri-miss; detail=opaque'},
    })),
    over: 'handle',
  },
  {
    name: 'that is empty is a body like any other',
    steps: [
      {ask: '/a', origin: {body: ''}},
      {ask: '/a', expect: {body: '', was: 'hit; ttl=60'}},
    ],
  },
]);

everywhere('every refusal of a body is told with its reason and section', async open => {
  const {cache, origin, send} = await open({maxBodyBytes: 8});
  const refused: string[] = [];
  cache.on('refuse', ({because, section}) => refused.push(`${because}: ${section}`));
  const read = async () => {
    const {body} = await send('/a');
    await text(body).catch(() => undefined);
    await cache.idle();
  };
  origin.script([
    {body: streamOf(['x'], reset)},
    {body: streamOf(['12345', '67890'])},
    {fields: {'cache-control': 'max-age=60', 'content-length': '4'}, body: streamOf(['hello'])},
    {body: streamOf(['unread'])},
    {fields: {'cache-control': 'no-store'}},
  ]);
  await read();
  await read();
  await read();
  await ((await send('/a')).body as ReadableStream<Uint8Array>).cancel();
  await read();
  expect(refused).toEqual([
    'incomplete: RFC 9111 §3.3',
    'too-large: limpid maxBodyBytes',
    'length-mismatch: RFC 9110 §8.6',
    'unread: limpid lifecycle',
    'no-store: RFC 9111 §5.2.2.5',
  ]);
});

everywhere('bytes changed after they were given are not the bytes stored', async open => {
  const {cache, origin, send, ask} = await open();
  const mine = new TextEncoder().encode('hello');
  let given = false;
  const body = new ReadableStream<Uint8Array>({
    pull: controller => {
      if (given) return controller.close();
      given = true;
      controller.enqueue(mine);
    },
  });
  origin.script([{body}]);
  const reader = ((await send('/a')).body as ReadableStream<Uint8Array>).getReader();
  const {value} = await reader.read();
  mine.fill(0);
  value?.fill(1);
  await reader.read();
  await cache.idle();
  expect((await ask('/a')).body).toBe('hello');
});
