// Reads selections. Nobody selects everything by accident: whatever is empty, undefined or unknown throws.

import {complaint, isPlain, tagOf} from '../complaint.ts';
import type {UrlTest} from '../model/condition-tests.ts';
import type {EpochMs} from '../model/units.ts';
import {secretParameters} from '../policy/resource-key.ts';
import {type Duration, parseDurationText} from './duration.ts';
import {
  type Reader,
  type ReadersOf,
  readAs,
  readConditions,
  readFlag,
  readFunction,
  readMethod,
  readStatus,
  readText,
} from './reading.ts';
import {
  isPattern,
  isRequest,
  isUrl,
  type Pattern,
  readHost,
  readOrigin,
  readPattern,
  readPrefix,
  readUrl,
  type Target,
} from './target.ts';
import type {StoredView} from './views.ts';

/** Conditions on a stored response; all that are given hold. URIs are seen with secret values replaced. */
export type SelectionConditions = {
  /** A literal URL: every method, variant, body and partition stored under it. A fragment is ignored. */
  readonly url?: string | URL;
  /** How the URI begins, as text: `…/users` also covers `…/users2`. */
  readonly prefix?: string | URL;
  /** Scheme, host and port, like `https://api.example`. */
  readonly origin?: string | URL;
  /** A host like `api.example`, on every port unless it names one. */
  readonly host?: string;
  readonly pattern?: Pattern;
  readonly method?: string;
  /** One of its tags, by rule, request or `tagFields`. */
  readonly tag?: string;
  /** Whose it is: a name given by the option `partition`, or what `cache.partitionOf(request)` says. */
  readonly partition?: string;
  readonly status?: number;
  /**
   * Whether it is past its freshness lifetime or expired, judged when the selection is made. What is still on its way then
   * cannot be judged, and is selected either way.
   */
  readonly stale?: boolean;
  /** Received or last validated before then: a `Date`, or text like `'7d'` for that long ago. */
  readonly storedBefore?: Date | Exclude<Duration, number>;
  /** Did not answer a request since then: a `Date`, or text like `'7d'` for that long ago. */
  readonly unusedSince?: Date | Exclude<Duration, number>;
  /** Whatever else; sees a view that changes nothing. Synchronous. */
  readonly where?: (stored: StoredView) => boolean;
};

/**
 * Names stored responses.
 *
 * A URL means all that is stored under it; a pattern all whose URI it accepts; a `Request` what that very request
 * would be answered with, sent without `limpid` and through an adapter without defaults; conditions all for which
 * every one holds; an array whatever any member means, and nothing when it is empty. Everything is `{all: true}`, and
 * only that.
 */
export type Selection = Target | Request | {readonly all: true} | SelectionConditions | readonly Selection[];

/** What a selection is read with. */
export type Surroundings = {
  readonly now: EpochMs;
  /** What relative URLs are resolved against. */
  readonly base: string | undefined;
  /** How error messages call the selection. */
  readonly path: string;
};

/** One alternative of a selection, read and valid, not yet in a store's terms. */
export type ParsedClause =
  | {readonly type: 'all'}
  | {readonly type: 'request'; readonly request: Request}
  | {readonly type: 'conditions'; readonly conditions: ParsedConditions};

/** Conditions in absolute terms: normalised URLs, instants. */
export type ParsedConditions = {
  readonly url?: string;
  readonly prefix?: string;
  readonly origin?: string;
  readonly host?: string;
  readonly pattern?: UrlTest;
  readonly method?: string;
  readonly tag?: string;
  readonly partition?: string;
  readonly status?: number;
  readonly stale?: boolean;
  readonly storedBefore?: EpochMs;
  readonly unusedSince?: EpochMs;
  readonly where?: (stored: StoredView) => boolean;
};

const allowed = 'a URL, a Request, a pattern, {all: true}, conditions like {tag: "users"}, or an array of them';

/** A prefix is compared with URIs whose secrets are replaced: one that holds a secret would quietly select nothing. */
function readPublicPrefix(base: string | undefined): Reader<string> {
  const read = readPrefix(base);
  return (value, path) => {
    const prefix = read(value, path);
    if (secretParameters(prefix).length === 0) return prefix;
    throw new TypeError(
      `limpid: ${path} holds a secret query parameter; allowed: select by url, or by a shorter prefix`,
    );
  };
}

const readPartitionName: Reader<string> = readAs(
  value => typeof value === 'string',
  'the name of a partition; "" is nobody\'s',
);

function readInstant(now: EpochMs): Reader<EpochMs> {
  return (value, path) => {
    if (tagOf(value) === 'Date') {
      const time = (value as Date).getTime();
      if (!Number.isNaN(time)) return time;
    }
    const ago = typeof value === 'string' ? parseDurationText(value) : undefined;
    if (ago === undefined)
      throw complaint(path, value, 'a valid Date, or text like "90s", "5m", "7d" for that long ago');
    return now - ago * 1000;
  };
}

const conditionReaders = (now: EpochMs, base: string | undefined): ReadersOf<ParsedConditions> => ({
  url: readUrl(base),
  prefix: readPublicPrefix(base),
  origin: readOrigin,
  host: readHost,
  pattern: readPattern,
  method: readMethod,
  tag: readText,
  partition: readPartitionName,
  status: readStatus,
  stale: readFlag,
  storedBefore: readInstant(now),
  unusedSince: readInstant(now),
  where: readFunction<(stored: StoredView) => boolean>('a function of the stored response that returns true or false'),
});

/** `{all: true}` stands alone: with conditions beside it, either they or it would be ignored. */
function parseAll({all, ...beside}: Readonly<Record<string, unknown>>, path: string): ParsedClause {
  if (all !== true) throw complaint(`${path}.all`, all, 'true');
  const [condition] = Object.keys(beside);
  if (condition === undefined) return {type: 'all'};
  throw new TypeError(`limpid: ${path}.all stands beside ${condition}; allowed: {all: true} alone`);
}

function parseClause(value: unknown, {now, base, path}: Surroundings): ParsedClause {
  if (isRequest(value)) return {type: 'request', request: value};
  if (typeof value === 'string' || isUrl(value)) {
    return {type: 'conditions', conditions: {url: readUrl(base)(value, path)}};
  }
  if (isPattern(value) && !(isPlain(value) && Object.keys(value).length > 1)) {
    return {type: 'conditions', conditions: {pattern: readPattern(value, path)}};
  }
  if (isPlain(value) && Object.hasOwn(value, 'all')) return parseAll(value, path);
  return {type: 'conditions', conditions: readConditions(value, path, conditionReaders(now, base), allowed)};
}

/** Reads a selection, nested arrays included; throws a `TypeError` that names the first mistake. */
export function parseSelection(selection: unknown, surroundings: Surroundings): readonly ParsedClause[] {
  if (!Array.isArray(selection)) return [parseClause(selection, surroundings)];
  return selection.flatMap((member: unknown, index) =>
    parseSelection(member, {...surroundings, path: `${surroundings.path}[${index}]`}),
  );
}
