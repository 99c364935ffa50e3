/** How far the readers of one body have come, counted by how many are where: there may be thousands, who all move on. */
export class Positions {
  readonly #counts: Map<number, number> = new Map();
  #slowest = 0;

  add(position: number): void {
    this.#counts.set(position, (this.#counts.get(position) ?? 0) + 1);
    this.#slowest = Math.min(this.#slowest, position);
  }

  remove(position: number): void {
    const left = (this.#counts.get(position) ?? 0) - 1;
    if (left > 0) this.#counts.set(position, left);
    else this.#counts.delete(position);
  }

  /** One moves on by one; where it is then. */
  next(position: number): number {
    this.remove(position);
    this.add(position + 1);
    return position + 1;
  }

  /** Where the slowest is; infinite where there are none. */
  get slowest(): number {
    if (this.#counts.size === 0) return Number.POSITIVE_INFINITY;
    while (!this.#counts.has(this.#slowest)) this.#slowest += 1;
    return this.#slowest;
  }
}
