// The runs whose scores are shown, and what a run's own file says of it.

import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Setting} from '../../packages/conformance/src/differences.ts';
import type {Totals} from '../../packages/conformance/src/report.ts';
import type {Kind} from '../../packages/conformance/src/suite.ts';
import {workspaceRoot} from '../source.ts';
import {type Report, runNode} from '../steps.ts';

/** What became of one test. */
export type TestResult = {
  readonly id: string;
  readonly kind: Kind;
  readonly outcome: 'passed' | 'failed' | 'not run';
  /** Why it was not run. */
  readonly because?: string;
  readonly message?: string;
};

/** One run of the suite, as its file tells it. */
export type Run = Setting & {
  readonly date: string;
  /** The options of its HttpCache, and its store. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly suite: {readonly digest: string};
  readonly totals: Readonly<Record<Kind, Totals>>;
  readonly results: readonly TestResult[];
};

/** The edition of the suite that published scores speak of, and by what its data is known. */
export const edition = {commit: 'b55b8bd', digest: 'sha256:339f06707c35d59f'} as const;

const asItComes: Setting = {client: 'fetch', store: 'memory', profile: 'private', unreachable: 'reject'};

export const settings: readonly Setting[] = [
  asItComes,
  {...asItComes, client: 'ky'},
  {...asItComes, client: 'axios'},
  {...asItComes, unreachable: 'respond'},
  {...asItComes, profile: 'plus'},
  {...asItComes, profile: 'shared'},
];

/** How `pnpm conformance` is asked for a setting; what is left out is its default. */
export const argumentsFor = (setting: Setting): readonly string[] =>
  (Object.keys(asItComes) as (keyof Setting)[])
    .filter(name => setting[name] !== asItComes[name])
    .flatMap(name => [`--${name}`, setting[name]]);

/** The options a run's cache was made with, as one would write them, defaults left out. */
export const optionsOf = ({options}: Run): readonly string[] =>
  Object.entries(options)
    .filter(([name, value]) => !(name in asItComes) || value !== asItComes[name as keyof Setting])
    .map(([name, value]) => `${name}: ${JSON.stringify(value).replaceAll('"', "'")}`);

/** Runs all settings, one after the other: the tests live by the second, and runs side by side would be in each other's way. */
export const runAll = (folder: string, report: Report): readonly Run[] =>
  settings.flatMap((setting, index) => {
    const file = join(folder, `${index}.json`);
    const title = ['pnpm conformance', ...argumentsFor(setting)].join(' ');
    const program = ['--conditions=@limpid/source', 'packages/conformance/src/main.ts'];
    const went = report.ran(title, runNode([...program, ...argumentsFor(setting), '--json', file], workspaceRoot));
    return went ? [JSON.parse(readFileSync(file, 'utf8')) as Run] : [];
  });
