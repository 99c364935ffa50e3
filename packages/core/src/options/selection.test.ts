import {describe, expect, test} from 'vitest';
import {Fields} from '../fields/fields.ts';
import type {Clause} from '../model/selection.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import {checkSelection, compileSelection, laterBase, type Selection, type SelectionContext} from './selection.ts';
import type {StoredView} from './views.ts';

const now = Date.UTC(2026, 0, 10);
const day = 86_400_000;

/** Resources are URLs without query here, as if a rule ignored all parameters. */
const context: SelectionContext = {
  now,
  resources: url => [url.replace(/\?.*/, '')],
  ofRequest: request => ({type: 'scope', scope: {type: 'resource', resource: `request ${request.url}`}}),
};

const stored: StoredResponse = {
  id: '1',
  resource: 'https://api.example/users',
  url: 'https://api.example/users?page=2',
  key: '',
  method: 'GET',
  partition: 'ann',
  content: undefined,
  variant: '',
  client: undefined,
  nominated: [],
  head: {
    status: 200,
    statusText: 'OK',
    fields: Fields.from({'Content-Type': 'text/html'}),
    url: 'https://api.example/users?page=2',
    redirected: false,
    type: 'default',
  },
  requestTime: now - 2 * day,
  responseTime: now - 2 * day,
  began: 1,
  tags: ['users', 'admin'],
  groups: [],
  facts: {
    lifetime: 0,
    initialAge: 0,
    date: now - 2 * day,
    etag: undefined,
    lastModified: undefined,
    alwaysValidate: false,
    neverStale: false,
    range: undefined,
    immutable: false,
    staleWhileRevalidate: 0,
    staleIfError: 0,
  },
  size: 10,
  expired: false,
  lastUsed: now - day,
};

const compile = async (selection: unknown, given: Partial<SelectionContext> = {}): Promise<readonly Clause[]> =>
  compileSelection(selection, {...context, ...given});

async function match(selection: unknown): Promise<Extract<Clause, {type: 'match'}>> {
  const [clause] = await compile(selection);
  if (clause?.type !== 'match') throw new Error(`not a match: ${JSON.stringify(clause)}`);
  return clause;
}

describe('scopes', () => {
  test.each<[Selection, object]>([
    [{all: true}, {type: 'all'}],
    ['https://API.example/users?page=1#top', {type: 'resource', resource: 'https://api.example/users'}],
    [new URL('https://api.example/users'), {type: 'resource', resource: 'https://api.example/users'}],
    [{url: 'https://api.example/users'}, {type: 'resource', resource: 'https://api.example/users'}],
    [{origin: 'https://API.example:443'}, {type: 'origin', origin: 'https://api.example'}],
    [{tag: 'users'}, {type: 'tag', tag: 'users'}],
    [{partition: 'ann'}, {type: 'partition', partition: 'ann'}],
    [{partition: ''}, {type: 'partition', partition: ''}],
    [new Request('https://api.example/'), {type: 'resource', resource: 'request https://api.example/'}],
  ])('%o is one', async (selection, scope) => {
    expect(await compile(selection)).toEqual([{type: 'scope', scope}]);
  });

  test('an array is any of its members, however deep', async () => {
    const clauses = await compile([{tag: 'a'}, [{tag: 'b'}, [{all: true}]]]);
    expect(clauses).toEqual([
      {type: 'scope', scope: {type: 'tag', tag: 'a'}},
      {type: 'scope', scope: {type: 'tag', tag: 'b'}},
      {type: 'scope', scope: {type: 'all'}},
    ]);
  });

  test('an empty array selects nothing', async () => {
    expect(await compile([])).toEqual([]);
    expect(await compile([[], []])).toEqual([]);
  });

  test('relative URLs are resolved against a base', async () => {
    const base = 'https://api.example/users/7';
    expect(await compile('../users', {base})).toEqual([
      {type: 'scope', scope: {type: 'resource', resource: 'https://api.example/users'}},
    ]);
    expect(await compile({prefix: '/use'}, {base})).toMatchObject([{conditions: {prefix: 'https://api.example/use'}}]);
  });

  test('nothing is awaited that is already there', () => {
    expect(compileSelection([{tag: 'a'}, 'https://api.example/'], context)).toBeInstanceOf(Array);
  });

  test('a context may take its time, and fail', async () => {
    const resources = async (): Promise<readonly string[]> => ['r', 's'];
    expect(await compile([{tag: 'a'}, 'https://api.example/'], {resources})).toEqual([
      {type: 'scope', scope: {type: 'tag', tag: 'a'}},
      {type: 'scope', scope: {type: 'resource', resource: 'r'}},
      {type: 'scope', scope: {type: 'resource', resource: 's'}},
    ]);
    const failing = (): never => {
      throw new Error('down');
    };
    await expect(compile([{tag: 'a'}, 'https://api.example/'], {resources: failing})).rejects.toThrow('down');
  });
});

describe('conditions', () => {
  test.each<[Selection, boolean]>([
    [{prefix: 'https://api.example/use'}, true],
    [{prefix: 'https://api.example/users/'}, false],
    [{host: 'api.example'}, true],
    [{host: 'example'}, false],
    [{pattern: /page=2/g}, true],
    [/page=3/, false],
    [{test: url => url.endsWith('page=2')}, true],
    [{method: 'get'}, true],
    [{method: 'HEAD'}, false],
    [{status: 200}, true],
    [{status: 404}, false],
    [{stale: true}, true],
    [{stale: false}, false],
    [{storedBefore: '2d'}, false],
    [{storedBefore: '1d'}, true],
    [{storedBefore: new Date(now)}, true],
    [{unusedSince: '1d'}, false],
    [{unusedSince: '23h'}, true],
    [{unusedSince: new Date(now - 3 * day)}, false],
    [{where: ({headers}) => headers.get('Content-Type') === 'text/html'}, true],
    [{where: () => false}, false],
    [{tag: 'admin', status: 200}, true],
    [{tag: 'admins', status: 200}, false],
    [{partition: 'ann', stale: true}, true],
    [{partition: 'bob', stale: true}, false],
    [{url: 'https://api.example/users?page=9', method: 'GET'}, true],
    [{origin: 'https://api.example', tag: 'users'}, true],
    [{origin: 'https://api.example:8443', tag: 'users'}, false],
  ])('%o: %s', async (selection, expected) => {
    expect((await match(selection)).test(stored)).toBe(expected);
  });

  test.each<[Selection, object]>([
    [
      {url: 'https://api.example/a', tag: 'a', partition: 'p'},
      {type: 'resource', resource: 'https://api.example/a'},
    ],
    [
      {tag: 'a', partition: 'p', origin: 'https://api.example'},
      {type: 'tag', tag: 'a'},
    ],
    [
      {partition: 'p', origin: 'https://api.example'},
      {type: 'partition', partition: 'p'},
    ],
    [
      {origin: 'https://api.example', status: 404},
      {type: 'origin', origin: 'https://api.example'},
    ],
    [{prefix: 'https://api.example/u'}, {type: 'origin', origin: 'https://api.example'}],
    [{prefix: 'https://api.example'}, {type: 'all'}],
    [{host: 'api.example'}, {type: 'all'}],
    [/x/, {type: 'all'}],
  ])('%o is searched within the narrowest scope', async (selection, within) => {
    expect((await match(selection)).within).toEqual(within);
  });

  test('conditions on URIs alone tell which requests they cover', async () => {
    const url = 'https://api.example/users?page=2';
    const resource = 'https://api.example/users';
    const covering = [
      /users/,
      {prefix: resource},
      {host: 'api.example', url},
      {origin: 'https://api.example', pattern: /page/},
    ];
    for (const selection of covering) {
      const {covers} = await match(selection);
      expect(covers?.(url, resource)).toBe(true);
      expect(covers?.('https://other.example/', 'https://other.example/')).toBe(false);
    }
    for (const selection of [{host: 'api.example', tag: 'users'}, {method: 'GET'}, {where: () => true}]) {
      expect((await match(selection)).covers).toBeUndefined();
    }
  });

  test('where sees a view that cannot change what is stored', async () => {
    let seen: unknown;
    const {test: judge} = await match({
      where: view => {
        seen = view;
        (view.tags as string[]).push('mine');
        return true;
      },
    } satisfies Selection);
    judge(stored);
    expect(stored.tags).toEqual(['users', 'admin']);
    expect(seen).toMatchObject({
      url: stored.url,
      method: 'GET',
      status: 200,
      partition: 'ann',
      size: 10,
      storedTime: now - 2 * day,
      usedTime: now - day,
      stale: true,
    });
  });

  const later = {...stored, responseTime: now + 1000, facts: {...stored.facts, lifetime: 60, date: now + 1000}};

  test.each([true, false])('stale: %s selects what is on its way, which cannot be judged yet', async stale => {
    expect((await match({stale})).test(later)).toBe(true);
  });

  test('where sees what was on its way as it is when it has come', async () => {
    expect((await match({where: ({stale}: StoredView) => !stale})).test(later)).toBe(true);
    const outlived = {...later, facts: {...later.facts, lifetime: 0}};
    expect((await match({where: ({stale}: StoredView) => !stale})).test(outlived)).toBe(false);
  });

  test('where that is not synchronous is an error, not a yes to everything', async () => {
    const {test: judge} = await match({where: async () => false});
    expect(() => judge(stored)).toThrow(
      new TypeError('limpid: the result of where is a Promise; allowed: true or false, not a promise'),
    );
  });
});

const allowed = 'a URL, a Request, a pattern, {all: true}, conditions like {tag: "users"}, or an array of them';
const instant = 'a valid Date, or text like "90s", "5m", "7d" for that long ago';

describe('nobody clears everything by accident', () => {
  test.each<[unknown, string]>([
    [undefined, `selection is undefined; allowed: ${allowed}`],
    [null, `selection is null; allowed: ${allowed}`],
    [{}, `selection is {}; allowed: ${allowed}`],
    [true, `selection is true; allowed: ${allowed}`],
    [new Map(), `selection is a Map; allowed: ${allowed}`],
    [Promise.resolve('x'), `selection is a Promise; allowed: ${allowed}`],
    [[{tag: 'a'}, undefined], `selection[1] is undefined; allowed: ${allowed}`],
    [{all: false}, 'selection.all is false; allowed: true'],
    [{all: undefined}, 'selection.all is undefined; allowed: true'],
    [{all: true, tag: 'users'}, 'selection.all stands beside tag; allowed: {all: true} alone'],
    [{tags: 'users'}, 'selection.tags is not an option; did you mean "tag"?'],
    [{tag: undefined}, 'selection.tag is undefined; allowed: a value; leave the key out for any'],
    [{tag: 'a', partition: undefined}, 'selection.partition is undefined; allowed: a value; leave the key out for any'],
    [
      {group: 'a'},
      'selection.group is not an option; known: url, prefix, origin, host, pattern, method, tag, partition, status, stale, storedBefore, unusedSince, where',
    ],
    [
      {test: () => true, stale: true},
      'selection.test is not an option; known: url, prefix, origin, host, pattern, method, tag, partition, status, stale, storedBefore, unusedSince, where',
    ],
    [
      '',
      'selection is ""; allowed: an absolute URL like "https://api.example/users", without wildcards (they need pattern)',
    ],
    [
      'users',
      'selection is "users"; allowed: an absolute URL like "https://api.example/users", without wildcards (they need pattern)',
    ],
    [
      ['/users'],
      'selection[0] is "/users"; allowed: an absolute URL like "https://api.example/users", without wildcards (they need pattern)',
    ],
    [
      {url: '/users'},
      'selection.url is "/users"; allowed: an absolute URL like "https://api.example/users", without wildcards (they need pattern)',
    ],
    [
      {url: /users/},
      'selection.url is a RegExp; allowed: an absolute URL like "https://api.example/users", without wildcards (they need pattern)',
    ],
    [{tag: ''}, 'selection.tag is ""; allowed: text that is not empty'],
    [{tag: ['a']}, 'selection.tag is an array; allowed: text that is not empty'],
    [{partition: 7}, 'selection.partition is 7; allowed: the name of a partition; "" is nobody\'s'],
    [{status: '404'}, 'selection.status is "404"; allowed: a whole number from 100 to 999'],
    [{status: 99}, 'selection.status is 99; allowed: a whole number from 100 to 999'],
    [{status: 1000}, 'selection.status is 1000; allowed: a whole number from 100 to 999'],
    [{stale: 1}, 'selection.stale is 1; allowed: true or false'],
    [{storedBefore: 604_800_000}, `selection.storedBefore is 604800000; allowed: ${instant}`],
    [{storedBefore: '2026-01-01'}, `selection.storedBefore is "2026-01-01"; allowed: ${instant}`],
    [{unusedSince: new Date(Number.NaN)}, `selection.unusedSince is a Date; allowed: ${instant}`],
    [{where: true}, 'selection.where is true; allowed: a function of the stored response that returns true or false'],
    [
      {prefix: 'https://api.example/users?token=abc'},
      'selection.prefix holds a secret query parameter; allowed: select by url, or by a shorter prefix',
    ],
  ])('refuses %o', (selection, message) => {
    expect(() => compileSelection(selection, context)).toThrow(new TypeError(`limpid: ${message}`));
  });

  test('messages call the selection what its option is called', () => {
    expect(() => compileSelection({}, {...context, path: 'limpid.clears'})).toThrow('limpid: limpid.clears is {}');
  });
});

describe('checkSelection', () => {
  test('lets relative URLs pass, and nothing else that compiling would not', () => {
    expect(() => checkSelection(['users', {url: '../x'}], 'limpid.clears', laterBase)).not.toThrow();
    expect(() => checkSelection({tags: 'x'}, 'limpid.clears', laterBase)).toThrow(
      'limpid.clears.tags is not an option',
    );
  });
  test.each(['users', {url: '/users'}, {prefix: '/users'}])('refuses %o where no base will come', selection => {
    expect(() => checkSelection(selection, 'selection', undefined)).toThrow('limpid: selection');
  });
});
