// Responses put in, or taken out, by hand: the same decisions as for those that come and go by themselves.

import {decideOnRequest} from '../decide/on-request.ts';
import {decideOnResponse} from '../decide/on-response.ts';
import {LimpidError} from '../errors.ts';
import type {FetchCall} from '../fetch-api/fetch-request.ts';
import {bodyOf, headOf, responseFrom} from '../fetch-api/fetch-response.ts';
import {notStoredReasons} from '../policy/reasons.ts';
import type {Beginning} from './beginning.ts';
import type {Parts} from './parts.ts';
import {reusedBody, reusedHead, ttlOf} from './reusing.ts';
import {keep, type Stored} from './storing.ts';

/** Stores `response` as if it had just answered `call`. Reads its body to the end. */
export async function put(parts: Parts, beginning: Beginning, call: FetchCall, response: Response): Promise<void> {
  const {settings, off, newId} = parts;
  if (off() === 'closed') throw new LimpidError('CLOSED', {message: 'put: the cache is closed'});
  const prepared = await beginning.look(call.head, {body: call.body});
  if (prepared === undefined) throw new LimpidError('PUT_FAILED', {message: 'put: the store failed'});
  const {request, resolved, lookup} = prepared;
  const requestTime = settings.now();
  const decision = {
    type: 'forward',
    because: 'uri-miss',
    detail: undefined,
    request: request.head,
    store: 'maybe',
  } as const;
  const exchange = {request, policy: resolved.policy, decision, candidates: [], began: lookup.began, requestTime};
  const verdict = decideOnResponse(exchange, headOf(response, call.head.url), requestTime, newId());
  const stored = verdict.effects.find(effect => effect.type === 'put')?.stored;
  if (stored === undefined) return refused(verdict.notStored ?? 'bypass');
  const kept = keep(parts, stored, {head: headOf(response, call.head.url), body: await bodyOf(response)}, resolved);
  await kept.drain();
  const outcome = await kept.settled;
  if (outcome !== 'stored') refused(outcome);
}

function refused(because: Exclude<Stored, 'stored'>): never {
  const {text, section} = notStoredReasons[because];
  const code = because === 'store-failed' || because === 'full' ? 'PUT_FAILED' : 'NOT_STORABLE';
  throw new LimpidError(code, {message: `put: ${text} (${because}, ${section})`});
}

/** What `call` would be answered with now, without the network; nothing when it would be sent. */
export async function match(parts: Parts, beginning: Beginning, call: FetchCall): Promise<Response | undefined> {
  const prepared = await beginning.look(call.head, {body: call.body});
  if (prepared === undefined || prepared.around !== undefined) return undefined;
  const {request, resolved, lookup} = prepared;
  const now = parts.settings.now();
  const decision = decideOnRequest(request, lookup.candidates, resolved.policy, now);
  if (decision.type !== 'reuse') return undefined;
  const body = await reusedBody(parts, request, decision);
  if (body === undefined) return undefined;
  const member = {hit: true, ttl: ttlOf(decision.stored, now)};
  return responseFrom({head: reusedHead(request, decision, resolved.policy.kind, member), body});
}
