// Freshness, tags and keys by hand: which rules a request meets. What they come to is `resolve-policy.ts`.

import {complaint, isPlain} from '../complaint.ts';
import {urlTests} from '../model/condition-tests.ts';
import {readConditions, readMethod, readRecord} from './reading.ts';
import {type Defaults, type Layer, ruleReaders} from './rule-options.ts';
import {
  isPattern,
  type Pattern,
  readHost,
  readOrigin,
  readPattern,
  readPrefix,
  readTarget,
  readUrl,
  type Target,
} from './target.ts';

/** Conditions on a request; all that are given hold. */
export type RuleConditions = {
  /** A literal absolute URL; a fragment is ignored. */
  readonly url?: string | URL;
  /** How the URL begins, as text: `…/users` also covers `…/users2`. */
  readonly prefix?: string | URL;
  /** Scheme, host and port, like `https://api.example`. */
  readonly origin?: string | URL;
  /** A host like `api.example`, on every port unless it names one. */
  readonly host?: string;
  readonly pattern?: Pattern;
  readonly method?: string;
};

/** The requests a rule is for: a target, conditions, or any of several. URLs are seen as sent, secrets included. */
export type RuleFor = Target | RuleConditions | readonly RuleFor[];

/** What to decide for some requests. For each option the first rule that is for the request *and sets it* wins. */
export interface Rule extends Defaults {
  /** Which requests it is for. Default: all of them. */
  readonly for?: RuleFor;
}

/** Whether a request is meant. */
type RequestTest = (method: string, url: string) => boolean;

/** A rule ready to be asked. */
export type CompiledRule = {readonly matches: RequestTest; readonly layer: Layer};

const conditionReaders = {
  url: readUrl(),
  prefix: readPrefix(),
  origin: readOrigin,
  host: readHost,
  pattern: readPattern,
  method: readMethod,
} as const;

const forAllowed = 'an absolute URL, a pattern with test(url), conditions, or an array of them';

function compileConditions(value: unknown, path: string): RequestTest {
  const given = readConditions(value, path, conditionReaders, forAllowed);
  const {url, pattern, method, ...others} = given;
  const tests = urlTests({...others, ...(pattern !== undefined && {pattern: {test: pattern}})});
  return (askedMethod, askedUrl) =>
    (method === undefined || method === askedMethod) &&
    (url === undefined || url === askedUrl) &&
    tests.every(test => test(askedUrl));
}

function compileFor(value: unknown, path: string): RequestTest {
  if (Array.isArray(value)) {
    const tests = value.map((member: unknown, index) => compileFor(member, `${path}[${index}]`));
    return (method, url) => tests.some(test => test(method, url));
  }
  if (isPlain(value) && !(isPattern(value) && Object.keys(value).length === 1)) return compileConditions(value, path);
  const test = readTarget(value, path);
  return (_, url) => test(url);
}

function compileRule(value: unknown, path: string): CompiledRule {
  const {for: matches = () => true, ...layer} = readRecord(
    value,
    path,
    {for: compileFor, ...ruleReaders},
    'an object of options',
  );
  // An undefined `for` would silently make a rule for some requests one for all.
  if (isPlain(value) && 'for' in value && value.for === undefined) {
    throw complaint(`${path}.for`, undefined, `${forAllowed}; leave it out for all requests`);
  }
  return {matches, layer};
}

/** Reads rules; throws a `TypeError` that names the place of the first mistake. */
export function compileRules(rules: unknown, path = 'rules'): readonly CompiledRule[] {
  if (!Array.isArray(rules)) throw complaint(path, rules, 'an array of rules');
  return rules.map((rule: unknown, index) => compileRule(rule, `${path}[${index}]`));
}
