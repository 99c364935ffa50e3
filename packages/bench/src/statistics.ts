// Medians, quantiles and ratios over slots.

/** What each slot measured, by round. A slot that failed is `undefined`. */
export type Slots = readonly (number | undefined)[];

const ascending = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

/** The value below which this share lies, interpolated between neighbours; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = ascending(values);
  const position = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(position)] ?? Number.NaN, sorted[Math.ceil(position)] ?? Number.NaN];
  return low + (high - low) * (position - Math.floor(position));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The slots that were measured. */
export const measured = (slots: Slots): readonly number[] => slots.filter(slot => slot !== undefined);

/** The rounds that both were measured in. */
export function paired(left: Slots, right: Slots): ReadonlyArray<readonly [number, number]> {
  return left.flatMap((one, round) => {
    const other = right[round];
    return one === undefined || other === undefined ? [] : [[one, other] as const];
  });
}

/** How much larger the median of `left` is, over the rounds that both were measured in. */
export function ratio(left: Slots, right: Slots): number {
  const pairs = paired(left, right);
  return median(pairs.map(([one]) => one)) / median(pairs.map(([, other]) => other));
}

/** The median difference, over the rounds that both were measured in. */
export const difference = (left: Slots, right: Slots): number =>
  median(paired(left, right).map(([one, other]) => one - other));

/**
 * The exponent `e` of a growth like `x^e` that fits these points best: 0 is flat, 1 is linear.
 *
 * Logarithmic growth over the spans measured here comes out below 0.15.
 */
export function growth(points: ReadonlyArray<readonly [x: number, y: number]>): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [meanX, meanY] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const covariance = mean(logs.map(([x, y]) => (x - meanX) * (y - meanY)));
  return covariance / mean(logs.map(([x]) => (x - meanX) ** 2));
}
