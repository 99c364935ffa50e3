// What the command line asks for.

import {parseArgs} from 'node:util';
import {type ClientName, clients} from './clients/clients.ts';
import type {Setting} from './differences.ts';
import {type ProfileName, profiles} from './profiles.ts';
import {type StoreName, stores} from './stores.ts';

export type Arguments =
  | {
      readonly type: 'run';
      readonly setting: Setting;
      /** Only these tests; all of the profile when there are none. */
      readonly ids: readonly string[];
      /** The file to write the results to. */
      readonly json: string | undefined;
    }
  | {readonly type: 'help'}
  | {readonly type: 'wrong'; readonly message: string};

const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] =>
  Object.keys(table) as Name[];

const allowed = {
  client: namesOf<ClientName>(clients),
  store: namesOf<StoreName>(stores),
  profile: namesOf<ProfileName>(profiles),
  unreachable: ['reject', 'respond'],
} as const;

export const usage: string = `Runs limpid against http-tests/cache-tests, over a real origin on the loopback interface.

  pnpm conformance                      everything a private cache is asked, through fetch
    --client ${allowed.client.join('|')}
    --store ${allowed.store.join('|')}
    --profile ${allowed.profile.join('|')}
    --unreachable ${allowed.unreachable.join('|')}        what a caller gets when the origin cannot be reached
    --id <test>                         only this test and those it depends on; may be repeated
    --json <file>                       also write the results there

The exit code is 0 when every test went as agreed, 1 when one did not, 2 when nothing could be run.`;

const options = {
  client: {type: 'string', default: 'fetch'},
  store: {type: 'string', default: 'memory'},
  profile: {type: 'string', default: 'private'},
  unreachable: {type: 'string', default: 'reject'},
  id: {type: 'string', multiple: true, default: []},
  json: {type: 'string'},
  help: {type: 'boolean', short: 'h'},
} satisfies NonNullable<Parameters<typeof parseArgs>[0]>['options'];

/** Reads the command line. pnpm may hand on a `--` that stands before the arguments. */
export function argumentsOf(given: readonly string[]): Arguments {
  try {
    const {values} = parseArgs({args: given.filter(word => word !== '--'), options});
    if (values.help) return {type: 'help'};
    const setting: Setting = {
      client: oneOf('client', values.client),
      store: oneOf('store', values.store),
      profile: oneOf('profile', values.profile),
      unreachable: oneOf('unreachable', values.unreachable),
    };
    return {type: 'run', setting, ids: values.id, json: values.json};
  } catch (error) {
    return {type: 'wrong', message: error instanceof Error ? error.message : String(error)};
  }
}

function oneOf<Name extends keyof typeof allowed>(name: Name, value: string): (typeof allowed)[Name][number] {
  const found = allowed[name].find(one => one === value);
  if (found !== undefined) return found;
  throw new Error(`--${name} is "${value}"; allowed: ${allowed[name].join(', ')}`);
}
