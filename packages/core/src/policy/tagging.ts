import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';

const maxTags = 256;
const maxTagLength = 256;

/** Surrogate-Key separates by white space, Cache-Tag by commas; no tag of either holds one of the two. */
const separators = /[\s,]+/;

/**
 * The tags a response can be cleared by: those of its rules, then those in its own tag fields.
 *
 * @see RFC 9111 §4.4
 */
export function tagsOf(response: ResponseHead, policy: Policy): readonly string[] {
  // One list for all, where responses have no tags of their own.
  if (policy.tags.length === 0 && policy.tagFields.length === 0) return policy.tags;
  const named = policy.tagFields.flatMap(name => response.fields.get(name)?.split(separators) ?? []);
  return [...new Set([...policy.tags, ...named])].filter(tag => tag !== '');
}

/**
 * The policy for an update of a stored response: what rules and requests have tagged stays tagged, whoever validates,
 * because the bytes are those that were given these names. What its fields named, they name anew, where they are read.
 */
export function keepingTags(policy: Policy, {tags, givenTags = []}: StoredResponse): Policy {
  const kept = policy.tagFields.length === 0 ? tags : givenTags;
  return kept.length === 0 ? policy : {...policy, tags: [...new Set([...kept, ...policy.tags])]};
}

/**
 * A response with more tags, or longer ones, than a clear should have to look through.
 *
 * Choice (§4.4): it is not stored. Without all of its tags it would outlive a clear.
 *
 * @see RFC 9111 §4.4
 */
export const isOvertagged = (tags: readonly string[]): boolean =>
  tags.length > maxTags || tags.some(tag => tag.length > maxTagLength);
