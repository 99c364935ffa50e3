import type {ResponseDirectives} from '../fields/cache-control.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {Policy} from '../model/policy.ts';
import {type Partition, shareable} from '../model/stored-response.ts';
import {isShareable} from './authenticated.ts';

/**
 * Whose the response will be once stored: the requester's, or anyone's when it may be shared.
 *
 * Pass the directives as received. The answer to a request without visible credentials stays with such requests.
 *
 * @see RFC 9111 §3.5, §7.3
 */
export const storedPartition = (request: CacheRequest, directives: ResponseDirectives, policy: Policy): Partition =>
  request.credentialed && isShareable(request, directives, policy) ? shareable : request.partition;
