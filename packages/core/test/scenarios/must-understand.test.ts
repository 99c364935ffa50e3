import {story} from './driver.ts';

const saying = (directives: string) => ({'cache-control': directives});

story('must-understand', [
  {
    name: 'lets a response be stored and reused in spite of no-store, as its status is understood',
    steps: [
      {
        ask: '/a',
        origin: {fields: saying('max-age=3600, no-store, must-understand')},
        expect: {was: 'fwd=uri-miss; stored'},
      },
      {ask: '/a', expect: {body: 'hello', was: 'hit; ttl=3600'}},
    ],
  },
  {
    name: 'lets it be validated, too',
    steps: [
      {ask: '/a', origin: {fields: {...saying('max-age=60, no-store, must-understand'), etag: '"a"'}}},
      {after: 60},
      {
        ask: '/a',
        origin: {status: 304, fields: {...saying('max-age=60, no-store, must-understand'), etag: '"a"'}},
        expect: {was: 'fwd=stale; fwd-status=304; ttl=60; detail=stale'},
      },
      {ask: '/a', expect: {body: 'hello', was: 'hit; ttl=60'}},
    ],
  },
  {
    name: 'keeps a response of a status nobody knows from being stored, with or without no-store',
    steps: ['max-age=3600, no-store, must-understand', 'max-age=3600, must-understand'].map(directives => ({
      ask: '/a',
      origin: {status: 599, fields: saying(directives)},
      expect: {status: 599, was: 'fwd=uri-miss; detail=status-not-understood'},
    })),
  },
]);
