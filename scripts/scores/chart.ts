// The scores as a picture: two panels of bars on one scale, so that a test is equally long in both.

import {type BarSeriesOption, type EChartsOption, init} from 'echarts';
import type {Kind} from '../../packages/conformance/src/suite.ts';
import {commonOptions, nameOf, type Scores, type System} from './systems.ts';

/** Each colour, and what stands in its place where dark is preferred. */
const palette = {
  ground: ['#ffffff', '#0d1117'],
  text: ['#1f2328', '#e6edf3'],
  track: ['#eff1f3', '#1c2128'],
  theirs: ['#8c959f', '#6e7681'],
  ours: ['#0969da', '#4493f8'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

const colour = (name: keyof typeof palette): string => palette[name][0];

const width = 890;
const [names, gap, pixelsPerTest] = [250, 72, 2.4];
const [top, line, bottom] = [72, 28, 36];

type Panel = {readonly kind: Exclude<Kind, 'check'>; readonly left: number; readonly wide: number};

/** The panels from left to right. */
function panelsFor({required, optimal}: Scores): readonly Panel[] {
  const wide = required * pixelsPerTest;
  return [
    {kind: 'required', left: names, wide},
    {kind: 'optimal', left: names + wide + gap, wide: optimal * pixelsPerTest},
  ];
}

const text = (size: number, weight: 'normal' | 'bold' = 'normal') =>
  ({color: colour('text'), fontSize: size, fontWeight: weight, fontFamily: 'sans-serif'}) as const;

function seriesFor(systems: readonly System[], {kind, wide}: Panel, index: number): BarSeriesOption {
  return {
    type: 'bar',
    xAxisIndex: index,
    yAxisIndex: index,
    barWidth: 16,
    silent: true,
    showBackground: true,
    backgroundStyle: {color: colour('track')},
    label: {show: true, position: [wide + 10, '50%'], verticalAlign: 'middle', textBorderWidth: 0, ...text(13)},
    data: systems.map(({[kind]: value, ours}) => ({
      value,
      itemStyle: {color: colour(ours ? 'ours' : 'theirs')},
      label: {fontWeight: ours ? 'bold' : 'normal'},
    })),
  };
}

function optionsFor(systems: readonly System[], totals: Scores): EChartsOption {
  const panels = panelsFor(totals);
  const marked = (name: string, index: number): string => (systems[index]?.ours ? `{ours|${name}}` : name);
  return {
    animation: false,
    backgroundColor: colour('ground'),
    title: [
      {text: titleText, left: 12, top: 10, textStyle: text(16, 'bold')},
      ...panels.map(({kind, left}) => ({
        text: `${kind}, of ${totals[kind]}`,
        left,
        top: 44,
        padding: 0,
        textStyle: text(13),
      })),
      {text: noteOn(systems), left: names, bottom: 12, padding: 0, textStyle: text(11)},
    ],
    grid: panels.map(({left, wide}) => ({left, top, width: wide, bottom, outerBoundsMode: 'none'})),
    xAxis: panels.map(({kind}, gridIndex) => ({type: 'value', gridIndex, min: 0, max: totals[kind], show: false})),
    yAxis: panels.map((_, gridIndex) => ({
      type: 'category',
      gridIndex,
      inverse: true,
      data: systems.map(system => nameOf(system, systems)),
      axisLine: {show: false},
      axisTick: {show: false},
      axisLabel: {
        show: gridIndex === 0,
        interval: 0,
        margin: 12,
        width: names - 24,
        overflow: 'break',
        formatter: marked,
        rich: {ours: text(13, 'bold')},
        ...text(13),
      },
    })),
    series: panels.map((panel, index) => seriesFor(systems, panel, index)),
  };
}

const titleText = 'Tests of http-tests/cache-tests that pass';

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What holds for every bar of limpid. */
function noteOn(systems: readonly System[]): string {
  const options = commonOptions(systems);
  return options.length > 0 ? `limpid with ${options.join(', ')}` : '';
}

/** The same in words, for those who listen. */
function description(systems: readonly System[], {required, optimal}: Scores): string {
  const scores = systems.map(
    system => `${nameOf(system, systems)}: ${system.required} required, ${system.optimal} optimal`,
  );
  const note = noteOn(systems) && ` ${noteOn(systems)}.`;
  return `Of ${required} required and ${optimal} optimal tests. ${scores.join('; ')}.${note}`;
}

const darkStyle = Object.values(palette)
  .map(([light, dark]) => `[fill="${light}"] {fill: ${dark}}`)
  .join(' ');

/** The picture as SVG, in the colours that the reader prefers. */
export function chart(systems: readonly System[], totals: Scores): string {
  const drawing = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width,
    height: top + bottom + line * systems.length,
  });
  try {
    drawing.setOption(optionsFor(systems, totals));
    return accessible(still(drawing.renderToSVGString()), description(systems, totals));
  } finally {
    drawing.dispose();
  }
}

/** Without what only a page that moves would need; its names count charts and would differ from run to run. */
const still = (svg: string): string =>
  svg
    .replaceAll(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replaceAll(/<style ?><!\[CDATA\[[\s\S]*?\]\]>\s*<\/style>\s*/g, '');

const accessible = (svg: string, words: string): string =>
  svg
    .replace('<svg ', '<svg role="img" aria-labelledby="title description" ')
    .replace('>', () =>
      [
        '>',
        `<title id="title">${escaped(titleText)}</title>`,
        `<desc id="description">${escaped(words)}</desc>`,
        `<style>@media (prefers-color-scheme: dark) {${darkStyle}}</style>`,
      ].join('\n'),
    )
    .trim()
    .concat('\n');
