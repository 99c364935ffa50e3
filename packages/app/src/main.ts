import {api, cache, changes, selections} from './cache.ts';
import {element, prepend, replace} from './elements.ts';
import {type Kind, kindOf, words} from './kinds.ts';
import {addMark, addSpan, drawTimeline} from './timeline.ts';

const requests = [
  ['GET', 'users'],
  ['GET', 'articles/1'],
  ['GET', 'articles/2'],
  ['POST', 'users'],
  ['GET', 'broken'],
] as const;

type Answer = {readonly kind: Kind; readonly text: string; readonly status: string};

async function answerTo(method: 'GET' | 'POST', path: string): Promise<Answer> {
  try {
    const response = await api(path, {method});
    const text = await response.text();
    return {kind: kindOf(response), text, status: response.headers.get('cache-status') ?? ''};
  } catch (error) {
    return {kind: 'failed', text: String(error), status: ''};
  }
}

async function ask(method: 'GET' | 'POST', path: string): Promise<void> {
  const name = `${method} /api/${path}`;
  const start = performance.now();
  const {kind, text, status} = await answerTo(method, path);
  const end = performance.now();
  addSpan({kind, name, start, end});
  drawTimeline();
  const cells = [
    element('td', {}, name),
    element('td', {class: kind}, words[kind]),
    element('td', {}, text),
    element('td', {class: kind}, `${(end - start).toFixed(0)} ms`),
    element('td', {}, element('code', {}, status)),
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
  addMark(said);
  drawTimeline();
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
drawTimeline();
setInterval(drawTimeline, 250);
