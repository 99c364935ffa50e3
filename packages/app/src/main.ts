import {cacheStatus} from 'limpid';
import {api, cache, changes, selections} from './cache.ts';
import {element, prepend, replace} from './elements.ts';

const requests = [
  ['GET', 'users'],
  ['GET', 'articles/1'],
  ['GET', 'articles/2'],
  ['POST', 'users'],
] as const;

/** The longest bar is as long as this, in milliseconds. */
const fullBar = 300;

type Kind = 'hit' | 'validated' | 'network';

const words: Readonly<Record<Kind, string>> = {
  hit: 'the cache',
  validated: 'the cache, validated',
  network: 'the network',
};

function kindOf(response: Response): Kind {
  const status = cacheStatus(response);
  if (status?.hit) return 'hit';
  return status?.fwdStatus === 304 ? 'validated' : 'network';
}

async function ask(method: 'GET' | 'POST', path: string): Promise<void> {
  const began = performance.now();
  const response = await api(path, {method});
  const text = await response.text();
  const took = performance.now() - began;
  const kind = kindOf(response);
  const bar = element('span', {class: 'bar', style: `width: ${Math.min(100, (100 * took) / fullBar)}%`});
  const time = element('td', {class: kind}, `${took.toFixed(0)} ms`, bar);
  const status = element('code', {}, response.headers.get('cache-status') ?? '');
  const cells = [
    element('td', {}, `${method} /api/${path}`),
    element('td', {class: kind}, words[kind]),
    element('td', {}, text),
    time,
    element('td', {}, status),
  ];
  prepend('rows', element('tr', {}, ...cells));
  await cache.idle();
  await showStored();
  changes.postMessage('stored');
}

async function empty(action: 'clear' | 'expire', name: string): Promise<void> {
  const selection = selections[name];
  const isThrough = document.querySelector<HTMLInputElement>('#through')?.checked ?? false;
  if (selection === undefined) return;
  await cache[action](selection, {through: isThrough});
  const said = `${action === 'clear' ? 'cleared' : 'expired'}: ${name}`;
  changes.postMessage(said);
  await showEmptied(said);
}

async function showEmptied(said: string): Promise<void> {
  prepend('rows', element('tr', {}, element('td', {colspan: '5'}, said)));
  await showStored();
}

async function showStored(): Promise<void> {
  const items: HTMLElement[] = [];
  for await (const stored of cache.entries({all: true})) {
    const details = element('small', {}, ` ${stored.tags.join(', ')}${stored.stale ? ', stale' : ''}`);
    items.push(element('li', {}, new URL(stored.url).pathname, details));
  }
  replace('entries', ...items);
  replace('size', `${items.length} ${items.length === 1 ? 'response' : 'responses'}.`);
}

function button(text: string, run: () => Promise<void>): HTMLElement {
  const made = element('button', {type: 'button'}, text);
  made.addEventListener('click', () => void run());
  return made;
}

replace('requests', ...requests.map(([method, path]) => button(`${method} /api/${path}`, () => ask(method, path))));
replace(
  'clears',
  ...(['clear', 'expire'] as const).flatMap(action =>
    Object.keys(selections).map(name =>
      button(`${action === 'clear' ? 'Clear' : 'Expire'} ${name}`, () => empty(action, name)),
    ),
  ),
);
changes.addEventListener('message', ({data}) => {
  void (data === 'stored' ? showStored() : showEmptied(`${data}, in another tab`));
});
void showStored();
