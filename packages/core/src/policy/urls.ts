/** The URL that a text means, by itself or seen from a base; `undefined` when it means none. */
export const parsedUrl = (text: string, base?: string): URL | undefined =>
  URL.canParse(text, base) ? new URL(text, base) : undefined;

export const isSameOrigin = (one: string, other: string): boolean =>
  parsedUrl(one)?.origin === parsedUrl(other)?.origin;
