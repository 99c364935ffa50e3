import {sharing} from '../fields/remembered.ts';
import type {ResponseHead} from '../model/messages.ts';
import type {NominatedField, StoredResponse} from '../model/stored-response.ts';
import type {EpochMs} from '../model/units.ts';
import {described} from '../policy/described.ts';
import {directivesReceived} from '../policy/overriding.ts';
import {storedPartition} from '../policy/partitioning.ts';
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
  const {resource, url, content} = request;
  const {method, variant} = request.head;
  const partition = storedPartition(request, directivesReceived(response, policy), policy);
  const head = {...response, url};
  const told = described(request, head, policy, {requestTime, responseTime, began});
  const {client, nominated, facts} = told;
  const part = facts.range === undefined ? [] : [facts.range.first];
  const name = JSON.stringify([method, partition, content, variant, client, nominated, ...part]);
  const [key, sharedFields] = shareKey(name, nominated);
  return {
    ...told,
    id,
    resource,
    url,
    key,
    method,
    partition,
    content,
    variant,
    nominated: sharedFields,
    size: 0,
    lastUsed: responseTime,
  };
}
