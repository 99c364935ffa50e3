// What the command is asked to do.

import {parseArgs} from 'node:util';
import {rows} from './rows.ts';
import {subjectNames} from './subjects.ts';

export type Arguments =
  | {
      readonly type: 'run';
      readonly rows: readonly string[];
      readonly subjects: readonly string[];
      readonly isQuick: boolean;
      readonly json: string | undefined;
      readonly plots: string | undefined;
    }
  | {readonly type: 'help'}
  | {readonly type: 'wrong'; readonly message: string};

export const usage: string = `pnpm bench [options]

  --row NAME       only this row; may be given more than once
                   ${rows.map(({name}) => name).join(', ')}
  --subject NAME   only this subject beside floors and limpid; may be given more than once
                   ${subjectNames.join(', ')}
  --quick          sees that everything works, in little time; its numbers say nothing
  --json FILE      also write the results there
  --plots FOLDER   also draw there

The exit code is 0 when everything could be measured, whatever came out, 1 when not, 2 for wrong options.`;

const options = {
  row: {type: 'string', multiple: true, default: []},
  subject: {type: 'string', multiple: true, default: []},
  quick: {type: 'boolean', default: false},
  json: {type: 'string'},
  plots: {type: 'string'},
  help: {type: 'boolean', short: 'h'},
} satisfies NonNullable<Parameters<typeof parseArgs>[0]>['options'];

/** Reads the command line. pnpm may hand on a `--` that stands before the arguments. */
export function argumentsOf(given: readonly string[]): Arguments {
  try {
    const {values} = parseArgs({args: given.filter(word => word !== '--'), options});
    if (values.help) return {type: 'help'};
    known(
      'row',
      values.row,
      rows.map(({name}) => name),
    );
    known('subject', values.subject, subjectNames);
    const {row, subject, quick, json, plots} = values;
    return {type: 'run', rows: row, subjects: subject, isQuick: quick, json, plots};
  } catch (error) {
    return {type: 'wrong', message: error instanceof Error ? error.message : String(error)};
  }
}

function known(name: string, given: readonly string[], allowed: readonly string[]): void {
  const unknown = given.find(one => !allowed.includes(one));
  if (unknown !== undefined) throw new Error(`--${name} is "${unknown}"; allowed: ${allowed.join(', ')}`);
}
