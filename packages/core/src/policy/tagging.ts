import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';

const maxTags = 64;
const maxTagLength = 256;

/** Surrogate-Key separates by white space, Cache-Tag by commas; no tag of either holds one of the two. */
const separators = /[\s,]+/;

/**
 * The tags a response can be cleared by: those of its rules, then those in its own tag fields.
 *
 * Choice: the first 64 tags of up to 256 characters count. A response must not make clearing expensive.
 *
 * @see RFC 9111 §4.4
 */
export function tagsOf(response: ResponseHead, policy: Policy): readonly string[] {
  // One list for all, where responses have no tags of their own.
  if (policy.tags.length === 0 && policy.tagFields.length === 0) return policy.tags;
  const named = policy.tagFields.flatMap(name => response.fields.get(name)?.split(separators) ?? []);
  const tags = new Set([...policy.tags, ...named].filter(tag => tag !== '' && tag.length <= maxTagLength));
  return [...tags].slice(0, maxTags);
}
