// The rows. Their goals are those the project has set itself.

import type {Contender, Goal, Row} from './row.ts';
import {growthRows} from './rows/growth.ts';
import {hitRows} from './rows/hits.ts';
import {networkRows} from './rows/network.ts';
import {storeRows} from './rows/store.ts';
import {lastingRows} from './rows/stores.ts';

export const rows: readonly Row[] = [...hitRows, ...networkRows, ...storeRows, ...lastingRows, ...growthRows];

export type {Contender, Goal, Row};
