// What the coordinator and the subjects' processes say to each other.

import type {SubjectName} from './subjects.ts';
import type {Options} from './task.ts';
import type {TaskName} from './tasks.ts';

export type Order =
  | {
      readonly type: 'prepare';
      readonly subject: SubjectName;
      readonly task: TaskName;
      readonly cached: boolean;
      readonly options: Options;
      readonly origin: string;
      /** How long to warm up each measure, in milliseconds. */
      readonly warmUp: number;
    }
  | {readonly type: 'measure'; readonly name: string; readonly milliseconds: number};

export type Report =
  | {readonly type: 'listening'; readonly port: number}
  | {readonly type: 'ready'; readonly measures: readonly string[]; readonly configuration: string}
  | {readonly type: 'measured'; readonly value: number}
  | {readonly type: 'failed'; readonly message: string};
