/** The host of a normalised URL, with its port unless that is the scheme's own. */
const authorityOf = (url: string): string => url.slice(url.indexOf('/') + 2, url.indexOf('/', 'https://'.length));

const ownSchemes: Readonly<Record<string, string>> = {'443': 'https:', '80': 'http:'};

/** Whether a URL's host is this one; the port counts when the host names one, a scheme's own port too. */
export function hostTest(host: string): (url: string) => boolean {
  const [, name, port] = /^(.*):(\d+)$/.exec(host) ?? [];
  // A URL leaves out the port that is its scheme's own.
  const own = port && ownSchemes[port];
  return url => {
    const authority = authorityOf(url);
    if (authority === host) return true;
    return port === undefined
      ? authority.startsWith(`${host}:`)
      : own !== undefined && authority === name && url.startsWith(own);
  };
}
