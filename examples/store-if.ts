// A 200 that is no answer: `storeIf` reads the complete body and refuses to keep it.

import {cachedFetch} from '@limpid/fetch';
import {HttpCache} from 'limpid';
import {how} from './origin/how.ts';
import {startOrigin} from './origin/origin.ts';

let asked = 0;
const origin = await startOrigin({
  '/weather': (_, response) => {
    asked += 1;
    const body = asked === 1 ? {error: 'limit reached'} : {sky: 'clear'};
    response.writeHead(200, {'cache-control': 'max-age=60'}).end(JSON.stringify(body));
  },
});

const cache = new HttpCache({
  rules: [{storeIf: response => !Object.hasOwn(response.json() as object, 'error')}],
});
cache.on('refuse', ({because, section}) => console.log('not stored:', because, `(${section})`));

const get = cachedFetch(cache);
for (let round = 1; round <= 3; round++) {
  const response = await get(`${origin.url}/weather`);
  console.log(round, how(response), await response.json());
}

/* prints:
not stored: store-if (limpid storeIf)
1 fwd=uri-miss { error: 'limit reached' }
2 fwd=uri-miss { sky: 'clear' }
3 hit { sky: 'clear' }
*/
