// Chance that is the same in every process and run.

/** Numbers in [0, 1), the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `length` picks below `count` where the pick of rank r is proportional to 1/r, as popularity on the web nearly is. */
export function zipf(count: number, length: number, next: () => number = random(1)): readonly number[] {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1);
    sums[rank] = sum;
  }
  return Array.from({length}, () => firstAbove(sums, next() * sum));
}

function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `length` picks below `count`, all equally likely. */
export const uniform = (count: number, length: number, next: () => number = random(2)): readonly number[] =>
  Array.from({length}, () => Math.floor(next() * count));
