// Responses put in, or taken out, by hand: the same decisions as for those that come and go by themselves.

import {decideOnRequest, forward} from '../decide/on-request.ts';
import {decideOnResponse} from '../decide/on-response.ts';
import {LimpidError} from '../errors.ts';
import type {FetchInput} from '../fetch-api/fetch-request.ts';
import {bodyOf, checkedResponse, headOf, responseFrom} from '../fetch-api/fetch-response.ts';
import type {Tick} from '../model/units.ts';
import {type ForwardDetail, forwardDetails, notStoredReasons} from '../policy/reasons.ts';
import type {Beginning, Look} from './beginning.ts';
import {lookAt, type NamedOptions} from './naming.ts';
import type {Off, Parts} from './parts.ts';
import {reusedBody, reusedHead, ttlOf} from './reusing.ts';
import {type Arrival, keep, type Stored} from './storing.ts';
import {abortable} from './streams.ts';

/** Stores `response` as if it had just answered `named`. Reads its body to the end; cancels it when it throws. */
export async function put(
  parts: Parts,
  beginning: Beginning,
  named: FetchInput,
  response: Response,
  given?: NamedOptions,
): Promise<void> {
  checkedResponse(response, 'put response');
  try {
    await seed(parts, response, () => lookAt(beginning, named, 'put', given));
  } catch (error) {
    // While it is being read this does nothing: whoever reads it lets go of it.
    response.body?.cancel().catch(() => undefined);
    throw error;
  }
}

async function seed(parts: Parts, response: Response, look: () => Promise<Look | undefined>): Promise<void> {
  const {settings, off, newId, store} = parts;
  if (off() === 'closed') bypassed('closed');
  if (response.bodyUsed || response.body?.locked)
    throw new TypeError('limpid: put response has been read; allowed: an unread Response');
  // Before the content is read: a clear that comes meanwhile holds for this response.
  const beginsAt = store.attempt<Tick | undefined>('tick', undefined, from => from.tick());
  const prepared = await look();
  const began = await beginsAt;
  if (prepared === undefined || began === undefined) return refused('store-failed');
  if (prepared.around !== undefined) return bypassed(prepared.around);
  const {request, resolved, lookup} = prepared;
  const requestTime = settings.now();
  const decision = forward(request, 'uri-miss', undefined, 'maybe');
  const head = headOf(response, request.head.url);
  // Nothing stands in for an error that is put in by hand.
  const candidates = head.status >= 500 ? [] : lookup.candidates;
  const exchange = {request, policy: resolved.policy, decision, candidates, began, requestTime};
  const verdict = decideOnResponse(exchange, head, requestTime, newId());
  const wanted = verdict.effects.find(effect => effect.type === 'put')?.stored;
  if (wanted === undefined) return refused(verdict.notStored ?? 'bypass');
  const kept = keep(parts, wanted, {head, body: await bodyOf(response)}, resolved);
  await readWhileWanted(kept);
  const outcome = await kept.settled;
  if (outcome !== 'stored') return refused(outcome, off());
  for (const effect of verdict.effects)
    if (effect.type === 'update') await store.attempt<unknown>('update', undefined, from => from.update(effect.stored));
}

/** To its end, or to where it proves too long: the rest is cancelled. */
async function readWhileWanted(kept: Arrival): Promise<void> {
  const body = kept.take();
  if (!(body instanceof ReadableStream)) return;
  const reader = body.getReader();
  while (kept.admits() && !(await reader.read()).done);
  await reader.cancel();
}

function bypassed(because: ForwardDetail): never {
  if (because === 'closed') throw new LimpidError('CLOSED', {message: 'put: the cache is closed'});
  const {text, section} = forwardDetails[because];
  throw new LimpidError('NOT_STORABLE', {message: `put: ${text} (${because}, ${section})`});
}

function refused(because: Exclude<Stored, 'stored'>, off?: Off): never {
  if (off === 'closed') bypassed(off);
  const {text, section} = notStoredReasons[because];
  const code = because === 'store-failed' || because === 'full' ? 'PUT_FAILED' : 'NOT_STORABLE';
  throw new LimpidError(code, {message: `put: ${text} (${because}, ${section})`});
}

/** What `named` would be answered with now, without the network; nothing when it would be sent. */
export async function match(
  parts: Parts,
  beginning: Beginning,
  named: FetchInput,
  given?: NamedOptions,
): Promise<Response | undefined> {
  const prepared = await lookAt(beginning, named, 'match', given);
  if (prepared === undefined || prepared.around !== undefined) return undefined;
  const {request, resolved, lookup} = prepared;
  const now = parts.settings.now();
  const decision = decideOnRequest(request, lookup.candidates, resolved.policy, now);
  if (decision.type !== 'reuse') return undefined;
  const body = await reusedBody(parts, request, decision);
  if (body === undefined) return undefined;
  const member = {hit: true, ttl: ttlOf(decision.stored, now)};
  // Let go of when nobody reads it.
  const readable = body instanceof ReadableStream ? abortable(body.getReader()) : body;
  return responseFrom({head: reusedHead(request, decision, resolved.policy.kind, member), body: readable});
}
