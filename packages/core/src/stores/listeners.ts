/** Whoever wants to be told. Telling must not fail: listeners do not throw. */
export class Listeners<Told> {
  readonly #listeners = new Set<(told: Told) => void>();

  /** Call the result to stop. */
  add(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(told: Told): void {
    for (const listener of this.#listeners) listener(told);
  }
}
