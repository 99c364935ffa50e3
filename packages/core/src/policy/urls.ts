/** The URL that a text means, by itself or seen from a base; `undefined` when it means none. */
export const parsedUrl = (text: string, base?: string): URL | undefined =>
  URL.canParse(text, base) ? new URL(text, base) : undefined;

/** The URI without fragment and user information, neither of which a target URI has. */
export function targetUri(url: URL): string {
  url.hash = '';
  url.username = '';
  url.password = '';
  return url.href;
}

/** Two texts that mean URLs of one origin. What means no URL has none. */
export function isSameOrigin(one: string, other: string): boolean {
  const origin = parsedUrl(one)?.origin;
  return origin !== undefined && origin === parsedUrl(other)?.origin;
}
