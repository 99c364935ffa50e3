// Fetch options that decide which way a request goes: another proxy or agent may bring another answer.

import {onceForEach} from '../fields/remembered.ts';
import {isObject} from '../options/reading.ts';
import {randomName} from '../random-name.ts';

/** A name for an agent: random, so that no other process sharing the store can have the same one for another agent. */
const nameOf = onceForEach((_agent: object) => randomName());

/** Long-lived agents: undici's dispatcher, Deno's HTTP client. */
const agents = ['dispatcher', 'client'] as const;

/** Bun's and workerd's routes; they may hold secrets, or be made anew for each request. */
const others = ['proxy', 'unix', 'tls', 'cf'] as const;

type Routed = {readonly [Name in (typeof agents)[number] | (typeof others)[number] | 'decompress']?: unknown};

/**
 * What to tell requests apart by: `undefined` for those that go the usual way, and `unknown` when the route has no
 * name that could stand in a key.
 */
export function routeOf(init: object): string | undefined {
  const routed = init as Routed;
  // Bun then leaves the content encoded.
  if (routed.decompress === false || others.some(name => isGiven(routed[name]))) return 'unknown';
  const agent = agents.map(name => routed[name]).find(isGiven);
  if (agent === undefined) return undefined;
  return isObject(agent) ? `agent=${nameOf(agent)}` : 'unknown';
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** Those members of `options` that decide the route. */
export function routeMembers(options: object): RequestInit {
  const routed = options as Routed;
  return Object.fromEntries([...agents, ...others].map(name => [name, routed[name]]));
}
