/**
 * What all who ask before the next microtask have in common: made by the first of them, over once the last has asked, which
 * is when `asked` resolves.
 */
export function together<Shared>(begin: (asked: Promise<void>) => Shared): () => Shared {
  let current: Shared | undefined;
  const end = (): void => {
    current = undefined;
  };
  return () => {
    current ??= begin(Promise.resolve().then(end));
    return current;
  };
}
