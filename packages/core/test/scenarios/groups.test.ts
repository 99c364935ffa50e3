import {story} from './driver.ts';

const grouped = (groups: string) => ({fields: {'cache-control': 'max-age=60', 'cache-groups': groups}});
const change = (groups: string, method = 'POST') => ({
  ask: {url: '/change', method},
  origin: {status: 204, fields: {'cache-group-invalidation': groups}},
});
const keeps = (url: string) => ({ask: url, expect: {was: 'hit; ttl=60'}});
const lost = (url: string) => ({ask: url, origin: {}, expect: {was: 'fwd=uri-miss; stored'}});

story('cache groups', [
  {
    name: 'are invalidated together by an unsafe request',
    steps: [
      {ask: '/a', origin: grouped('"users", "lists"')},
      {ask: '/b', origin: grouped('"lists"')},
      {ask: '/c', origin: grouped('"other"')},
      change('"lists"'),
      lost('/a'),
      lost('/b'),
      keeps('/c'),
    ],
  },
  {
    name: 'do not reach another origin',
    steps: [{ask: '{b}/a', origin: grouped('"users"')}, change('"users"'), keeps('{b}/a')],
  },
  {
    name: 'are not invalidated by a safe request',
    steps: [{ask: '/a', origin: grouped('"users"')}, change('"users"', 'GET'), keeps('/a')],
  },
  {
    name: 'are told apart by case',
    steps: [{ask: '/a', origin: grouped('"Users"')}, change('"users"'), keeps('/a')],
  },
  {
    name: 'that cannot be read are none',
    steps: [{ask: '/a', origin: grouped('users, "')}, change('"users"'), keeps('/a'), change('users, "'), keeps('/a')],
  },
]);
