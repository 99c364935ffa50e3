import {parseCacheGroups} from '../fields/cache-groups.ts';
import {sharing} from '../fields/remembered.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {NominatedField, StoredResponse} from '../model/stored-response.ts';
import type {EpochMs} from '../model/units.ts';
import {withDate} from '../policy/dating.ts';
import {factsOf} from '../policy/facts.ts';
import {nominatedFields, unseenClient} from '../policy/nominating.ts';
import {directivesInForce, directivesReceived} from '../policy/overriding.ts';
import {storedPartition} from '../policy/partitioning.ts';
import {storedFields} from '../policy/stored-fields.ts';
import {tagsOf} from '../policy/tagging.ts';
import type {ExchangeFacts} from './exchange.ts';

/** Most resources have the same few keys, and the key holds the nominated fields. */
const shareKey = sharing<readonly NominatedField[]>();

/**
 * The stored response that an answer becomes; `id` names its bytes.
 *
 * A part has a key of its own for each beginning, so that parts live side by side until something joins them.
 *
 * @see RFC 9111 §3, §3.3, §4.1
 */
export function storedFrom(
  exchange: ExchangeFacts,
  response: ResponseHead,
  responseTime: EpochMs,
  id: string,
): StoredResponse {
  const {request, policy, requestTime, began} = exchange;
  const directives = directivesReceived(response, policy);
  const nominated = nominatedFields(request, response, policy);
  const {method, variant} = request.head;
  const partition = storedPartition(request, directives, policy);
  const client = unseenClient(request, nominated);
  const dated = forKeeping(withDate(response, responseTime));
  const facts = factsOf(dated, policy, requestTime, responseTime);
  const part = facts.range === undefined ? [] : [facts.range.first];
  const name = JSON.stringify([method, partition, request.content, variant, client, nominated, ...part]);
  const [key, sharedFields] = shareKey(name, nominated);
  return {
    id,
    resource: request.resource,
    url: request.url,
    key,
    method,
    partition,
    content: request.content,
    variant,
    client,
    nominated: sharedFields,
    head: {
      ...dated,
      url: response.redirected ? response.url : request.url,
      fields: storedFields(dated.fields, directivesInForce(response, policy), policy),
    },
    requestTime,
    responseTime,
    began,
    tags: tagsOf(response, policy),
    groups: parseCacheGroups(response.fields, 'cache-groups'),
    facts,
    size: 0,
    expired: false,
    lastUsed: responseTime,
  };
}

const forKeeping = (head: ResponseHead): ResponseHead => ({...head, fields: head.fields.kept()});
