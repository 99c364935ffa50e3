// The tasks by name.

import type {Task} from './task.ts';
import {task as clears} from './tasks/clears.ts';
import {task as evicting} from './tasks/evicting.ts';
import {task as growth} from './tasks/growth.ts';
import {task as hits} from './tasks/hits.ts';
import {task as memory} from './tasks/memory.ts';
import {task as million} from './tasks/million.ts';
import {task as misses} from './tasks/misses.ts';
import {task as streams} from './tasks/streams.ts';
import {task as together} from './tasks/together.ts';
import {task as variants} from './tasks/variants.ts';

export const tasks = {
  hits,
  misses,
  together,
  clears,
  evicting,
  growth,
  memory,
  streams,
  million,
  variants,
} as const satisfies Readonly<Record<string, Task>>;

export type TaskName = keyof typeof tasks;
