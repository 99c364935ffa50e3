import {expect, test} from 'vitest';
import {shareable} from '../model/stored-response.ts';
import {response} from './contract-support.ts';
import {isOutdated} from './kept.ts';

const shared = response({partition: shareable, requestTime: 2000});
const now = 5000;

test.each<[what: string, current: typeof shared, update: typeof shared, outdated: boolean]>([
  ['an earlier update', shared, {...shared, requestTime: 1000}, true],
  ['a later update', shared, {...shared, requestTime: 3000}, false],
  ['an earlier one that narrows', shared, {...shared, requestTime: 1000, partition: 'ada'}, false],
  ['one of another user', {...shared, partition: 'ada'}, {...shared, requestTime: 3000, partition: 'bob'}, true],
  ['one that widens', {...shared, partition: 'ada'}, {...shared, requestTime: 3000}, true],
  [
    'an earlier one of the same user',
    {...shared, partition: 'ada'},
    {...shared, requestTime: 1000, partition: 'ada'},
    true,
  ],
])('%s', (_, current, update, outdated) => {
  expect(isOutdated(current, update, now)).toBe(outdated);
});
