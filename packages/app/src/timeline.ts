// What happened lately, by when: a lane for each kind of answer, and a line across them for each clear.

import {element, replace} from './elements.ts';
import {type Kind, words} from './kinds.ts';

/** How much is shown, in milliseconds. */
const shown = 30_000;

/** In milliseconds since the page began; what is still under way has no end. */
type Span = {readonly kind: Kind; readonly name: string; readonly start: number; readonly end: number};
type Mark = {readonly name: string; readonly at: number};

const spans: Span[] = [];
const marks: Mark[] = [];

export const addSpan = (span: Span): number => spans.push(span);
export const addMark = (name: string): number => marks.push({name, at: performance.now()});

const share = (milliseconds: number): string => `${((100 * milliseconds) / shown).toFixed(2)}%`;

function lane(kind: Kind, from: number): HTMLElement {
  const bars = spans
    .filter(span => span.kind === kind)
    .map(({name, start, end}) => {
      const title = `${name}, ${(end - start).toFixed(0)} ms`;
      const style = `left: ${share(start - from)}; width: ${share(end - start)}`;
      return element('span', {class: 'bar', style, title});
    });
  return element('div', {class: `lane ${kind}`}, element('span', {class: 'name'}, words[kind]), track(...bars));
}

const track = (...content: readonly Node[]): HTMLElement => element('div', {class: 'track'}, ...content);

/** Draws what the last half minute has seen, and forgets the rest. */
export function drawTimeline(): void {
  const from = performance.now() - shown;
  while (spans[0] !== undefined && spans[0].end < from) spans.shift();
  while (marks[0] !== undefined && marks[0].at < from) marks.shift();
  const lines = marks.map(({name, at}) =>
    element('span', {class: 'mark', style: `left: ${share(at - from)}`, title: name}),
  );
  const lanes = (Object.keys(words) as Kind[]).map(kind => lane(kind, from));
  const axis = element('div', {class: 'lane'}, element('span', {class: 'name'}, 'cleared or expired'), track(...lines));
  replace('timeline', ...lanes, axis);
}
