/**
 * Whether a predicate of the user's selects something. One that throws cannot vouch for anything, so it does: to refuse a
 * response too many, or to ask the origin once too often, is safe.
 */
export function selects<Given extends readonly unknown[]>(
  test: (...given: Given) => boolean,
  ...given: Given
): boolean {
  try {
    return test(...given);
  } catch {
    return true;
  }
}
