// What is known of methods (RFC 9110's, and QUERY) and of statuses. Methods are case-sensitive.
import type {Policy} from '../model/policy.ts';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);
/** Responses to these may be stored, whatever a rule declares. */
export const cacheableMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'QUERY']);
const heuristicStatuses: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);
const nullBodyStatuses: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);
const neverStoredStatuses: ReadonlySet<number> = new Set([428, 429, 431, 511]);

// Choice (§5.2.2.3): understood are the statuses RFC 9110 defines, without 304, which stands for no response.
const understoodStatuses = /^(?:20[0-6]|30[0-357-8]|40\d|41[0-7]|42[126]|50[0-5])$/;

/**
 * The method asks for no change at the origin, so its responses invalidate nothing.
 *
 * @see RFC 9110 §9.2.1
 */
export const isSafe = (method: string): boolean => safeMethods.has(method);

/**
 * Responses to the method may be stored: GET, HEAD, QUERY, and what a rule declares safe.
 *
 * @see RFC 9111 §3
 */
export const isCacheableMethod = (method: string, policy: Policy): boolean =>
  cacheableMethods.has(method) || policy.methods.includes(method);

/**
 * The status may be stored, and its lifetime guessed, without anything else in the response saying so.
 *
 * @see RFC 9110 §15.1
 */
export const isHeuristicallyCacheable = (status: number): boolean => heuristicStatuses.has(status);

/**
 * The cache knows what the status asks of caches.
 *
 * @see RFC 9111 §5.2.2.3
 */
export const isUnderstood = (status: number): boolean => understoodStatuses.test(String(status));

/**
 * The status's own definition forbids storing, whatever the response says.
 *
 * @see RFC 6585 §3, §4, §5, §6
 */
export const isNeverStored = (status: number): boolean => neverStoredStatuses.has(status);

/**
 * A response of this status has no content, not even an empty one.
 *
 * @see RFC 9110 §6.4.1
 */
export const isNullBody = (status: number): boolean => nullBodyStatuses.has(status);
