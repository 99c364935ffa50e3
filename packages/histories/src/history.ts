// What is recorded. All instants are microseconds of the machine's monotonic clock, which its processes share.

/** An instant: microseconds of the monotonic clock. */
export type Micros = number;

export const micros = (): Micros => Number(process.hrtime.bigint() / 1000n);

/** Who asks; `undefined` is nobody in particular. */
export type User = 'ada' | 'bob' | undefined;

/** What a clear or an expiry names, in a form that crosses processes. */
export type Named =
  | {readonly type: 'all'}
  | {readonly type: 'url'; readonly path: string}
  | {readonly type: 'prefix'; readonly path: string}
  | {readonly type: 'origin'}
  | {readonly type: 'tag'; readonly tag: string}
  | {readonly type: 'partition'; readonly user: NonNullable<User>}
  /** By a regular expression over the path's last digit. */
  | {readonly type: 'pattern'; readonly digit: string}
  /** By a predicate over tags. */
  | {readonly type: 'where'; readonly tag: string};

/** One operation of a client, from its call to its end. */
export type Operation = {readonly start: Micros; readonly end: Micros} & (
  | {
      readonly type: 'request';
      readonly path: string;
      readonly user: User;
      readonly number: number;
      readonly isHit: boolean;
    }
  | {readonly type: 'clear' | 'expire'; readonly what: Named}
  /** It rejected, or its body was not what the origin sent. */
  | {readonly type: 'failure'; readonly message: string}
);

/** What the origin did under one number. */
export type Generated = {
  readonly path: string;
  readonly user: User;
  readonly at: Micros;
  /** When it said that this is still current. */
  readonly validated: Micros[];
};

const indexOf = (path: string): number => Number(/\d+$/.exec(path)?.[0] ?? 0);

/** Whether the answers under a path are the same for everybody, and say so. */
export const isEverybodys = (path: string): boolean => indexOf(path) % 7 === 2;

/** Whose the answers under a path are that `user` is given. */
export const ownerOf = (path: string, user: User): User => (isEverybodys(path) ? undefined : user);

/** Which tags a path has. */
export function tagsOf(path: string): readonly string[] {
  const index = indexOf(path);
  return [`remainder-${index % 4}`, index % 2 === 0 ? 'even' : 'odd'];
}

/** Whether a clear or an expiry selects what is stored under a path for somebody. */
export function selects(what: Named, path: string, user: User): boolean {
  switch (what.type) {
    case 'all':
    case 'origin':
      return true;
    case 'url':
      return path === what.path;
    case 'prefix':
      return path.startsWith(what.path);
    case 'tag':
    case 'where':
      return tagsOf(path).includes(what.tag);
    case 'partition':
      return user === what.user;
    case 'pattern':
      return path.endsWith(what.digit);
    default:
      return what satisfies never;
  }
}
