// The sequential model: given what happened so far, what may this caller be served? One promise, one function.

import type {Asked, Generation, Ledger, Sweep} from './ledger.ts';
import type {Moment} from './world.ts';

/** What is wrong with serving `answer` to `asked` now; nothing when it may be. */
export function objections(ledger: Ledger, asked: Asked, answer: Generation, now: Moment): readonly string[] {
  return [...overridesSweep(ledger, asked, answer, now), ...belongsToOthers(asked, answer)];
}

/** Promise 2: a clear wins, and what was expired was validated since. */
function overridesSweep(ledger: Ledger, asked: Asked, answer: Generation, now: Moment): readonly string[] {
  return ledger.sweeps
    .filter(sweep => sweep.resolvedAt < asked.beganAt && (sweep.cache ?? asked.cache) === asked.cache)
    .filter(sweep => answer.sentAt < sweep.calledAt && sweep.covers(answer))
    .filter(sweep => sweep.action === 'clear' || !isValidatedSince(ledger, answer, sweep, now))
    .map(
      sweep =>
        `promise 2: #${answer.number} (sent ${answer.sentAt}) outlived ${sweep.what} (${sweep.calledAt}–${sweep.resolvedAt})`,
    );
}

const isValidatedSince = ({validations}: Ledger, answer: Generation, sweep: Sweep, now: Moment): boolean =>
  validations.some(
    ({resource, etag, sentAt, answeredAt}) =>
      resource === answer.resource &&
      etag === answer.etag &&
      sentAt >= sweep.calledAt &&
      answeredAt !== undefined &&
      answeredAt <= now,
  );

/** Promise 3: nobody else's data, nor another resource's, variant's or client kind's. */
function belongsToOthers(asked: Asked, answer: Generation): readonly string[] {
  const wrong: string[] = [];
  const {resource} = answer;
  if (resource !== asked.resource) wrong.push(`the resource ${resource.name}`);
  if (answer.user !== asked.user && !resource.shared) wrong.push(`${answer.user}'s data`);
  if (resource.varies === 'variant' && answer.variant !== asked.variant) wrong.push(`the variant ${answer.variant}`);
  if (resource.varies === 'client' && answer.client !== asked.client) wrong.push(`the client kind ${answer.client}`);
  if (answer.method !== asked.method && !(answer.method === 'GET' && asked.method === 'HEAD')) {
    wrong.push(`the method ${answer.method}`);
  }
  const isPrivate = answer.method === 'POST' || resource.name === 'secret' || answer.status === 503;
  if (isPrivate && answer.caller !== asked.id) wrong.push(`the answer to caller ${answer.caller} alone`);
  return wrong.map(what => `promise 3: #${answer.number} is ${what}`);
}
