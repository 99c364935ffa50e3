import {expect, test} from 'vitest';
import {headFor} from '../test/crash-bodies.ts';
import {Lists} from './lists.ts';

const url = 'https://a.example/me';

test('lists of users that nobody asks for again do not pile up', () => {
  const lists = new Lists();
  const users = Array.from({length: 100_000}, (_, index) => `user-${index}`);
  for (const user of users) lists.remember(url, user, []);
  const left = users.filter(user => lists.find(url, user) !== undefined);
  expect(left.length).toBeLessThanOrEqual(1000);
  expect(left).toContain(users.at(-1));
});

test('lists of a resource are forgotten for everybody, and those of others are not', () => {
  const lists = new Lists();
  const whose = ['one', 'two', '', undefined];
  for (const resource of [url, `${url}/2`]) for (const who of whose) lists.remember(resource, who, []);
  lists.forget(url);
  lists.remember(url, 'three', []);
  expect(whose.map(who => lists.find(url, who))).toEqual([undefined, undefined, undefined, undefined]);
  expect(whose.map(who => lists.find(`${url}/2`, who))).toEqual([[], [], [], []]);
});

test('each is given its own list, whoever asked last', () => {
  const lists = new Lists();
  const [one, two, everybodys] = [[], [], []];
  lists.remember(url, 'one', one);
  lists.remember(url, 'two', two);
  lists.remember(url, undefined, everybodys);
  for (const [whose, list] of [
    ['one', one],
    ['two', two],
    [undefined, everybodys],
    ['one', one],
    ['two', two],
    ['two', two],
    [undefined, everybodys],
  ] as const)
    expect(lists.find(url, whose)).toBe(list);
});

test('a response is held as long as a list with it is remembered', () => {
  const lists = new Lists();
  const one = {...headFor(url, 'x-1', 0), partition: 'one'};
  const anybodys = {...headFor(url, 'x-2', 0), partition: '*'};
  expect(lists.listed(one)).toBeUndefined();
  lists.remember(url, 'one', [one, anybodys]);
  expect([lists.listed({...one}), lists.listed(anybodys)]).toEqual([one, anybodys]);
  lists.remember(url, 'two', []);
  expect([lists.listed(one), lists.listed({...one, id: 'x-3'})]).toEqual([one, undefined]);
  lists.find(url, 'one');
  expect(lists.listed(anybodys)).toBe(anybodys);
  lists.forget(url);
  expect(lists.listed(one)).toBeUndefined();
});
