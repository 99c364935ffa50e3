// Which URLs need no parsing: parsing one takes longer than everything else that is asked of a hit's URL.

/** Letters first in the last label: then it is no number, which would make the host an IPv4 address. */
const name = /(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)*[a-z](?:[a-z\d-]*[a-z\d])?/.source;
const octet = /(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)/.source;
/** Four digits or five: never the scheme's own port, never beyond 65535. */
const port = /:(?:[1-9]\d{3}|[1-5]\d{4})/.source;
/** No `/.`, even escaped: it might be a segment that goes. */
const path = /(?:\/(?!\.|%2e)[\w\-.~!$&'()*+,;=:@%]*)+/.source;
const query = /\?[\w\-.~!$&()*+,;=:@%/?[\]]*/.source;

const normalUrl = new RegExp(`^https?://(?:${name}|${octet}(?:\\.${octet}){3})(?:${port})?${path}(?:${query})?$`);
const escapedDot = /\/%2e/i;
const punycode = /\/\/[^/]*xn--/;

/**
 * The text is a URL over HTTP as the URL Standard would write it, without user information and fragment: parsing it
 * gives the same text. `false` means only that it has to be parsed.
 *
 * @see URL Standard §4.4
 */
export const isNormalUrl = (text: string): boolean =>
  normalUrl.test(text) &&
  !(text.includes('%') && escapedDot.test(text)) &&
  !(text.includes('xn--') && punycode.test(text));
