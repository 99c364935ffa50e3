// The end of a race: everything under way is let go on, and then nothing may hang, leak, or be left behind.

import {getEventListeners} from 'node:events';
import {response} from '../../src/stores/contract-support.ts';
import type {Ask} from './plan.ts';
import {maxBytes, type Race} from './race.ts';

/** Far more turns than any plan needs. */
const patience = 20_000;

/** Lets the race come to its end and looks at what is left. */
export async function end(race: Race): Promise<void> {
  race.heal();
  for (const caller of race.callers) caller.permit(Number.POSITIVE_INFINITY);
  const work = [...race.unsettled];
  await settle(race, () => race.unsettled.size === 0 && !race.callers.some(({stage}) => stage === 'reading'));
  for (const name of work) if (race.unsettled.has(name)) race.world.fault(`promise 6: ${name} hangs`);
  for (const {asked, stage} of race.callers) {
    if (stage === 'reading') race.world.fault(`promise 6: caller ${asked.id} waits for its body for ever`);
  }
  await findsIdle(race);
  findsNoLeftovers(race);
  await findsNothingJoinable(race);
  await findsNothingHeld(race);
  findsNoReservation(race);
}

async function settle({world}: Race, isSettled: () => boolean): Promise<void> {
  for (let turn = 0; turn < patience; turn++) {
    await world.pause(0);
    if (world.waiting > 0) world.release(0);
    else if (isSettled() || world.alarms === 0) return;
    else await world.ring();
  }
  world.fault('the race does not come to an end');
}

async function findsIdle(race: Race): Promise<void> {
  let idle = 0;
  for (const {cache} of race.racers) void cache.idle().then(() => (idle += 1));
  await settle(race, () => idle === race.racers.length);
  if (idle < race.racers.length) race.world.fault('idle() does not resolve');
}

/** A body that nobody holds has been let go, and a caller who is done is listened to no more. */
function findsNoLeftovers({world, origin, callers}: Race): void {
  for (const generation of origin.open) {
    const isHeld = callers.some(({served, stage}) => served === generation && stage === 'unread');
    if (!isHeld) world.fault(`promise 7: the body of #${generation.number} stays open though nobody has it`);
  }
  for (const {asked, stage, signal} of callers) {
    const listeners = getEventListeners(signal, 'abort').length;
    if (stage === 'done' && listeners > 0) world.fault(`promise 7: caller ${asked.id} leaves ${listeners} listeners`);
  }
}

const plain: Ask = {
  cache: 0,
  resource: 0,
  method: 'GET',
  user: 'alice',
  variant: 'x',
  client: 'node',
  mode: 'default',
  directive: undefined,
  conditional: false,
  reading: 'greedy',
  clears: undefined,
};

/** After a clear, every request reaches the origin: no flight is left that it could join. */
async function findsNothingJoinable(race: Race): Promise<void> {
  let cleared = 0;
  const begun = race.world.moment('everything is over');
  for (const {cache} of race.racers) void cache.clear().then(() => (cleared += 1));
  await settle(race, () => cleared === race.racers.length);
  const probes = race.racers.flatMap((_racer, cache) =>
    race.plan.resources.map((_index, resource) => race.ask({...plain, cache, resource})),
  );
  await settle(race, () => probes.every(({stage}) => stage === 'done'));
  for (const {asked, stage, served} of probes) {
    const isAnswered = stage === 'done' && (served === undefined || served.sentAt > begun);
    if (!isAnswered) race.world.fault(`promise 7: ${asked.resource.name} is not asked for afresh in the end`);
  }
  await findsIdle(race);
}

/** Those who never read their bodies leave, and the last bodies go with them. */
async function findsNothingHeld(race: Race): Promise<void> {
  for (const caller of race.callers) if (caller.stage === 'unread') caller.abort();
  await settle(race, () => race.origin.open.size === 0);
  for (const {number} of race.origin.open) race.world.fault(`promise 7: #${number} stays open after everybody left`);
}

/** Room that a body had while it arrived has been given back: what remains takes a body of exactly its size. */
function findsNoReservation({world, memory}: Race): void {
  memory.clear([{type: 'scope', scope: {type: 'all'}}], {action: 'remove', through: false, exact: true});
  const rest = 8_192;
  const sinks = Array.from({length: 4}, (_, index) =>
    memory.put(response({id: `room-${index}`, began: memory.tick()})),
  );
  for (const sink of sinks) sink.write(new Uint8Array((maxBytes - rest) / 4));
  const last = memory.put(response({id: 'room', began: memory.tick()}));
  last.write(new Uint8Array(rest));
  if (last.commit() !== 'stored') world.fault('promise 7: the store keeps room for bodies that never came');
  for (const sink of sinks) sink.abort();
}
