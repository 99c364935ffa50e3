/** @see RFC 9111 §4, §4.2.4, §5.2.1 */
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {anySituation} from '../../test/any.ts';
import {at} from '../../test/builders.ts';
import {unchanging} from '../../test/unchanged.ts';
import {parseAge} from '../fields/age.ts';
import type {DirectiveSeconds, RequestDirectives} from '../fields/cache-control.ts';
import type {CacheRequest} from '../model/cache-request.ts';
import type {CacheMode} from '../model/messages.ts';
import {type Facts, type StoredResponse, shareable} from '../model/stored-response.ts';
import {hasOwnValidation} from '../policy/preconditions.ts';
import type {RequestDecision} from './decisions.ts';
import {decideOnRequest} from './on-request.ts';

/** Every stored response that a decision hands to the caller, parts included. */
const handedOut = (decision: RequestDecision): readonly StoredResponse[] =>
  decision.type === 'reuse' ? [decision.stored, ...(decision.pieces ?? []).map(({stored}) => stored)] : [];

const forcesAnyAge = ({head}: CacheRequest): boolean => head.mode === 'force-cache' || head.mode === 'only-if-cached';

/** The lower of two limits; one that cannot be read is met by nothing. */
const lower = (a: DirectiveSeconds, b: number): DirectiveSeconds => (a === 'invalid' ? a : Math.min(a ?? b, b));
const higher = (a: DirectiveSeconds, b: number): DirectiveSeconds => (a === 'invalid' ? a : Math.max(a ?? b, b));

type Asks = (directives: RequestDirectives) => RequestDirectives;

/** Two ways to ask, the second for something at least as fresh. */
type Demand = readonly [looser: Asks, stricter: Asks];

const maxAge =
  (limit: number): Asks =>
  asks => ({...asks, maxAge: lower(asks.maxAge, limit)});
const minFresh =
  (limit: number): Asks =>
  asks => ({...asks, minFresh: higher(asks.minFresh, limit)});
const same: Asks = asks => asks;

// No max-age of 0: that is how a reload asks, and what `immutable` spares. RFC 8246 §2
const limit = fc.integer({min: 1, max: 90});
const anyDemand: fc.Arbitrary<Demand> = fc.oneof(
  fc.tuple(limit, limit).map(([a, b]): Demand => [maxAge(Math.max(a, b)), maxAge(Math.min(a, b))]),
  fc.tuple(limit, limit).map(([a, b]): Demand => [minFresh(Math.min(a, b)), minFresh(Math.max(a, b))]),
  limit.map((a): Demand => [same, maxAge(a)]),
  limit.map((a): Demand => [same, minFresh(a)]),
  fc.constant<Demand>([same, asks => ({...asks, noCache: true})]),
  // A number is also a bound: it may be stricter than to say nothing, where the response may be served stale by itself.
  fc.constant<Demand>([asks => ({...asks, maxStale: 'any'}), asks => ({...asks, maxStale: undefined})]),
);

describe('whatever is asked and stored', () => {
  test('the decision follows from the arguments alone, and leaves them as they are', () => {
    fc.assert(
      fc.property(anySituation, ({asked, kept, rules, age}) => {
        const decision = unchanging(decideOnRequest, asked, kept, rules, at(age));
        expect(decideOnRequest(asked, kept, rules, at(age))).toEqual(decision);
      }),
    );
  });

  test('there is a decision, whatever the clock says', () => {
    fc.assert(
      fc.property(anySituation, fc.double(), ({asked, kept, rules}, now) => {
        expect(() => decideOnRequest(asked, kept, rules, now)).not.toThrow();
      }),
    );
  });

  test('asking for something fresher gets no older answer, and never one instead of the network', () => {
    fc.assert(
      fc.property(anySituation, anyDemand, ({asked, kept, rules, age}, [looser, stricter]) => {
        const decided = (asks: Asks): RequestDecision =>
          decideOnRequest({...asked, directives: asks(asked.directives)}, kept, rules, at(age));
        const [before, after] = [decided(looser), decided(stricter)];
        if (after.type !== 'reuse') return;
        expect(before.type).toBe('reuse');
        if (before.type === 'reuse') expect(after.age).toBeLessThanOrEqual(before.age);
      }),
      {numRuns: 1000},
    );
  });

  test('nothing of another partition answers, and none of its entity tags is sent', () => {
    fc.assert(
      fc.property(anySituation, ({asked, kept, rules, age}) => {
        const decision = decideOnRequest(asked, kept, rules, at(age));
        const asksAbout = decision.type === 'validate' ? decision.candidates : [];
        for (const {partition} of [...handedOut(decision), ...asksAbout]) {
          expect([asked.partition, shareable]).toContain(partition);
        }
      }),
      {numRuns: 500},
    );
  });

  const anyMode = fc.constantFrom<CacheMode>('default', 'force-cache', 'only-if-cached');

  test('nothing answers after a clear with through, and nothing expired does, whatever the mode and directives', () => {
    fc.assert(
      fc.property(anySituation, anyMode, ({asked, kept, rules, age}, mode) => {
        const forced = {...asked, head: {...asked.head, mode}};
        const decided = (given: CacheRequest, candidates: readonly StoredResponse[]): RequestDecision =>
          decideOnRequest(given, candidates, rules, at(age));
        expect(decided({...forced, through: true}, kept).type).not.toBe('reuse');
        const expired = kept.map(stored => ({...stored, expired: true}));
        expect(decided(forced, expired).type).not.toBe('reuse');
        for (const one of handedOut(decided(forced, kept))) expect(one.expired).toBe(false);
      }),
      {numRuns: 500},
    );
  });

  test('what must be validated is reused by none but a mode that takes any age', () => {
    fc.assert(
      fc.property(anySituation, ({asked, kept, rules, age}) => {
        const decided = (facts: Partial<Facts>): RequestDecision => {
          const bound = kept.map(stored => ({...stored, facts: {...stored.facts, ...facts}}));
          return decideOnRequest(asked, bound, rules, at(age));
        };
        if (forcesAnyAge(asked)) return;
        expect(decided({alwaysValidate: true}).type).not.toBe('reuse');
        const decision = decided({neverStale: true});
        if (decision.type === 'reuse') expect(decision.stale).toBe(false);
      }),
      {numRuns: 500},
    );
  });

  test('an answer is no younger than it was on arrival', () => {
    fc.assert(
      fc.property(anySituation, ({asked, kept, rules, age}) => {
        const decision = decideOnRequest(asked, kept, rules, at(age));
        if (decision.type !== 'reuse') return;
        expect(decision.age).toBeGreaterThanOrEqual(Math.max(0, (at(age) - decision.stored.responseTime) / 1000));
        expect(decision.age).toBeGreaterThanOrEqual(parseAge(decision.stored.head.fields) ?? 0);
      }),
      {numRuns: 500},
    );
  });

  test('no caller without a condition of its own gets a 304', () => {
    fc.assert(
      fc.property(anySituation, ({asked, kept, rules, age}) => {
        const decision = decideOnRequest(asked, kept, rules, at(age));
        if (decision.type !== 'reuse' || hasOwnValidation(asked.head)) return;
        expect(decision.as).not.toBe('not-modified');
      }),
      {numRuns: 500},
    );
  });
});
