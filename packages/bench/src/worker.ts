// One subject's process: it prepares once, and then measures one slot whenever it is asked to.

import {request} from 'node:http';
import {text} from 'node:stream/consumers';
import type {Order, Report} from './messages.ts';
import type {Client, Environment} from './subject.ts';
import {loadSubject} from './subjects.ts';
import type {Measure, Task} from './task.ts';
import {tasks} from './tasks.ts';

let measures: Readonly<Record<string, Measure>> = {};
let opened: readonly Client[] = [];

const tell = (report: Report): void => {
  process.send?.(report);
};

/** Asks on a connection of its own, so that no client's sockets are in the way. */
const reachedAt = (origin: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request(`${origin}/count`, {agent: false}, response => {
      text(response).then(count => resolve(Number(count)), reject);
    })
      .on('error', reject)
      .end();
  });

async function prepare(order: Extract<Order, {type: 'prepare'}>): Promise<void> {
  const {origin, options, cached, warmUp} = order;
  const subject = await loadSubject(order.subject);
  const task: Task = tasks[order.task];
  const environment: Environment = {inProcess: false, ...task.environment, cached};
  const reopen = async (changes: Partial<Environment> = {}): Promise<Client> => {
    const client = await subject.open({...environment, ...changes});
    opened = [...opened, client];
    return client;
  };
  const context = {origin, options, environment, reopen, reached: () => reachedAt(origin)};
  measures = await task.prepare(await reopen(), context);
  if (warmUp > 0) for (const one of Object.values(measures)) await one(warmUp);
  tell({type: 'ready', measures: Object.keys(measures), configuration: subject.configuration});
}

async function measure({name, milliseconds}: Extract<Order, {type: 'measure'}>): Promise<void> {
  const measureOf = measures[name];
  if (measureOf === undefined) throw new Error(`it does not measure ${name}`);
  tell({type: 'measured', value: await measureOf(milliseconds)});
}

process.on('message', (order: Order) => {
  const carriedOut = order.type === 'prepare' ? prepare(order) : measure(order);
  carriedOut.catch((error: unknown) => tell({type: 'failed', message: messageOf(error)}));
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

process.on('disconnect', () => {
  // Servers and files of their own are gone before they are.
  void Promise.allSettled(opened.map(async client => client.close?.())).finally(() => process.exit());
});
