// Plays the story against the origin and checks every line of it.

import {HttpCache} from 'limpid';
import {clientsOver} from './clients.ts';
import {type OriginProcess, startOrigin} from './origin-process.ts';
import {bold, green, red} from './paint.ts';
import {noteTaker} from './reasons.ts';
import type {Chapter, Outcome, Step, World} from './steps.ts';
import {story} from './story.ts';
import {complaint, header, heading, paragraph, row} from './table.ts';

const statusesOf = (seen: readonly string[]): string => seen.map(line => line.split(' ').at(-1)).join(' ');

/** How many requests reached the origin, and how it answered: `2 × 200`. */
function counted(statuses: string): string {
  if (statuses === '') return '–';
  const all = statuses.split(' ');
  return [...new Set(all)].map(status => `${all.filter(other => other === status).length} × ${status}`).join(', ');
}

async function outcomeOf(step: Step, world: World): Promise<Outcome> {
  try {
    return await step.act(world);
  } catch (error) {
    return {back: 'an error', why: String(error)};
  }
}

function problemsOf(step: Step, back: string, statuses: string): readonly string[] {
  const problems: string[] = [];
  if (back !== step.back) problems.push(`expected back: ${step.back}; came: ${back}`);
  if (statuses !== step.origin) problems.push(`expected at the origin: ${counted(step.origin)}`);
  return problems;
}

/** Plays chapters; returns how many steps went another way than the story says. */
async function play(chapters: readonly Chapter[], world: World): Promise<number> {
  const notes = noteTaker(world.cache);
  let wrong = 0;
  for (const {title, steps} of chapters) {
    heading(title);
    for (const step of steps) {
      const {back, why} = await outcomeOf(step, world);
      await world.cache.idle();
      const statuses = statusesOf(await world.origin.seen());
      row({...step, origin: counted(statuses), back, why: [why, ...notes.taken()].join(' · ')});
      const problems = problemsOf(step, back, statuses);
      for (const problem of problems) complaint(problem);
      if (problems.length > 0) wrong += 1;
    }
  }
  notes.stop();
  return wrong;
}

/** How many steps end in this word, as the story tells it. */
const expected = (source: string): number =>
  story.flatMap(({steps}) => steps).filter(({back}) => back.split(' ')[1] === source).length;

/** Prints the cache's own counts; returns what they should have been otherwise. */
async function summary({cache}: World): Promise<number> {
  const {hits, misses, validations, notModified, collapsed, stored, refused, size} = await cache.stats();
  heading('What it came to, by cache.stats()');
  paragraph(
    `${hits} hits, ${misses} misses (${collapsed} of them joined another), ${validations} validations ` +
      `(${notModified} answered 304), ${stored} stored, ${refused} refused; stored now: ${size?.count}, ${size?.bytes} bytes`,
  );
  const isAsTold = hits === expected('hit') && notModified === expected('validated') && size?.count === 1;
  if (!isAsTold) complaint(`expected ${expected('hit')} hits, ${expected('validated')} times 304, and 1 response left`);
  return isAsTold ? 0 : 1;
}

async function playAgainst(origin: OriginProcess): Promise<number> {
  const cache = new HttpCache();
  const world = {cache, clients: clientsOver(cache), origin};
  paragraph(`ky, axios and fetch over one new HttpCache(), in front of ${origin.api} (its own process)`);
  console.log();
  header();
  const wrong = (await play(story, world)) + (await summary(world));
  await cache.close();
  return wrong;
}

/** Tells the story; resolves with the exit code: 1 when anything went another way. */
export async function tellStory(): Promise<number> {
  const origin = await startOrigin();
  try {
    const wrong = await playAgainst(origin);
    console.log();
    console.log(
      bold(wrong === 0 ? green('Every line went as it should.') : red(`Lines that went another way: ${wrong}.`)),
    );
    return wrong === 0 ? 0 : 1;
  } finally {
    await origin.stop();
  }
}
