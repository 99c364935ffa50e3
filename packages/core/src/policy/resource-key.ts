// From target URI to the text under which responses are listed. URIs are absolute, normalised, without fragment.
import type {ResourceKey} from '../model/stored-response.ts';

/**
 * What query parameters are called whose values are secrets, wholly or at the end. One too many costs: its value is not shown,
 * and no clear by prefix can name it. So those that turn pages are left out.
 *
 * @see RFC 9111 §7.3
 */
const secretName =
  '(?:auth|code|key|pass|policy|pwd|sid)|[^=&?]*(?:(?:access|api|auth|private|secret|subscription)[-_]?key|authorization|credential|hmac|jwt|passw(?:or)?d|secret|session(?:[-_]?id)?|sig(?:nature)?|(?<!(?:page|next|continuation|sync)[-_]?)token)\\]?';

type Parameter = {readonly name: string; readonly value: string; readonly text: string};

const none: readonly string[] = [];

/** An escaped name, or the `=` after a secret one: without either a query holds no secret. */
const mayHoldSecret = new RegExp(`[?&](?:[^=&?]*[%+]|(?:${secretName})=)`, 'i');
const isSecretName = new RegExp(`^(?:${secretName})$`, 'i');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function parameter(text: string): Parameter {
  const equals = text.indexOf('=');
  if (equals < 0) return {name: decoded(text), value: '', text};
  return {name: decoded(text.slice(0, equals)), value: text.slice(equals + 1), text};
}

const isSecret = ({name, value}: Parameter): boolean => value !== '' && isSecretName.test(name);

/** The URI with each query parameter replaced; those that become `undefined` go. The others keep their text. */
function withParameters(url: string, replace: (given: Parameter) => string | undefined): string {
  const start = url.indexOf('?');
  if (start < 0) return url;
  const search = url.slice(start + 1);
  const replaced = search.split('&').map(text => replace(parameter(text)));
  const left = replaced.filter(text => text !== undefined);
  return left.length === 0 ? url.slice(0, start) : `${url.slice(0, start)}?${left.join('&')}`;
}

/**
 * The URI under which responses are listed: without the query, or without the parameters of it, that a rule ignores.
 *
 * Names of parameters are compared decoded and with regard to case. The order of the others matters.
 *
 * Choice (§2): No-Vary-Search, a draft, is not heeded: which parameters mean nothing, the owner's `ignoreSearch` says.
 *
 * @see RFC 9111 §2
 */
export function resourceKey(url: string, ignoreSearch: true | readonly string[] | undefined): ResourceKey {
  if (ignoreSearch === undefined) return url;
  return withParameters(url, ({name, text}) =>
    ignoreSearch === true || ignoreSearch.includes(name) ? undefined : text,
  );
}

/**
 * The secrets in the query, each once, as they stand in the URI.
 *
 * @see RFC 9111 §7.3
 */
export function secretParameters(url: string): readonly string[] {
  const start = url.indexOf('?');
  if (start < 0 || !mayHoldSecret.test(url)) return none;
  const secrets = url
    .slice(start + 1)
    .split('&')
    .map(parameter)
    .filter(isSecret);
  return [...new Set(secrets.map(({value}) => value))];
}

/**
 * The URI with every secret replaced by its pseudonym.
 *
 * `pseudonyms` must know all that `secretParameters` names: a secret left in place would leak, and one
 * blanked out would let two users share a key, so a missing one is an error.
 *
 * @see RFC 9111 §7.3
 */
export function withoutSecrets(url: string, pseudonyms: ReadonlyMap<string, string>): string {
  if (!mayHoldSecret.test(url)) return url;
  return withParameters(url, given => {
    if (!isSecret(given)) return given.text;
    const pseudonym = pseudonyms.get(given.value);
    if (pseudonym === undefined) throw new TypeError('limpid: a secret query parameter has no pseudonym');
    return `${given.text.slice(0, given.text.indexOf('='))}=${encodeURIComponent(pseudonym)}`;
  });
}
