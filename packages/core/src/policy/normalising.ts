// When two values of a nominated field mean the same. What is not certain stays different: a miss is cheap, a wrong
// hit is not.
import {isToken, parseList} from '../fields/list.ts';
import {remembered} from '../fields/remembered.ts';

type Weighted = {readonly text: string; readonly weight: number};

/** These hold tokens with weights and nothing case-sensitive. RFC 9110 §12.5.2 to §12.5.4 */
const preferenceFields: ReadonlySet<string> = new Set(['accept-charset', 'accept-encoding', 'accept-language']);

const weightValue = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/**
 * The value by which a nominated field is compared: equal for values of equal meaning, absent for absent.
 *
 * Choice (§4.1): for any field, white space around the commas of a list means nothing; repeated lines were joined
 * before. In Accept and its kin, members are also ordered by weight and written alike, and empty ones mean nothing.
 * Choice (§4.1): in Accept-Language, -Encoding and -Charset members of equal weight have no order (RFC 9110 §12.5.4:
 * whoever means one sends weights). In Accept they keep theirs: servers that choose between HTML and JSON by the order
 * are too many.
 *
 * @see RFC 9111 §4.1, RFC 9110 §12.5
 */
export function normalisedValue(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  return (byPreference.get(name) ?? ofAnyList)(value);
}

const preferences =
  (parse: (member: string) => Weighted | undefined, byRest: ByRest) =>
  (value: string): string => {
    const members = parseList(value);
    const weighted = allOf(members.map(parse));
    return weighted === undefined ? members.join(', ') : formatWeighted(weighted, byRest);
  };

/** Only where a field is known to be a list are its empty members known to mean nothing. */
const hasEmptyMember = /(?:^|,)[ \t]*(?:,|$)/;

/** One request is compared with every variant of its resource. */
const ofAnyList = remembered(value => (hasEmptyMember.test(value) ? value : parseList(value).join(', ')));

/** All members, or `undefined` when one cannot be read: then none is touched. */
function allOf(members: readonly (Weighted | undefined)[]): readonly Weighted[] | undefined {
  const readable = members.filter(member => member !== undefined);
  return readable.length === members.length ? readable : undefined;
}

/**
 * `en-GB;q=0.80` in one part, `text/html;level=1;q=0.5` in two. Only media types have parameters; types and names of
 * parameters know no case, values may.
 */
const memberOf =
  (parts: 1 | 2) =>
  (member: string): Weighted | undefined => {
    // A quoted parameter may hold a semicolon: what quotes are in is no token. Nor is a weight in front of parameters, which
    // belong to no syntax still in force.
    const [range = '', ...parameters] = member.split(';').map(part => part.trim());
    const weight = parseWeight(parameters.at(-1) ?? '');
    const named = (weight === undefined ? parameters : parameters.slice(0, -1)).map(parameterText);
    const names = range.toLowerCase().split('/');
    if (names.length !== parts || !names.every(isToken) || named.includes(undefined)) return undefined;
    return parts === 1 && named.length > 0
      ? undefined
      : {text: [names.join('/'), ...named].join(';'), weight: weight ?? 1};
  };

/** A parameter other than the weight, its name in lower case. */
function parameterText(parameter: string): string | undefined {
  const [name = '', value = '', ...more] = parameter.split('=');
  const isReadable = isToken(name) && isToken(value) && more.length === 0 && name.toLowerCase() !== 'q';
  return isReadable ? `${name.toLowerCase()}=${value}` : undefined;
}

function parseWeight(parameter: string): number | undefined {
  if (!/^q=/i.test(parameter)) return undefined;
  const text = parameter.slice(2);
  return weightValue.test(text) ? Number(text) : undefined;
}

/** The order of members of one weight. */
type ByRest = (a: Weighted, b: Weighted) => number;

const byText: ByRest = (a, b) => Number(a.text > b.text) - Number(a.text < b.text);

const asGiven: ByRest = () => 0;

function formatWeighted(members: readonly Weighted[], byRest: ByRest): string {
  return members
    .toSorted((a, b) => b.weight - a.weight || byRest(a, b))
    .map(({text, weight}) => (weight === 1 ? text : `${text};q=${weight}`))
    .join(', ');
}

/** Clients send the same few values with every request. */
const byPreference: ReadonlyMap<string, (value: string) => string> = new Map([
  ['accept', remembered(preferences(memberOf(2), asGiven))],
  ...Array.from(preferenceFields, name => [name, remembered(preferences(memberOf(1), byText))] as const),
]);
