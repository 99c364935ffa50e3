/** What the command line asks for. */
export type Arguments =
  | {readonly type: 'story'}
  | {readonly type: 'url'; readonly url: URL}
  | {readonly type: 'help'}
  | {readonly type: 'wrong'; readonly message: string};

export const usage = `Shows one HTTP cache behind ky, axios and fetch.

  pnpm start                     tell the whole story against an origin of its own
  pnpm start -- <URL>            ask this http(s) URL instead, reading only
  pnpm start -- --help           this text

Colours are for terminals; NO_COLOR=1 turns them off. The exit code is 0 when everything went as it should, 1 when not
or when the URL cannot be reached, 2 for wrong arguments.`;

const wrong = (message: string): Arguments => ({type: 'wrong', message});

/** Reads the command line. pnpm hands on the `--` that stands before the arguments. */
export function argumentsOf(given: readonly string[]): Arguments {
  const [first, ...rest] = given.filter(word => word !== '--');
  if (first === undefined) return {type: 'story'};
  if (first === '--help' || first === '-h') return {type: 'help'};
  if (first.startsWith('-')) return wrong(`There is no option ${first}.`);
  if (rest.length > 0) return wrong('One URL at a time, please.');
  const url = URL.canParse(first) ? new URL(first) : undefined;
  if (url === undefined) return wrong(`"${first}" is not a URL; one looks like https://example.com/path.`);
  if (!/^https?:$/.test(url.protocol)) return wrong(`${url.protocol}// cannot be asked; http:// and https:// can.`);
  if (url.username !== '' || url.password !== '') return wrong('fetch refuses URLs with a user name or a password.');
  return {type: 'url', url};
}
