// Costs over what grows, as SVG. Both axes are logarithmic: a flat line is flat, and a factor is a distance.

import {type EChartsOption, init, type LineSeriesOption} from 'echarts';
import type {Cell, Result} from './row.ts';
import {measured, median} from './statistics.ts';

const [width, height] = [860, 480];

const isOurs = (contender: string): boolean => contender.startsWith('limpid-');
const isFloor = (contender: string): boolean => contender.startsWith('floor-');

/** Ours in blue; floors grey and dashed; peers in colours that differ in brightness too, the same in every plot. */
const colours: Readonly<Record<string, string>> = {
  'floor-copy': '#424a53',
  'floor-http': '#8c959f',
  'undici-request': '#bf8700',
  'axios-cloned': '#cf222e',
  'by-hand': '#1a7f37',
};
const ours = '#0969da';
const anyOther = '#8250df';

const colourOf = (contender: string): string => (isOurs(contender) ? ours : (colours[contender] ?? anyOther));

function seriesOf(cells: readonly Cell[]): readonly LineSeriesOption[] {
  const contenders = [...new Set(cells.map(({contender}) => contender))];
  return contenders.map(contender => {
    const color = colourOf(contender);
    const points = cells.filter(cell => cell.contender === contender);
    return {
      name: contender,
      type: 'line',
      data: points.map(({x = 0, slots}) => [x, median(measured(slots))]),
      symbolSize: 7,
      color,
      lineStyle: {width: isOurs(contender) ? 3 : 1.5, type: isFloor(contender) ? 'dashed' : 'solid'},
      endLabel: {show: true, formatter: '{a}', color},
      labelLayout: {moveOverlap: 'shiftY'},
    } satisfies LineSeriesOption;
  });
}

function optionsFor({row, cells}: Result, measure: string, axis: string): EChartsOption {
  const unit = row.units[measure] ?? 'µs';
  return {
    animation: false,
    backgroundColor: '#ffffff',
    title: {text: row.title, left: 12, top: 10, textStyle: {fontSize: 15}},
    grid: {left: 64, right: 150, top: 60, bottom: 56},
    xAxis: {type: 'log', name: axis, nameLocation: 'middle', nameGap: 30, min: 'dataMin', max: 'dataMax'},
    yAxis: {type: 'log', name: unit},
    series: [...seriesOf(cells.filter(cell => cell.measure === measure))],
  };
}

/** Each row that varies something, drawn; by name. */
export function plotsOf(results: readonly Result[]): ReadonlyMap<string, string> {
  const drawn = new Map<string, string>();
  for (const result of results) {
    const {plot, name} = result.row;
    if (plot !== undefined)
      drawn.set(name, titled(drawing(optionsFor(result, plot.measure, plot.axis)), result.row.title));
  }
  return drawn;
}

function drawing(options: EChartsOption): string {
  const chart = init(null, null, {renderer: 'svg', ssr: true, width, height});
  try {
    chart.setOption(options);
    return `${still(chart.renderToSVGString())}\n`;
  } finally {
    chart.dispose();
  }
}

/** Without the animation of a pointer that an image never meets: linters take its style for a mistake. */
const still = (svg: string): string => svg.replaceAll(/<style ?><!\[CDATA\[[\s\S]*?\]\]>\s*<\/style>\s*/g, '');

/** With a name for those who do not see it. */
const titled = (svg: string, title: string): string =>
  svg.replace('>', () => ` role="img"><title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>`);
