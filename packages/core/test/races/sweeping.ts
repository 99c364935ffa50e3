// Selections, twice: as an application writes them, and as what they mean to the model.

import type {Selection} from '../../src/index.ts';
import type {Generation} from './ledger.ts';
import type {Choice} from './plan.ts';
import {type Resource, resources, type User} from './resources.ts';

/** What to clear, and which answers that covers. */
export type Swept = {readonly selection: Selection; readonly covers: (answer: Generation) => boolean};

/** The names of users' partitions, as the cache itself tells them. */
export type Partitions = ReadonlyMap<User, string>;

/** The credentials that make a user. */
export function credentialsOf(user: User): Readonly<Record<string, string>> {
  if (user === 'nobody') return {};
  return user === 'carol' ? {cookie: `id=${user}`} : {authorization: `Bearer ${user}`};
}

const isEven = (number: number): boolean => number % 2 === 0;

/** Who may share an answer: everybody, once it was given to somebody; what nobody asked for stays nobody's. */
const isShared = ({resource, user}: Generation): boolean => resource.shared && user !== 'nobody';

/** Answers that users share lie in no user's partition. */
const isOf =
  (user: User) =>
  (answer: Generation): boolean =>
    answer.user === user && !isShared(answer);

export function meaningOf(
  {by, resource: index, user}: Choice,
  involved: readonly number[],
  partitions: Partitions,
): Swept {
  const resource = involvedResource(index, involved);
  const {url} = resource;
  const {origin, host} = new URL(url);
  const partition = partitions.get(user) ?? '';
  const [tag = '', kind = ''] = resource.tags;
  const isThis = (answer: Generation): boolean => answer.resource === resource;
  const isHere = (answer: Generation): boolean => new URL(answer.resource.url).origin === origin;
  switch (by) {
    case 'all':
      return {selection: {all: true}, covers: () => true};
    case 'url':
      return {selection: url, covers: isThis};
    case 'tag':
      return {selection: {tag: kind}, covers: answer => answer.resource.tags.includes(kind)};
    case 'partition':
      return {selection: {partition}, covers: isOf(user)};
    case 'origin':
      return {selection: {origin}, covers: isHere};
    case 'prefix':
      return {selection: {prefix: `${origin}/`}, covers: isHere};
    case 'host':
      return {selection: {host}, covers: isHere};
    case 'pattern':
      return {selection: new RegExp(`/${resource.name}$`), covers: isThis};
    case 'method':
      return {selection: {method: 'GET'}, covers: answer => answer.method === 'GET'};
    case 'status':
      return {selection: {status: 200, url}, covers: answer => isThis(answer) && answer.status === 200};
    case 'where':
      return {
        selection: {where: ({headers}) => isEven(Number(headers.get('x-number') ?? 1))},
        covers: answer => answer.method === 'GET' && isEven(answer.number),
      };
    case 'url-of-user':
      return {selection: {url, partition}, covers: answer => isThis(answer) && isOf(user)(answer)};
    case 'tag-where':
      return {selection: {tag, where: ({status}) => status === 200}, covers: isThis};
    case 'list':
      return {selection: [url, {partition}], covers: answer => isThis(answer) || isOf(user)(answer)};
    case 'request':
      return {
        selection: new Request(url, {headers: {...credentialsOf(user), 'x-variant': 'x'}}),
        covers: answer => isThis(answer) && isAnswerTo(answer, user),
      };
    default:
      return by satisfies never;
  }
}

/** What a `Request` of this user, from a client kind of its own, could be answered with. */
function isAnswerTo(answer: Generation, user: User): boolean {
  const {resource, variant, method} = answer;
  if (method !== 'GET' || resource.varies === 'client') return false;
  return (isShared(answer) || isOf(user)(answer)) && (resource.varies === 'nothing' || variant === 'x');
}

/** The resource of this number among those the race is about. */
export function involvedResource(index: number, involved: readonly number[]): Resource {
  const [first] = resources;
  const found = resources[involved[index % involved.length] ?? 0] ?? first;
  if (found === undefined) throw new Error('there are no resources');
  return found;
}
