// What a head tells of the response it belongs to, whether that is new or freshened.
import {parseCacheGroups} from '../fields/cache-groups.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {Policy} from '../model/policy.ts';
import type {StoredResponse} from '../model/stored-response.ts';
import type {EpochMs, Tick} from '../model/units.ts';
import {withDate} from './dating.ts';
import {factsOf} from './facts.ts';
import {nominatedFields, unseenClient} from './nominating.ts';
import {directivesInForce} from './overriding.ts';
import {storedFields} from './stored-fields.ts';
import {tagsOf} from './tagging.ts';

/** When the exchange that brought a head took place. */
export type ExchangeTimes = {readonly requestTime: EpochMs; readonly responseTime: EpochMs; readonly began: Tick};

/** All of a stored response that follows from its head and from the request that was answered. */
export type Described = Pick<
  StoredResponse,
  'client' | 'nominated' | 'head' | keyof ExchangeTimes | 'tags' | 'givenTags' | 'groups' | 'facts' | 'expired'
>;

/** What is stored of a response that has this head. */
export function described(
  request: CacheRequest,
  response: ResponseHead,
  policy: Policy,
  {requestTime, responseTime, began}: ExchangeTimes,
): Described {
  const dated = withDate(response, responseTime);
  const head = {...dated, fields: dated.fields.kept()};
  const nominated = nominatedFields(request, head, policy);
  return {
    client: unseenClient(request, nominated),
    nominated,
    head: {...head, fields: storedFields(head.fields, directivesInForce(head, policy), policy)},
    requestTime,
    responseTime,
    began,
    tags: tagsOf(head, policy),
    ...(policy.tags.length > 0 && {givenTags: policy.tags}),
    groups: parseCacheGroups(head.fields, 'cache-groups'),
    facts: factsOf(head, policy, requestTime, responseTime),
    expired: false,
  };
}
